"""What a witness is: one kind of place in a CODE image that tells constants of the layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.modules import CodeImage
    from ovmfgui.layout.verdict import Evidence


@dataclass(frozen=True, slots=True)
class Witness:
    """An entry of the table of witnesses.

    Attributes:
        name: what it is.
        hear: what it says of a CODE image; the second argument is what those before it have said.
        source: where edk2 defines what is read.
    """

    name: str
    hear: Callable[[CodeImage, Layout], Iterator[Evidence]]
    source: str
