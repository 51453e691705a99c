"""Hosts are documents: added they are opened, and that in front is the one domains come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from ovmfgui.gui.keeping import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QLineEdit

    from ovmfgui.gui.document.document import Document
    from ovmfgui.gui.views.hosts.choosing import Choosing


class InFront(QObject):
    """Follows the documents for the Hosts view, and has them follow it.

    Args:
        document: what is open.
        choosing: both columns of hosts.
        filter_line: above the domains.
    """

    def __init__(self, document: Document, choosing: Choosing, filter_line: QLineEdit) -> None:
        super().__init__(choosing)
        self._document, self._choosing = document, choosing
        self._filter = filter_line
        choosing.added.connect(self._on_added)
        choosing.removed.connect(self._on_removed)
        choosing.source.chosen.connect(self._on_chosen)
        # Before it is told that something has returned, and what it goes to.
        document.inspection_changed.connect(self.follow)

    def follow(self) -> None:
        """Choose the host that is in front."""
        name = self._document.host
        if name and name != self._choosing.source.current:
            self._choosing.take(name)

    def _on_added(self, name: str) -> None:
        self._document.open_host(name, behind=True)

    def _on_removed(self, names: tuple[str, ...]) -> None:
        """What comes to the front instead is none of them: it would be put into the list again."""
        document = self._document
        gone = [each for each in document.all_open if each.host in names]
        for opened in sorted(gone, key=lambda each: each is document.front):
            document.close(opened)

    def _on_chosen(self, name: str) -> None:
        """Another host instead of the one in front; a pair that is in front stays there."""
        if self._document.host:
            self._document.open_host(name)

    def keep(self) -> dict[str, Any]:
        """Where the domains of the host go, and what of them is shown."""
        if not self._document.host:
            return {}
        return {"to": self._choosing.destination.current, "filter": self._filter.text()}

    def take_up(self, kept: Mapping[str, Any]) -> None:
        """Where they went as something else came to the front."""
        host, to = self._document.host, text_of(kept, "to")
        if host and to and to != self._choosing.destination.current:
            self._choosing.choose(host, to)
        if host:
            self._filter.setText(text_of(kept, "filter"))
