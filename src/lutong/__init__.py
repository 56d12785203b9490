"""律通: an open-source one-stop litigation service platform for lawyers."""
