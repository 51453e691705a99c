"""Text whose terms of the field are explained where they stand: on hover, by a click or a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import (
    QCursor,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from ovmfgui.gui.look.term_hints import help_key
from ovmfgui.gui.widgets.text_page import TextPage
from ovmfgui.help import glossary, terms_in

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEME = "term"
"""Of the links on terms: ``term:FvLength``."""

_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}


class TermBrowser(TextPage):
    """Dots under each term where it stands first.

    Tab passes by, left and right go from term to term, Enter and the help's key
    explain the one that is chosen.

    Signals:
        asked: a term whose place in the glossary is wanted.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._on_anchor)

    def setHtml(self, text: str) -> None:
        """Show rich text, its terms marked."""
        super().setHtml(text)
        mark_terms(self.document())

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms that are marked, in their order."""
        return tuple(term for _start, _end, term in _marked(self.document()))

    # Asking

    def _on_anchor(self, url: QUrl) -> None:
        if url.scheme() == SCHEME:
            self.asked.emit(url.path())

    def _term_at(self, place: QPoint) -> str:
        url = QUrl(self.anchorAt(place))
        return url.path() if url.scheme() == SCHEME else ""

    def _term_here(self) -> str:
        """The term that is chosen, or else the one below the mouse."""
        cursor = QTextCursor(self.textCursor())
        if cursor.hasSelection():
            cursor.setPosition(cursor.selectionStart() + 1)
            url = QUrl(cursor.charFormat().anchorHref())
            if url.scheme() == SCHEME:
                return url.path()
        return self._term_at(self.viewport().mapFromGlobal(QCursor.pos()))

    def event(self, event: QEvent) -> bool:
        """The help's key on a term is not the window's."""
        overrides = event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if overrides and _asks_for_help(self, event) and self._term_here():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The help's key explains the term, left and right go to another."""
        if _asks_for_help(self, event) and self._term_here():
            self.asked.emit(self._term_here())
        elif event.key() in _STEPS and self.terms:
            self._go(_STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _go(self, step: int) -> None:
        """Choose the next term, or the one before."""
        places = [(start, end) for start, end, _term in _marked(self.document())]
        cursor = self.textCursor()
        here = [cursor.selectionStart() == start and cursor.hasSelection() for start, _ in places]
        at = here.index(True) + step if True in here else (0 if step > 0 else -1)
        start, end = places[at % len(places)]
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Leave the text: a lesson's five terms are not five stops on the way through a window."""
        return QTextEdit.focusNextPrevChild(self, forward)

    def viewportEvent(self, event: QEvent) -> bool:
        """What a term means, beside the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            term = self._term_at(event.pos())
            if term:
                text = f"<p><b>{term}</b>: {glossary()[term]}</p>"
                QToolTip.showText(event.globalPos(), text, self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)


def _asks_for_help(widget: QWidget, event: object) -> bool:
    """Whether a key is that of the help; F1 where the window has no key for it."""
    if not isinstance(event, QKeyEvent):
        return False
    return QKeySequence(event.keyCombination()) == QKeySequence(help_key(widget) or "F1")


def mark_terms(document: QTextDocument) -> None:
    """Put dots and a link on each term of the glossary, where it stands first."""
    for start, end, term in terms_in(document.toPlainText()):
        cursor = QTextCursor(document)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        if cursor.charFormat().isAnchor():
            continue
        dotted = QTextCharFormat()
        dotted.setAnchor(True)
        dotted.setAnchorHref(f"{SCHEME}:{term}")
        dotted.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
        cursor.mergeCharFormat(dotted)


def _marked(document: QTextDocument) -> Iterator[tuple[int, int, str]]:
    """Start, end and name of each term that is marked."""
    block = document.begin()
    while block.isValid():
        walk = block.begin()
        while not walk.atEnd():
            fragment = walk.fragment()
            url = QUrl(fragment.charFormat().anchorHref())
            if url.scheme() == SCHEME:
                yield fragment.position(), fragment.position() + fragment.length(), url.path()
            walk += 1
        block = block.next()
