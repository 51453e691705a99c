"""The index of the lessons: what each teaches, and how long it takes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtWidgets import QFrame, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.text_page import TextPage
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.migration.scenario.shipped import Chapter, Headline


class OfferPage(TextPage):
    """A title to click for each lesson, by chapter.

    Signals:
        chosen: path of the scenario that is to be played.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chapters: tuple[Chapter, ...] = ()
        self._headlines: tuple[Headline, ...] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setAccessibleName("Lessons")
        self.document().setDocumentMargin(6 * theme.GRID)
        self.anchorClicked.connect(self._on_link)

    def set_chapters(self, chapters: Sequence[Chapter]) -> None:
        """The lessons, the one to begin with first."""
        self._chapters = tuple(chapters)
        self._headlines = tuple(each for chapter in chapters for each in chapter.lessons)
        self._tell()

    def _tell(self) -> None:
        palette = self.palette()
        muted, link = theme.muted(palette).name(), palette.link().color().name()
        whole = sum(each.minutes for each in self._headlines)
        parts = [
            "<h2>What does a live migration do to the flash chips?</h2>"
            f'<p style="color:{muted}">{count(len(self._headlines), "lesson")}, {whole} minutes in '
            "all. Each is played step by step; questions are answered by what then happens.</p>"
        ]
        numbers = {each.name: index for index, each in enumerate(self._headlines)}
        for chapter in self._chapters:
            parts.append(f'<h3 style="margin:18px 0 6px 0">{escape(chapter.title)}</h3>')
            parts += [_lesson(numbers[each.name], each, link, muted) for each in chapter.lessons]
        self.setHtml("".join(parts))

    def changeEvent(self, event: QEvent) -> None:
        """Rich text has its colours in it."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._tell()

    def _on_link(self, url: QUrl) -> None:
        self.chosen.emit(self._headlines[int(url.fragment())].path)


def _lesson(number: int, lesson: Headline, link: str, muted: str) -> str:
    return (
        f'<p style="margin:0 0 10px 0">▶ <a href="#{number}" style="color:{link};'
        f' text-decoration:none"><b>{escape(lesson.title)}</b></a>'
        f' <span style="color:{muted}">&nbsp;{_takes(lesson)}</span><br/>'
        f"{escape(lesson.teaches or lesson.summary)}</p>"
    )


def _takes(lesson: Headline) -> str:
    asked = f" · {count(lesson.questions, 'question')}" if lesson.questions else ""
    return f"{lesson.minutes} min{asked}"
