"""Bytes of an image to structure: files in, volumes, FFS files, sections, guest addresses."""
