"""Colours, icons, swatches and the manners of tables and trees."""
