"""What may be done with drafts and filings; each module is one family of use cases.

`drafts` and `submission` are the lawyer's, `review` and `decision` the court's.
"""
