"""What tests stand on: one PostgreSQL, databases cloned from a migrated template, the product, a browser."""
