"""支付: the way out to 微信支付 v3."""
