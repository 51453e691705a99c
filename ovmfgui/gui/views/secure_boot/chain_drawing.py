"""The chain of trust, drawn: columns of cards with arrows from each to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ovmfgui.gui.look import theme
from ovmfgui.gui.views.secure_boot.card import TrustCard
from ovmfgui.gui.widgets.drawing import declare_drawing
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.spoken import Grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QColor, QPaintEvent

    from ovmfgui.layout.verdict import Fit
    from ovmfgui.trust.chain import Card, Link

_GAP = 7 * theme.GRID


class ChainDrawing(QWidget, Grouped):
    """All columns, the binaries last.

    Signals:
        link_chosen: a ``Link`` and one of its ``Card``s.
        binary_chosen: index of a binary.
        choose_wanted: binaries are to be chosen from files.
    """

    link_chosen = Signal(object, object)
    binary_chosen = Signal(object)
    choose_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        declare_drawing(self)
        self.cards: list[TrustCard] = []
        self.binaries: list[TrustCard] = []
        self._heads: list[QWidget] = []
        self._body: QWidget | None = None
        self.setAccessibleName("Chain of trust")
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(*[3 * theme.GRID] * 4)
        self.choose_button = QPushButton("Choose an EFI binary…", self)
        self.choose_button.clicked.connect(lambda: self.choose_wanted.emit())

    def show_chain(
        self, columns: Sequence[Sequence[Link]], binaries: Sequence[tuple[Card, Fit]]
    ) -> None:
        """Draw these links, and what becomes of these binaries."""
        self.choose_button.setParent(self)
        if self._body is not None:
            self._whole.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self.cards, self.binaries, self._heads = [], [], []
        body = self._body = QWidget(self)
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        for links in columns:
            row.addLayout(self._column(links, body), 1)
        row.addLayout(self._binary_column(binaries, body), 1)
        self._whole.addWidget(body)
        self.update()

    def _column(self, links: Sequence[Link], body: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.GRID)
        for number, link in enumerate(links):
            if number:
                column.addSpacing(3 * theme.GRID)
            self._add_head(column, link.title, link.what, body, first=not number)
            for card in link.cards:
                column.addWidget(self._card(link, card, body))
            if not link.cards:
                column.addWidget(_quiet(link.empty, body))
        column.addStretch(1)
        return column

    def _binary_column(self, binaries: Sequence[tuple[Card, Fit]], body: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.GRID)
        self._add_head(column, "Binary", "would it start?", body, first=True)
        for index, (card, fit) in enumerate(binaries):
            made = TrustCard(card, body)
            made.set_mark(fit)
            made.clicked.connect(lambda _on=False, index=index: self.binary_chosen.emit(index))
            self.binaries.append(made)
            column.addWidget(made)
        if not binaries:
            column.addWidget(_quiet("Drop a loader (.efi) here, to see whether it starts.", body))
        self.choose_button.setParent(body)
        column.addWidget(self.choose_button)
        self.choose_button.show()
        column.addStretch(1)
        return column

    def _add_head(
        self, column: QVBoxLayout, name: str, what: str, body: QWidget, *, first: bool
    ) -> None:
        title = PlainLabel(name, body)
        font = title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        title.setFont(font)
        column.addWidget(title)
        column.addWidget(_quiet(what, body))
        if first:
            self._heads.append(title)

    def _card(self, link: Link, card: Card, body: QWidget) -> TrustCard:
        made = TrustCard(card, body)
        made.clicked.connect(lambda _on=False: self.link_chosen.emit(link, card))
        self.cards.append(made)
        return made

    def choose(self, card: Card | None) -> None:
        """Show one card as chosen; None for none."""
        for each in (*self.cards, *self.binaries):
            each.setChecked(each.card is card)

    def mark(self, marks: Mapping[bytes, Fit]) -> None:
        """Say which certificates vouch for the binary that is looked at, or stop it."""
        for each in self.cards:
            each.set_mark(marks.get(each.card.der) if each.card.der else None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and an arrow from each column's head to the next."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self.palette().base())
        ink = theme.accent(self.palette())
        for here, there in zip(self._heads, self._heads[1:], strict=False):
            y = here.mapTo(self, here.rect().center()).y()
            start = there.mapTo(self, there.rect().topLeft()).x() - _GAP + theme.GRID
            _arrow(painter, QPointF(start, y), QPointF(start + _GAP - 2 * theme.GRID, y), ink)
        painter.end()


def _arrow(painter: QPainter, start: QPointF, tip: QPointF, ink: QColor) -> None:
    painter.setPen(QPen(ink, 2))
    painter.drawLine(start, tip - QPointF(6, 0))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    points = [tip, tip + QPointF(-8, -5), tip + QPointF(-8, 5)]
    painter.drawPolygon(QPolygonF(points))


def _quiet(text: str, parent: QWidget) -> QLabel:
    label = PlainLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
