"""Decoders: what a variable's value means."""
