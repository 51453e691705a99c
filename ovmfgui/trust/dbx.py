"""dbx by its content: which published update it holds, never by its time stamp.

The stamp of Microsoft's updates is always 2010-03-06. The dates are those on which Microsoft added
the entries (resources/dbx.tsv). Updates since 2024 leave out hashes of Windows' loaders that are
revoked by their signer or by an SVN, and some that were withdrawn: these are optional here.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.resources import resource_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Entry(NamedTuple):
    """A published hash: the day it was added, and whether later updates may leave it out."""

    date: str
    optional: bool
    digest: bytes


class Release(NamedTuple):
    """A published update.

    Attributes:
        architecture: that it is for: x64, ia32, aarch64 or arm.
        date: on which its newest entries were added, ISO 8601.
        hashes: how many it holds in all, the optional ones too.
    """

    architecture: str
    date: str
    hashes: int


class Content(NamedTuple):
    """What a dbx holds of the published updates.

    Attributes:
        release: the newest of which all entries are there that have to be; where there is none,
            the newest of which any is.
        missing: how many of its entries are not there, the optional ones aside.
        behind: how many have been added since and are not there, the optional ones aside.
        absent: how many of the newest update are not there, the optional ones too.
    """

    release: Release
    missing: int
    behind: int
    absent: int

    @property
    def up_to_date(self) -> bool:
        """Whether nothing is missing that has to be there."""
        return not self.missing and not self.behind


@cache
def published() -> Mapping[str, tuple[Entry, ...]]:
    """Every published hash, by architecture, oldest first."""
    found: dict[str, list[Entry]] = {}
    for line in resource_text("dbx.tsv").splitlines():
        if line and not line.startswith("#"):
            architecture, date, optional, digest = line.split("\t")
            entry = Entry(date, optional == "1", bytes.fromhex(digest))
            found.setdefault(architecture, []).append(entry)
    return {architecture: tuple(entries) for architecture, entries in found.items()}


@cache
def releases(architecture: str = "x64") -> tuple[Release, ...]:
    """The published updates, oldest first."""
    entries = published()[architecture]
    dates = sorted({each.date for each in entries})
    return tuple(
        Release(architecture, date, sum(each.date <= date for each in entries)) for date in dates
    )


LATEST = Release("x64", "2026-04-09", 443)
"""The newest that is known; a test holds it against the table."""

_SVN_OWNERS = {
    UUID("9d132b61-59d5-4388-ab1c-185c3cb2eb92"): "bootmgr",
    UUID("e8f82e9d-e127-4158-a488-4c18abe2f284"): "cdboot",
    UUID("c999cac2-7ffe-496f-8127-9e2a8a535976"): "wdsmgfw",
}


@lru_cache(maxsize=2)
def content_of(hashes: frozenset[bytes]) -> Content | None:
    """What a dbx holds of the published updates; None where it is nothing of them.

    Of the architectures that is taken of whose entries the greatest share is there.
    """
    there = {
        architecture: sum(each.digest in hashes for each in entries) / len(entries)
        for architecture, entries in published().items()
    }
    architecture = max(there, key=there.__getitem__)
    if not there[architecture]:
        return None
    entries = published()[architecture]
    absent = [each for each in entries if each.digest not in hashes]
    release = _release(architecture, entries, hashes)
    needed = [each for each in absent if not each.optional]
    missing = sum(each.date <= release.date for each in needed)
    return Content(release, missing, len(needed) - missing, len(absent))


def _release(architecture: str, entries: Sequence[Entry], hashes: frozenset[bytes]) -> Release:
    needed = [each for each in entries if not each.optional and each.digest not in hashes]
    first_gap = min((each.date for each in needed), default="9999")
    whole = [each for each in releases(architecture) if each.date < first_gap]
    # An update that adds nothing but optional entries tells nothing by itself.
    dates = {each.date for each in entries if each.digest in hashes}
    held = [each for each in releases(architecture) if each.date in dates]
    known = [each for each in whole if each.date in dates]
    return known[-1] if known else held[-1]


def svn_of(digest: bytes) -> tuple[str, str] | None:
    """Which loader an SVN entry speaks of, and the least version; None where it is a hash.

    Microsoft packs these into SHA-256 signatures: 0x01, a GUID, minor and major in 16 bits each,
    zeros (the published dbx_info, "svns").
    """
    if len(digest) != 32 or digest[0] != 1 or any(digest[21:]):
        return None
    name = _SVN_OWNERS.get(UUID(bytes_le=digest[1:17]))
    if name is None:
        return None
    minor, major = (int.from_bytes(digest[at : at + 2], "little") for at in (17, 19))
    return name, f"{major}.{minor}"
