"""Enrolling a profile of public keys: which one, and what it changes."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QRadioButton,
    QTextBrowser,
    QVBoxLayout,
)

from ovmfgui.finding import Severity
from ovmfgui.gui.look import theme
from ovmfgui.gui.widgets.plain_label import PlainLabel
from ovmfgui.gui.widgets.term_browser import TermBrowser
from ovmfgui.refusal import Refused
from ovmfgui.trust.enrolment_review import EnrolmentReview, review_profile
from ovmfgui.trust.profiles import PROFILES, Profile

if TYPE_CHECKING:
    from PySide6.QtGui import QPalette
    from PySide6.QtWidgets import QWidget

    from ovmfgui.gui.document.document import Document
    from ovmfgui.trust.enrolment_review import KeyChange

_CHOSEN = "microsoft-2011+2023"


class ProfileDialog(QDialog):
    """The profiles, and the review of the one that is chosen.

    Attributes:
        review: what it would do; None where it cannot be done.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.review: EnrolmentReview | None = None
        self._refusal = ""
        self.setWindowTitle("Enrol a profile of keys")
        self.choices = {each.name: QRadioButton(_title(each), self) for each in PROFILES}
        self.text = TermBrowser(self)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.enrol = self.buttons.addButton("&Enrol", QDialogButtonBox.ButtonRole.AcceptRole)
        self._build()
        self.choices[_CHOSEN].setChecked(True)
        self._check()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*[4 * theme.GRID] * 4)
        column.setSpacing(2 * theme.GRID)
        for name, button in self.choices.items():
            button.toggled.connect(self._check)
            column.addWidget(button)
            button.setAccessibleDescription(name)
        title = PlainLabel("What changes", self)
        bold = title.font()
        bold.setBold(True)
        title.setFont(bold)
        column.addSpacing(theme.GRID)
        column.addWidget(title)
        self.text.setAccessibleName("What changes")
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.text.document().setDocumentMargin(2 * theme.GRID)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.text, 1)
        column.addWidget(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.enrol.setToolTip("One edit, which can be undone; nothing is saved yet")
        self.resize(160 * theme.GRID, 120 * theme.GRID)

    @property
    def profile(self) -> Profile:
        """The one that is chosen."""
        return next(each for each in PROFILES if self.choices[each.name].isChecked())

    def _check(self, _on: bool = True) -> None:
        if not any(button.isChecked() for button in self.choices.values()):
            return
        store, index = self._document.store, self._document.store_file
        image = self._document.image
        if store is None or index is None or image is None:
            return
        data, limits = image.spaces[index].data, self._document.limits
        try:
            self.review = review_profile(
                store, data, self.profile, date.today(), limits=limits, compact=True
            )
            self._refusal = ""
        except Refused as refusal:
            self.review, self._refusal = None, str(refusal)
        self.enrol.setEnabled(self.review is not None and not self.review.nothing)
        self._fill()

    def _fill(self) -> None:
        palette = self.palette()
        if self.review is None:
            self.text.setHtml(_line(Severity.ERROR, self._refusal, palette))
        else:
            self.text.setHtml(review_html(self.review, palette))

    def changeEvent(self, event: QEvent) -> None:
        """Rich text has its colours in it."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._fill()


def _title(profile: Profile) -> str:
    return f"{profile.what[0].upper()}{profile.what[1:]}"


def review_html(review: EnrolmentReview, palette: QPalette) -> str:
    """What a profile changes, as rich text."""
    if review.nothing:
        return "<p>Nothing: all of these keys are there already.</p>"
    parts = [_change(each, palette) for each in review.changes]
    if review.leaves_setup_mode:
        text = "The machine leaves setup mode: with CODE that has Secure Boot, what is started "
        parts.append(_line(Severity.WARNING, f"{text}must be signed from then on.", palette))
    if review.pcr7 is not None:
        parts.append(_line(Severity.WARNING, review.pcr7.sentence, palette))
    parts += _gained(review, palette)
    return "".join(parts)


def _change(change: KeyChange, palette: QPalette) -> str:
    muted = theme.muted(palette).name()
    lines = [f"+ {escape(each)}" for each in change.added]
    lines += [
        f'<span style="color:{muted}">= {escape(each)}, is there already</span>'
        for each in change.kept
    ]
    if change.stays:
        lines = [f'<span style="color:{muted}">stays as it is: the machine has an owner</span>']
    grows = ""
    if change.after != change.before:
        grows = f"{change.before:,} → {change.after:,} bytes"
    head = f'<b>{change.name}</b> <span style="color:{muted}">{grows}</span>'
    return f'<p style="margin:0 0 6px 0">{"<br>".join([head, *lines])}</p>'


def _gained(review: EnrolmentReview, palette: QPalette) -> list[str]:
    """What is better than before."""
    was, will = review.before.next_update, review.after.next_update
    said = []
    if will is not None and will.signer_trusted and not (was is not None and was.signer_trusted):
        said.append("dbx updates that are signed from 2026 on will be taken.")
    if "2023" in review.after.generations("db") and "2023" not in review.before.generations("db"):
        said.append("Loaders that are signed with Microsoft's keys of 2023 alone will start.")
    return [_line(None, text, palette) for text in said]


def _line(severity: Severity | None, text: str, palette: QPalette) -> str:
    if severity is None:
        from ovmfgui.layout.verdict import Fit

        style = theme.fit_style(Fit.FITS, palette)
    else:
        style = theme.severity_style(severity, palette)
    return (
        f'<p style="margin:0 0 6px 0"><span style="color:{style.colour.name()}">{style.sign}</span>'
        f" {escape(text)}</p>"
    )
