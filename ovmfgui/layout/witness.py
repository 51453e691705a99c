"""What a witness is: one kind of place in a CODE image that tells constants of the layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.modules import CodeImage
    from ovmfgui.layout.verdict import Evidence


class Testimony(Protocol):
    """How a witness is heard."""

    def __call__(self, code: CodeImage, known: Layout) -> Iterator[Evidence]:
        """What the witness says; ``known`` is what those before it have said."""


@dataclass(frozen=True, slots=True)
class Witness:
    """An entry of the table of witnesses.

    Attributes:
        name: as evidence names it.
        hear: reads it.
        source: where edk2 defines what is read.
    """

    name: str
    hear: Testimony
    source: str
