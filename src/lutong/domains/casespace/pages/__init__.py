"""Pages that gather from all domains: `home`, `lists`, `case` for the lawyer, `desk` for the court."""
