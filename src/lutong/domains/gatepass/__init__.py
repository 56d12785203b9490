"""一码通: the code that a lawyer shows at the door, and the gates that read it."""
