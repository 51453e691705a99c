"""dbx by its content: which published update it holds, never by its time stamp.

The stamp of Microsoft's updates is always 2010-03-06. What follows is told of x64; the dates are
those on which Microsoft added the entries (github.com/microsoft/secureboot_objects, dbx_info).
"""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID


class Release(NamedTuple):
    """A published update.

    Attributes:
        date: on which its entries were added, ISO 8601.
        hashes: how many SHA-256 hashes it holds in all (x64).
        marker: one of those that it added: Authenticode SHA-256, lower-case hex.
    """

    date: str
    hashes: int
    marker: str


RELEASES: tuple[Release, ...] = (
    Release("2018-04-01", 27, "45c7c8ae750acfbb48fc37527d6412dd644daed8913ccd8a24c94d856967df8e"),
    Release("2018-06-01", 33, "10d45fcba396aef3153ee8f6ecae58afe8476a280a2026fc71f6217dcf49ba2f"),
    Release("2020-07-01", 184, "d9668ab52785086786c134b5e4bddbf72452813b6973229ab92aa1a54d201bf5"),
    Release("2021-04-01", 215, "af79b14064601bc0987d4747af1e914a228c05d622ceda03b7a4f67014fee767"),
    Release("2022-08-01", 222, "ca65a9b2915d9a055a407bc0698936349a04e3db691e178419fba701aad8de55"),
    Release("2023-03-01", 224, "6a0e824654b7479152058cf738a378e629483874b6dbd67e0d8c3327b2fcac64"),
    Release("2023-05-01", 375, "f8f38c4febe9d8e45e71a459c5bff171755c348d5f619f3c6ef30a3f8fd02bd1"),
    Release("2024-03-01", 415, "e427068fba7a44c96515c47e9871798284a06397d4c8687dfdafd0738026ddbb"),
    Release("2024-11-01", 416, "cdb7c90d3ab8833d5324f5d8516d41fa990b9ca721fe643fffaef9057d9f9e48"),
    Release("2025-05-07", 430, "6b4328ebcbe46ed9118ff2d4472de329d70ba83016df7a6f50f8af923883bc54"),
    Release("2025-09-02", 431, "e14c88dc48339c0555686849a4e3f8986d558e65c4fc863a1a4f1d40478bd47c"),
    Release("2026-04-02", 432, "d013ba511aee89ba3285d1cac0c9f4f21ef4810873c2ebbffe7712bf0be8ced3"),
    Release("2026-04-09", 443, "96275dfd6282a522b011177ee049296952ac794832091f937fbbf92869028629"),
)
LATEST = RELEASES[-1]
LATEST_SIZE = 21292
"""Bytes of the signature list in the update of x64 of that date: 28 + 443 × 48."""

_SVN_OWNERS = {
    UUID("9d132b61-59d5-4388-ab1c-185c3cb2eb92"): "bootmgr",
    UUID("e8f82e9d-e127-4158-a488-4c18abe2f284"): "cdboot",
    UUID("c999cac2-7ffe-496f-8127-9e2a8a535976"): "wdsmgfw",
}


def release_of(hashes: frozenset[bytes]) -> Release | None:
    """The newest published update whose marker is among these hashes; None where none is."""
    found = [each for each in RELEASES if bytes.fromhex(each.marker) in hashes]
    return found[-1] if found else None


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
