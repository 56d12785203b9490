"""短信: messages to the mobile that a person has registered."""
