"""The pages: the lawyer's calendar, the court's board and its scheduling page."""
