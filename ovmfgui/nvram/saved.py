"""Which files this process has written."""

saved: list[str] = []
"""In order. What was saved stays saved, whatever becomes of the line that was to tell of it."""
