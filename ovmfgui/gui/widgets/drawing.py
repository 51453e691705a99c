"""Which widgets paint a drawing that is worth a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.gui.look.term_hints import explain_terms

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_PROPERTY = "drawing"


def is_drawing(widget: QWidget) -> bool:
    """Whether this one does."""
    return bool(widget.property(_PROPERTY))


def declare_drawing(widget: QWidget) -> None:
    """Say that this one does; the terms in what it draws are explained."""
    widget.setProperty(_PROPERTY, True)
    explain_terms(widget)
