"""What a filter line asks for: words, or a pattern between slashes."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRegularExpression

_OPTIONS = (
    QRegularExpression.PatternOption.CaseInsensitiveOption
    # A row's texts stand in lines: ^ and $ are the ends of a cell.
    | QRegularExpression.PatternOption.MultilineOption
)


class Pattern:
    """Texts in which all words occur, in any order and any case, or that match ``/pattern/``.

    Attributes:
        wrong: why the pattern finds nothing, in words; everything is shown then. Empty where it is
            well.
    """

    def __init__(self, text: str) -> None:
        stripped = text.strip()
        self.wrong = ""
        self._words: tuple[str, ...] = ()
        self._expression: QRegularExpression | None = None
        if len(stripped) > 2 and stripped[0] == stripped[-1] == "/":
            self._compile(stripped[1:-1])
        else:
            self._words = tuple(text.casefold().split())

    def _compile(self, said: str) -> None:
        found = QRegularExpression(said, _OPTIONS)
        if found.isValid():
            self._expression = found
            return
        self.wrong = (
            f"This is no pattern yet: {found.errorString()}. All rows are shown; without the "
            "slashes its words are looked for."
        )

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not self._words and self._expression is None

    def matches(self, folded: str) -> bool:
        """Whether a row is one of those asked for; ``folded`` is what it says, by ``casefold``."""
        if self._expression is None:
            return all(word in folded for word in self._words)
        match = self._expression.match(folded)
        if not match.isValid():
            self._expression = None
            self.wrong = (
                "This pattern takes too long here: it can match in too many ways. All rows are "
                "shown; one with fewer + and * inside each other is quicker."
            )
            return True
        return match.hasMatch()


def pattern_of(text: str) -> Pattern:
    """The same one for what asks for the same.

    Whether it takes too long is known once it has been tried.
    """
    stripped = text.strip()
    return _kept(stripped if stripped[:1] == "/" else " ".join(stripped.casefold().split()))


_kept = lru_cache(maxsize=4)(Pattern)
