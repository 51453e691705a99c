"""The table of actions and of views: ids, texts, shortcuts, and when they can be used."""
