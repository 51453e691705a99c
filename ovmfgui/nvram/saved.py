"""Which files this process has written."""

saved: list[str] = []
"""In order. What was saved stays saved, whatever becomes of the line that was to tell of it."""

other_names: list[tuple[str, int]] = []
"""Files that had other names (hard links), and how many: those keep what was there before."""
