"""账号与安全: one module per page."""
