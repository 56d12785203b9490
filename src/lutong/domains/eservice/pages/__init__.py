"""Pages of service: the lawyer's inbox, and the court's desk."""
