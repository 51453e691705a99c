"""Qt item models over the core's immutable objects."""
