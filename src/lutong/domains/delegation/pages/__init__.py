"""Pages: `assistants` and `granting` for the lawyer, `assisting` for the assistant."""
