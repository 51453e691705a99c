"""Moved to ovmfgui.nvram.vendors."""

from ovmfgui.nvram.vendors import GLOBAL, IMAGE_SECURITY

__all__ = ["GLOBAL", "IMAGE_SECURITY"]
