"""A report as the bytes of a file, in the format that is asked for or that its name asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.layout.report_markdown import report_markdown
from ovmfgui.layout.report_page import report_page

if TYPE_CHECKING:
    from ovmfgui.layout.inspection import Inspection

_MARKDOWN = (".md", ".markdown")


def report_bytes(inspection: Inspection, path: str, form: str = "") -> bytes:
    """The report; ``form`` is ``html`` or ``md``, or empty: as ``path`` ends, else HTML."""
    form = form or ("md" if Path(path).suffix.casefold() in _MARKDOWN else "html")
    if form == "md":
        return report_markdown(inspection).encode("utf-8", "backslashreplace")
    return report_page(inspection).encode("utf-8", "xmlcharrefreplace")
