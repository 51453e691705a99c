"""A finding on a file of a package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from ovmfgui.finding import Finding


@dataclass(frozen=True, slots=True)
class PackageFinding:
    """What has changed under a path that domains or managers know.

    Attributes:
        path: as the package calls the file.
        finding: an error where a domain that worked may not work any more.
    """

    path: str
    finding: Finding
