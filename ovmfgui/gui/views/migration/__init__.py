"""The parts of the migration view."""
