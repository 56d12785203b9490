"""The same list served by others, so that a ratio has two sides."""
