"""Signatures: the port behind which keys live, in files by default or in a hardware security module."""
