"""Volumes, files and sections as a tree."""
