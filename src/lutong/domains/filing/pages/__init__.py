"""Pages of 网上立案: `wizard` and `lists` for the lawyer, `desk` for the court."""
