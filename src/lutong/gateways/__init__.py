"""The back doors: one package per outside party (port, real client, stand-in)."""
