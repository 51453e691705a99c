"""Hosts, packages, domains, scenarios and their replay."""
