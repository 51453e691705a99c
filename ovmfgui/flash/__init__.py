"""Bytes of an image to structure: files in, firmware volumes, FFS files, sections, reset vector, guest addresses."""
