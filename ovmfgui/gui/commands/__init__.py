"""What the actions do: handlers that are handed a workbench and know no window."""
