"""Witnesses: what each place in a CODE image says about the store it expects."""
