"""入口: how a lawyer signs in here: licence number, code to the registered mobile, live check, passkey."""
