"""What a filter line asks for: words, or a pattern between slashes."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression

_OPTIONS = (
    QRegularExpression.PatternOption.CaseInsensitiveOption
    # A row's texts stand in lines: ^ and $ are the ends of a cell.
    | QRegularExpression.PatternOption.MultilineOption
)


class Pattern:
    """Texts in which all words occur, in any order and any case, or that match ``/pattern/``.

    Attributes:
        wrong: why it is no pattern, in words; everything is shown then. Empty where it is well.
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

    def matches(self, folded: str) -> bool | None:
        """Whether a row is one of those asked for; None where that takes too long to tell.

        Args:
            folded: what the row says, by ``casefold``.
        """
        if self._expression is None:
            return all(word in folded for word in self._words)
        match = self._expression.match(folded)
        return match.hasMatch() if match.isValid() else None


_TOO_LONG = (
    "This pattern takes too long here: it can match in too many ways. All rows are shown; one with "
    "fewer + and * inside each other is quicker."
)


class Filter:
    """What the rows of one table or tree are held against.

    A pattern that takes too long on one row is given up, and everything is shown from then on:
    whoever filters has what was left out before looked at once more.

    Attributes:
        given_up: whether the pattern took too long.
    """

    def __init__(self) -> None:
        self._pattern = Pattern("")
        self._asked = ""
        self.given_up = False

    def ask(self, text: str) -> bool:
        """Ask for something; whether it is another thing than before."""
        stripped = text.strip()
        asked = stripped if stripped[:1] == "/" else " ".join(stripped.casefold().split())
        if asked == self._asked:
            return False
        self._asked, self._pattern, self.given_up = asked, Pattern(asked), False
        return True

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self.given_up or self._pattern.everything

    @property
    def wrong(self) -> str:
        """Why everything is shown though something was asked for; empty where it is not."""
        return _TOO_LONG if self.given_up else self._pattern.wrong

    def takes(self, folded: str) -> bool:
        """Whether a row is shown; ``folded`` is what it says, by ``casefold``."""
        if self.everything:
            return True
        found = self._pattern.matches(folded)
        self.given_up = found is None
        return found is not False
