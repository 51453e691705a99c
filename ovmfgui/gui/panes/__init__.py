"""The panes around the views."""
