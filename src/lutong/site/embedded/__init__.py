"""The embedded default: secrets and a real PostgreSQL 18 of our own, for one machine."""
