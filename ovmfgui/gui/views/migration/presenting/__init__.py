"""A replay shown to a room: the stage fills the screen, the presenter has notes on another."""
