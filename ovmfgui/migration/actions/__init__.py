"""The actions of a scenario: a module for each group, all of them in ``table``."""
