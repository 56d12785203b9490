"""Reading drafts and filings: `drafts` for the lawyer, `desk` for the court."""
