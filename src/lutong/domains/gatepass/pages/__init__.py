"""Pages of the gates: the lawyer, the tablet at the door, the court."""
