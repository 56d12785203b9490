"""律证码: signed cards of a licence that anyone can verify offline."""
