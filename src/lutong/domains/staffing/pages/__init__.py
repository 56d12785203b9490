"""管理: one module per desk of an administrator."""
