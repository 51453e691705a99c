"""Scenarios: hosts, packages and actions, read from and written to TOML."""
