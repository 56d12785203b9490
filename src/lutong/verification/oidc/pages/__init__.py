"""身份提供方: the authorization page, the endpoints of programs, the person's own list, the operator's list."""
