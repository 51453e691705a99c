"""Gathering findings while reading: bounded, whatever the bytes are."""

from __future__ import annotations

from collections import Counter

from ovmfgui.budgets import MOST_ALIKE
from ovmfgui.finding import Finding, Severity, more_alike
from ovmfgui.span import Place, Span

# Findings of one kind that are listed one by one; what is beyond is counted.


class FindingCollector:
    """Findings in the order they were made, at most 64 of a kind and a count of the rest."""

    def __init__(self, space: int) -> None:
        self._space = space
        self._findings: list[Finding] = []
        self._count: Counter[tuple[str, Severity]] = Counter()
        self._noted = 0

    @property
    def noted(self) -> int:
        """How often something was noted."""
        return self._noted

    def _note(self, severity: Severity, ident: str, text: str, span: Span | None) -> None:
        self._noted += 1
        self._count[ident, severity] += 1
        if self._count[ident, severity] <= MOST_ALIKE:
            place = None if span is None else Place(self._space, span)
            self._findings.append(Finding(ident, severity, text, place))

    def error(self, ident: str, text: str, span: Span | None = None) -> None:
        """Note what makes firmware fail, lose data, or refuse the store."""
        self._note(Severity.ERROR, ident, text, span)

    def warning(self, ident: str, text: str, span: Span | None = None) -> None:
        """Note what works and still ought to be looked at."""
        self._note(Severity.WARNING, ident, text, span)

    def info(self, ident: str, text: str, span: Span | None = None) -> None:
        """Note what is worth knowing."""
        self._note(Severity.INFO, ident, text, span)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was noted."""
        rest = tuple(
            Finding(ident, severity, more_alike(count - MOST_ALIKE, ident))
            for (ident, severity), count in self._count.items()
            if count > MOST_ALIKE
        )
        return (*self._findings, *rest)
