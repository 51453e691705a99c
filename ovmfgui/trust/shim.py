"""shim: what it carries along, and what it makes of the loader that it is to start.

The rules are those of shim 16 (shim.c: verify_buffer_sbat, verify_buffer_authenticode,
check_denylist, check_allowlist; mok.c), the forms of its sections those of cert.S and sbat_var.S.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.vendors import SHIM
from ovmfgui.trust.binary import Judgement
from ovmfgui.trust.certificate_chain import anchor_of, loaded
from ovmfgui.trust.databases import Database, read_database
from ovmfgui.trust.sbat import SbatLevel, revoked_component

if TYPE_CHECKING:
    from ovmfgui.trust.binary import Binary, Signed
    from ovmfgui.trust.overview import Overview

_TABLE = 16
_VENDOR = "shim's own key"


class Shim(NamedTuple):
    """What a shim carries along.

    Attributes:
        certificates: that it trusts, DER.
        allowed: its list of what is trusted, where it has one in place of a certificate.
        revoked: its list of what is not.
        level: the SBAT level that it sets where the machine's is older; None where it has none.
    """

    certificates: tuple[bytes, ...]
    allowed: Database
    revoked: Database
    level: SbatLevel | None


def shim_in(binary: Binary) -> Shim | None:
    """What the shim in a binary carries; None where it is none (its helpers carry no key)."""
    table = binary.sections.get(".vendor_cert")
    if table is None or len(table) < _TABLE:
        return None
    sizes = [int.from_bytes(table[at : at + 4], "little") for at in range(0, _TABLE, 4)]
    allowed = table[sizes[2] :][: sizes[0]]
    revoked = table[sizes[3] :][: sizes[1]]
    single = loaded(allowed) is not None
    lists = read_database(_VENDOR, b"" if single else allowed)
    certificates = (allowed,) if single else tuple(each.der for each in lists.certificates)
    denied = read_database("shim's own list of the revoked", revoked)
    return Shim(certificates, lists, denied, _level(binary.sections.get(".sbatlevel", b"")))


def _level(section: bytes) -> SbatLevel | None:
    """The level that shim sets by itself; offsets count from behind the version."""
    if len(section) < 12:
        return None
    start = 4 + int.from_bytes(section[4:8], "little")
    return SbatLevel.of_variable(section[start:].partition(b"\0")[0])


def level_with(shim: Shim, seen: Overview) -> SbatLevel | None:
    """The SBAT level once this shim has started: the newer one of the machine's and its own."""
    found = [each for each in (SbatLevel.of_variables(seen.variables), shim.level) if each]
    return max(found, key=lambda each: each.order) if found else None


def _switched_on(seen: Overview, name: str) -> bool:
    return seen.variables.get((SHIM, name), b"")[:1] == b"\1"


def judge_by_shim(
    binary: Binary, shim: Shim, seen: Overview, *, by_protocol: bool = False
) -> Judgement:
    """What shim makes of a binary.

    Args:
        binary: what is to be started.
        shim: that is running.
        seen: the store's Secure Boot.
        by_protocol: whether shim is asked by the loader that it started (grub, for a kernel), which
            demands no SBAT section.
    """
    if seen.mode != "user":
        return Judgement(binary, True, "Secure Boot does not check here, nor does shim", ())
    if _switched_on(seen, "MokSBState"):
        return Judgement(binary, True, "shim's validation is switched off (MokSBState)", ())
    why, step = _sbat(binary, shim, seen, by_protocol)
    if why:
        return Judgement(binary, False, why, (why,))
    steps = () if step is None else (step,)
    denied, allowed = _lists(seen, shim, denied=True), _lists(seen, shim, denied=False)
    by_hash = _by_hash(binary, allowed, denied)
    if by_hash is not None:
        return Judgement(binary, by_hash[0], by_hash[1], steps)
    answers = [_by_signature(each, shim, allowed, denied) for each in binary.signatures]
    steps = (*steps, *(text for _, text in answers))
    # Another signature may be revoked: one that is trusted is enough for shim.
    good = next((text for trusted, text in answers if trusted), None)
    if good is not None:
        return Judgement(binary, True, good, steps)
    none = "it carries no signature, and no list has its hash"
    return Judgement(binary, False, answers[0][1] if answers else none, steps)


def _by_hash(
    binary: Binary, allowed: list[tuple[str, Database]], denied: list[tuple[str, Database]]
) -> tuple[bool, str] | None:
    """What its hash says, before any signature is looked at; None where it is in no list."""
    for good, lists in ((False, denied), (True, allowed)):
        for where, each in lists:
            if binary.digest in each.hashes:
                return good, f"its hash is in {where}"
    return None


def _sbat(binary: Binary, shim: Shim, seen: Overview, by_protocol: bool) -> tuple[str, str | None]:
    """Why SBAT forbids it, empty where it does not; and what was seen."""
    level = level_with(shim, seen)
    if binary.sbat is None:
        return ("", None) if by_protocol else ("it has no SBAT section, and shim wants one", None)
    if level is None:
        return "", None
    revoked = revoked_component(binary.sbat, level)
    if revoked is None:
        return "", f"SBAT: not revoked by the level of {level.date}"
    name, has, least = revoked
    return f"SBAT: {name} is of generation {has}, and the level of {level.date} wants {least}", None


def _lists(seen: Overview, shim: Shim, *, denied: bool) -> list[tuple[str, Database]]:
    """Where shim looks, in its order."""
    own = ("shim's own list", shim.revoked if denied else shim.allowed)
    db, mok = ("dbx", "MokListX") if denied else ("db", "MokList")
    names = [mok] if not denied and _switched_on(seen, "MokDBState") else [db, mok]
    found = [(name, seen.databases[name]) for name in names if name in seen.databases]
    return [own, *found] if denied else [*found, own]


def _by_signature(
    signature: Signed,
    shim: Shim,
    allowed: list[tuple[str, Database]],
    denied: list[tuple[str, Database]],
) -> tuple[bool, str]:
    named = f"signed by {signature.signer}"
    if (found := _anchor(signature, denied)) is not None:
        return False, f"{named}: {found} is revoked"
    if not signature.valid:
        return False, f"{named}: the signature does not verify"
    if (found := _anchor(signature, allowed)) is not None:
        return True, f"{named}, which {found} vouches for"
    if anchor_of(signature.chain, shim.certificates) is not None:
        return True, f"{named}, which the key inside shim vouches for"
    return False, f"{named}: neither db, MokList nor the key inside shim vouches for it"


def _anchor(signature: Signed, lists: list[tuple[str, Database]]) -> str | None:
    for where, database in lists:
        der = anchor_of(signature.chain, [each.der for each in database.certificates])
        for certificate in database.certificates:
            if certificate.der == der:
                return f"{certificate.subject} in {where}"
    return None
