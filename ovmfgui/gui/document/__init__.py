"""What is open: its bytes, selection, edits, tasks, and the settings that outlive it."""
