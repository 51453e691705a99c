"""The window around the views: toolbar, pages, tabs, badge, status bar, pictures."""
