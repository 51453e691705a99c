"""The parts of the Matrix view."""
