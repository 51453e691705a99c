"""The scenarios to choose from, while none has been played."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from ovmfgui.gui.look import theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.migration.scenario.shipped import Headline


class OfferPage(QTextBrowser):
    """A title to click and a sentence or two for each scenario.

    Signals:
        chosen: path of the scenario that is to be played.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headlines: tuple[Headline, ...] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setAccessibleName("Scenarios")
        self.document().setDocumentMargin(6 * theme.GRID)
        self.anchorClicked.connect(self._on_link)

    def set_headlines(self, headlines: Sequence[Headline]) -> None:
        """The scenarios, the one to begin with first."""
        self._headlines = tuple(headlines)
        self._tell()

    def _tell(self) -> None:
        palette = self.palette()
        muted, link = theme.muted(palette).name(), palette.link().color().name()
        parts = ["<h3>What does a live migration do to the flash chips?</h3>"]
        for index, headline in enumerate(self._headlines):
            parts.append(
                f'<p style="margin:0 0 10px 0">▶ <a href="#{index}" style="color:{link};'
                f' text-decoration:none"><b>{escape(headline.title)}</b></a><br/>'
                f'<span style="color:{muted}">{escape(headline.summary)}</span></p>'
            )
        self.setHtml("".join(parts))

    def changeEvent(self, event: QEvent) -> None:
        """Rich text has its colours in it."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._tell()

    def _on_link(self, url: QUrl) -> None:
        self.chosen.emit(self._headlines[int(url.fragment())].path)
