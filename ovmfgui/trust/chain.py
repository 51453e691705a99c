"""The chain of trust as it is drawn: who owns the machine, who may change what, what may start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram import vendors
from ovmfgui.trust.dbx import LATEST
from ovmfgui.trust.sbat import SbatLevel
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from ovmfgui.trust.databases import Database, TrustedCertificate
    from ovmfgui.trust.overview import Overview

GENERATION_WORDS = {
    "2011": "Microsoft 2011",
    "2023": "Microsoft 2023",
    "distribution": "distribution",
    "snake-oil": "test key: anyone has it",
    "unknown": "own or unknown",
}
"""A certificate's generation as a person reads it."""


class Card(NamedTuple):
    """One thing that is trusted, or is not.

    Attributes:
        title: its name.
        note: what kind it is, in a few words.
        generation: of a certificate; empty for anything else.
        ended: last day of validity, ISO 8601, where that is over; else empty.
        der: of a certificate; empty for anything else.
        lines: all that is known of it, a line each.
    """

    title: str
    note: str
    generation: str = ""
    ended: str = ""
    der: bytes = b""
    lines: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What a screen reader says."""
        ended = f", ended {self.ended}" if self.ended else ""
        return f"{self.title}, {self.note}{ended}"


class Link(NamedTuple):
    """One variable of the chain.

    Attributes:
        name: of the variable.
        guid: its vendor's.
        what: what being in it means.
        cards: what is in it.
        empty: what it means that nothing is; shown where there are no cards.
    """

    name: str
    guid: UUID
    what: str
    cards: tuple[Card, ...]
    empty: str

    @property
    def title(self) -> str:
        """Its name, and whose it is where that is not firmware."""
        return f"{self.name} (shim)" if self.guid == vendors.SHIM else self.name


def chain_of(seen: Overview) -> tuple[tuple[Link, ...], ...]:
    """The links by column: PK, KEK, db over dbx, and shim's own."""
    return (
        (_link(seen, "PK", "owns the machine; signs changes to KEK", "Nobody: setup mode."),),
        (_link(seen, "KEK", "signs changes to db and dbx", "Nobody but the owner of PK."),),
        (
            _link(seen, "db", "may start", "Nothing that is signed."),
            _link(seen, "dbx", "must not start, whoever signed it", "Nothing is revoked."),
        ),
        (
            _link(seen, "MokList", "what shim lets start besides", "Nothing."),
            _link(seen, "MokListX", "what shim does not start", "Nothing."),
            _sbat(seen),
        ),
    )


def _link(seen: Overview, name: str, what: str, empty: str) -> Link:
    found = seen.databases.get(name)
    cards = () if found is None else tuple(_cards(seen, found))
    guid = {"PK": vendors.GLOBAL, "KEK": vendors.GLOBAL}.get(name, vendors.IMAGE_SECURITY)
    return Link(name, vendors.SHIM if name.startswith("Mok") else guid, what, cards, empty)


def _cards(seen: Overview, found: Database) -> Iterator[Card]:
    # What ended is told of what signs; a certificate in dbx revokes for ever.
    ended = {each.der for each in seen.ended} if found.name in ("PK", "KEK", "db") else set()
    for certificate in found.certificates:
        yield _of_certificate(certificate, ended=certificate.der in ended)
    if found.hashes:
        yield _of_hashes(seen, found)
    for loader, version in found.svns:
        yield Card(f"{loader} {version}", "the least version (SVN)")
    if found.other:
        yield Card(count(found.other, "other signature"), "of a type that is not looked into")


def _of_certificate(certificate: TrustedCertificate, *, ended: bool) -> Card:
    read, known = certificate.read, certificate.known
    words = GENERATION_WORDS[certificate.generation]
    if read is None:
        return Card("Not a certificate", "it cannot be read", "unknown", "", certificate.der)
    lines = [f"Issued by {read.issuer}"]
    if known is not None:
        lines.append(f"Signs {known.signs}")
    lines += [
        f"Valid {read.not_before[:10]} to {read.not_after[:10]}; firmware does not look at that",
        f"SHA-256 {read.sha256}",
        f"Owner {certificate.owner}",
    ]
    over = read.not_after[:10] if ended else ""
    return Card(read.subject, words, certificate.generation, over, certificate.der, tuple(lines))


def _of_hashes(seen: Overview, found: Database) -> Card:
    title = count(len(found.hashes), "hash", "hashes")
    if found.name != "dbx":
        return Card(title, "of binaries")
    revoked = seen.revoked
    if revoked is None:
        return Card(title, "of no update that is known")
    update = f"update of {revoked.release.date}"
    if revoked.up_to_date:
        return Card(title, f"{update}, the newest known")
    gaps = f"{revoked.missing} of it missing" if revoked.missing else ""
    since = f"{revoked.behind} more since" if revoked.behind else ""
    note = "; ".join(part for part in (update, gaps, since) if part)
    return Card(title, note, lines=(f"The newest known update is of {LATEST.date}",))


def _sbat(seen: Overview) -> Link:
    level = SbatLevel.of_variables(seen.variables)
    what = "the least generations that shim starts"
    if level is None:
        return Link("SbatLevel", vendors.SHIM, what, (), "Whatever shim brings along.")
    lines = tuple(f"{name} at least {least}" for name, least in level.least.items())
    note = ", ".join(f"{name} {least}" for name, least in level.least.items() if name != "sbat")
    card = Card(f"Level of {level.date}", note or "revokes nothing", lines=lines)
    return Link("SbatLevel", vendors.SHIM, what, (card,), "")
