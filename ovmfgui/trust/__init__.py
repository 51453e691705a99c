"""Secure Boot: who is trusted, who is revoked, and whether a binary would start."""
