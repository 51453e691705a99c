"""The box that says what the program is, its version and its license."""

from __future__ import annotations

import platform

from PySide6 import __version__ as qt_version
from PySide6.QtWidgets import QMessageBox, QWidget

from ovmfgui import __version__

_TEXT = """<h3>ovmfgui {version}</h3>
<p>Inspector for the flash of virtual machines that boot UEFI firmware (OVMF, AAVMF).</p>
<p>License: BSD-2-Clause.<br>Python {python}, Qt for Python {qt}.</p>"""


def show_about(parent: QWidget) -> None:
    """A small box with version and license."""
    text = _TEXT.format(version=__version__, python=platform.python_version(), qt=qt_version)
    QMessageBox.about(parent, "About ovmfgui", text)
