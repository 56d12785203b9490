"""Faces of the domain: the lawyer's declaration and his conflict checks."""
