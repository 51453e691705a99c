"""Secure Boot of one store: mode, who is trusted, what has ended, whether the next update fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.finding import Finding, Severity
from ovmfgui.nvram import vendors
from ovmfgui.trust.databases import Database, TrustedCertificate, database
from ovmfgui.trust.dbx import LATEST, Content, content_of
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from uuid import UUID

    from ovmfgui.trust.room import Room

_LIST_HEAD, _ENTRY = 28, 48
"""Bytes of EFI_SIGNATURE_LIST, and of a SHA-256 with its owner in it."""
KEK_2023 = "3cd3f0309edae228767a976dd40d9f4affc4fbd5218f2e8cc3c9dd97e8ac6f9d"
"""Microsoft Corporation KEK 2K CA 2023: who signs dbx updates from now on."""


@dataclass(frozen=True, slots=True)
class NextUpdate:
    """Whether the newest published dbx could be appended.

    Attributes:
        needed: bytes that dbx will have with it.
        room: the most bytes that it may have; None where no store tells.
        signer_trusted: whether KEK holds who signs updates from now on.
        up_to_date: whether it is there already.
    """

    needed: int
    room: Room | None
    signer_trusted: bool
    up_to_date: bool

    @property
    def fits(self) -> bool | None:
        """Whether it fits; None where that is not known."""
        return None if self.room is None else self.needed <= self.room.bytes


@dataclass(frozen=True, slots=True)
class Overview:
    """Secure Boot as firmware will see a store.

    Attributes:
        mode: ``setup`` (no PK), ``user`` (checked), ``off`` (a PK, switched off), ``none`` (the
            store cannot hold keys), ``unenforced`` (whatever is enrolled: CODE does not check).
        databases: those that are there, by name.
        revoked: what dbx holds of the published updates; None where it is nothing of them.
        ended: certificates whose validity has ended.
        next_update: see ``NextUpdate``; None where there is no PK.
        findings: what that means.
        variables: what all of that was read from, values by GUID and name.
    """

    mode: str
    databases: Mapping[str, Database]
    revoked: Content | None
    ended: tuple[TrustedCertificate, ...]
    next_update: NextUpdate | None
    findings: tuple[Finding, ...]
    variables: Mapping[tuple[UUID, str], bytes]

    def generations(self, name: str) -> tuple[str, ...]:
        """The generations in a database, each once, oldest first."""
        found = self.databases.get(name)
        if found is None:
            return ()
        return tuple(sorted({each.generation for each in found.certificates}))


def overview(
    variables: Mapping[tuple[UUID, str], bytes],
    *,
    authenticated: bool,
    room: Room | None,
    today: date,
) -> Overview:
    """Secure Boot of a store's variables.

    Args:
        variables: values by GUID and name.
        authenticated: whether the store can hold authenticated variables at all.
        room: what dbx may grow to; None where the store does not tell.
        today: what validity is held against.
    """
    names = ("PK", "KEK", "db", "dbx", "MokList", "MokListX")
    found = {name: each for name in names if (each := database(variables, name)) is not None}
    mode = _mode(variables, found, authenticated)
    dbx = found.get("dbx")
    revoked = None if dbx is None else content_of(dbx.hashes)
    ended = tuple(
        certificate
        for name in ("PK", "KEK", "db")
        if name in found
        for certificate in found[name].certificates
        if certificate.read is not None and certificate.read.not_after[:10] < today.isoformat()
    )
    update = None if "PK" not in found else _next_update(found, revoked, room)
    findings = (
        *_ended_findings(found, ended),
        *_database_findings(found, revoked),
        *_update_findings(update),
    )
    return Overview(mode, found, revoked, ended, update, findings, variables)


def _mode(
    variables: Mapping[tuple[UUID, str], bytes], found: Mapping[str, Database], authenticated: bool
) -> str:
    """AuthVariableLib and SecurityPkg: without a PK setup mode; with one SecureBootEnable says."""
    if not authenticated:
        return "none"
    if "PK" not in found:
        return "setup"
    switch = variables.get((vendors.SECURE_BOOT_ENABLE, "SecureBootEnable"))
    return "off" if switch is not None and switch[:1] == b"\0" else "user"


def _next_update(
    found: Mapping[str, Database], revoked: Content | None, room: Room | None
) -> NextUpdate:
    dbx, kek = found.get("dbx"), found.get("KEK")
    held = dbx.size if dbx is not None else 0
    up_to_date = revoked is not None and revoked.up_to_date
    # Firmware appends what is not there yet, in a list of its own (FilterSignatureList).
    absent = LATEST.hashes if revoked is None else revoked.absent
    more = _LIST_HEAD + absent * _ENTRY if absent and not up_to_date else 0
    needed = held + more
    trusted = kek is not None and any(
        c.read is not None and c.read.sha256 == KEK_2023 for c in kek.certificates
    )
    return NextUpdate(needed, room, trusted, up_to_date)


def _ended_findings(
    found: Mapping[str, Database], ended: tuple[TrustedCertificate, ...]
) -> list[Finding]:
    findings: list[Finding] = []
    for certificate in ended:
        assert certificate.read is not None
        where = next(n for n, d in found.items() if certificate in d.certificates)
        what = {
            "PK": "Firmware does not look at the date: it still signs changes to KEK.",
            "KEK": "Firmware does not look at the date: updates that were signed with it are still "
            "taken, but no new ones will be signed with it.",
            "db": "Firmware does not look at the date: what was signed with it still starts, but "
            "nothing new is signed with it; loaders signed by its successor alone do not start.",
        }[where]
        signs = f" (it signs {certificate.known.signs})" if certificate.known else ""
        ended_on = f"{certificate.subject} in {where}{signs} ended on"
        text = f"{ended_on} {certificate.read.not_after[:10]}. {what}"
        follows = any(c.generation == "2023" for c in found[where].certificates)
        severity = Severity.INFO if follows else Severity.WARNING
        findings.append(Finding("certificate-ended", severity, text))
    return findings


def _contents_findings(each: Database) -> Iterator[Finding]:
    if each.problem is not None:
        text = f"{each.name} is damaged: {each.problem}; firmware stops reading there."
        yield Finding("signature-lists", Severity.ERROR, text)
    for certificate in each.certificates:
        if certificate.read is None:
            text = f"{each.name} holds a certificate that cannot be read."
            yield Finding("certificate-unreadable", Severity.WARNING, text)
        elif certificate.generation == "snake-oil":
            text = (
                f"{each.name} holds {certificate.subject}, whose private key is published for "
                "tests: anybody can sign with it. Take keys of your own, or a profile's."
            )
            yield Finding("snake-oil", Severity.WARNING, text)


def _database_findings(found: Mapping[str, Database], revoked: Content | None) -> list[Finding]:
    findings = [finding for each in found.values() for finding in _contents_findings(each)]
    kek, db = found.get("KEK"), found.get("db")
    if "PK" in found and kek is None:
        text = "A PK is enrolled and no KEK: db and dbx can be changed by the PK's owner alone."
        findings.append(Finding("no-kek", Severity.WARNING, text))
    if "PK" in found and db is None:
        text = "A PK is enrolled and no db: with Secure Boot on nothing that is signed starts."
        findings.append(Finding("no-db", Severity.WARNING, text))
    if "PK" in found and "dbx" not in found:
        text = "There is no dbx: nothing is revoked, every loader ever signed starts."
        findings.append(Finding("no-dbx", Severity.WARNING, text))
    elif revoked is not None:
        findings += _revoked_findings(revoked)
    elif "dbx" in found:
        text = (
            f"dbx holds none of the published updates that are known ({RELEASES_KNOWN}): its "
            f"{count(len(found['dbx'].hashes), 'hash is', 'hashes are')} an older list's, or "
            "somebody's own."
        )
        findings.append(Finding("dbx-unknown", Severity.WARNING, text))
    return findings


def _revoked_findings(revoked: Content) -> list[Finding]:
    release = revoked.release
    findings: list[Finding] = []
    if revoked.missing:
        text = (
            f"dbx holds entries of the update of {release.date} ({release.architecture}), and "
            f"{revoked.missing} that it or those before it have are missing: what they revoke "
            "starts."
        )
        findings.append(Finding("dbx-incomplete", Severity.WARNING, text))
    if revoked.behind:
        text = (
            f"dbx is of {release.date} ({release.architecture}); "
            f"{count(revoked.behind, 'entry has', 'entries have')} been added since."
        )
        findings.append(Finding("dbx-old", Severity.WARNING, text))
    return findings


RELEASES_KNOWN = f"2018-04-01 to {LATEST.date}"


def _update_findings(update: NextUpdate | None) -> list[Finding]:
    if update is None:
        return []
    findings: list[Finding] = []
    if not update.signer_trusted:
        text = (
            "KEK does not hold Microsoft Corporation KEK 2K CA 2023, which signs dbx updates from "
            "2026 on: later updates will be refused. Enrol it: ovmfgui vars enrol STORE --profile "
            "microsoft-2011+2023."
        )
        findings.append(Finding("next-signer", Severity.WARNING, text))
    if update.fits is False and update.room is not None and not update.up_to_date:
        text = (
            f"The newest dbx needs {update.needed:,} bytes, and this firmware takes at most "
            f"{update.room.bytes:,} ({update.room.why}): the update will fail."
        )
        findings.append(Finding("update-too-large", Severity.WARNING, text))
    return findings
