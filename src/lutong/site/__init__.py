"""The top floor: assembles the house; owns no rules."""
