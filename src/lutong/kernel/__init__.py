"""The ground floor: words that every domain speaks."""
