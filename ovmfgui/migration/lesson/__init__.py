"""A replay as a lesson: one self-contained page with its pictures."""
