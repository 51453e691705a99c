"""Secure Boot of what is open: the chain of trust, what has ended, and what would start."""
