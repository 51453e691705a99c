"""Would this EFI binary start under these keys? Hash, signatures and SBAT, step by step.

Authenticode is read by LIEF (an optional library); the rules are those of edk2's
SecurityPkg/Library/DxeImageVerificationLib and of shim's verify_buffer and SBAT checks.
"""

from __future__ import annotations

from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ovmfgui.budgets import MOST_BINARY, MOST_CERTIFICATES
from ovmfgui.dataclass import dataclass
from ovmfgui.refusal import Refused, wall
from ovmfgui.trust.certificate_chain import anchor_of
from ovmfgui.trust.sbat import SbatLevel, read_sbat, revoked_component

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.trust.databases import Database, TrustedCertificate
    from ovmfgui.trust.overview import Overview

_UNCHECKED = {
    "setup": "setup mode",
    "off": "switched off",
    "none": "no store for keys",
    "unenforced": "CODE does not enforce it",
}
_SYMBOL_SIZE = 18
# shim's: its key and list of the revoked (cert.S), and the levels that it brings (sbat_var.S).
_SECTIONS = (".sbat", ".vendor_cert", ".sbatlevel")


@dataclass(frozen=True, slots=True)
class Signed:
    """One Authenticode signature.

    Attributes:
        signer: subject of who signed.
        chain: certificates that came along, DER, the signer's first.
        valid: whether it verifies by itself and speaks of this binary's hash.
    """

    signer: str
    chain: tuple[bytes, ...]
    valid: bool


@dataclass(frozen=True, slots=True)
class Binary:
    """A PE binary.

    Attributes:
        path: of its file.
        digest: Authenticode SHA-256.
        signatures: in their order.
        sbat: its SBAT entries, component to generation; None where it has no section.
        sections: the contents of those that shim has for itself, by name.
    """

    path: str
    digest: bytes
    signatures: tuple[Signed, ...]
    sbat: dict[str, int] | None
    sections: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What firmware does with a binary.

    Attributes:
        binary: which.
        starts: whether it starts; None where that cannot be told.
        why: in a sentence, with the witness.
        steps: what each check said.
    """

    binary: Binary
    starts: bool | None
    why: str
    steps: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """For a terminal: the answer and its reason, then what else was checked."""
        sign = {True: "✔ starts", False: "✖ does not start", None: "? is not known"}[self.starts]
        yield f"{self.binary.path} {sign}: {self.why}"
        yield from (f"· {step}" for step in self.steps if step != self.why)


def read_binary(path: str) -> Binary:
    """Read a PE binary.

    Raises:
        Refused: it is none, or LIEF is missing.
    """
    from ovmfgui.flash.source import read_regular

    return binary_of(path, read_regular(path, MOST_BINARY))


def binary_of(path: str, raw: bytes) -> Binary:
    """A PE binary whose bytes were read.

    Args:
        path: what it is called.
        raw: all of it.

    Raises:
        Refused: it is none, or LIEF is missing.
    """
    try:
        import lief
    except ImportError:
        msg = "judging an EFI binary needs the Python library LIEF: pip install 'ovmfgui[trust]'"
        raise Refused(msg) from None
    if not raw.startswith(b"MZ"):
        msg = f"{path} is no EFI binary (it does not begin with MZ)"
        raise Refused(msg)
    lief.logging.disable()
    parsed: Any = lief.PE.parse(BytesIO(raw))
    if parsed is None:
        msg = f"{path} is no EFI binary: its PE header is damaged"
        raise Refused(msg)
    with wall(path):
        digest = bytes(parsed.authentihash(lief.PE.ALGORITHMS.SHA_256))
        signatures = tuple(_signature(parsed, each) for each in parsed.signatures)
        sections = {
            name: bytes(section.content)
            for section in parsed.sections
            if (name := _section_name(section, parsed.header, raw)) in _SECTIONS
        }
        sbat = sections.get(".sbat")
        return Binary(path, digest, signatures, None if sbat is None else read_sbat(sbat), sections)


def _section_name(section: Any, header: Any, raw: bytes) -> str:
    """A section's name; one of more than 8 characters is a number in the COFF string table."""
    name = str(section.name).rstrip("\0")
    if not name.startswith("/") or not name[1:].isdecimal():
        return name
    table = header.pointerto_symbol_table + _SYMBOL_SIZE * header.numberof_symbols
    return raw[table + int(name[1:]) :][:64].partition(b"\0")[0].decode("latin-1")


def _signature(parsed: Any, signature: Any) -> Signed:
    import lief

    if len(signature.certificates) > MOST_CERTIFICATES:
        msg = f"a signature has more than the {MOST_CERTIFICATES} certificates that are read"
        raise ValueError(msg)
    chain = tuple(bytes(certificate.raw) for certificate in signature.certificates)
    # Firmware and shim do not look at dates.
    undated = lief.PE.Signature.VERIFICATION_CHECKS.SKIP_CERT_TIME
    valid = parsed.verify_signature(signature, undated) == lief.PE.Signature.VERIFICATION_FLAGS.OK
    signers = list(signature.signers)
    certificate = signers[0].cert if signers else None
    signer = str(certificate.subject) if certificate is not None else "nobody"
    if certificate is not None:
        first = bytes(certificate.raw)
        chain = (first, *(der for der in chain if der != first))
    return Signed(_common_name(signer), chain, bool(valid))


def _common_name(subject: str) -> str:
    parts = dict(
        part.split("=", 1) for part in subject.replace("\\,", " ").split(", ") if "=" in part
    )
    return parts.get("CN", subject)


def judge(binary: Binary, seen: Overview) -> Judgement:
    """What firmware does with a binary under a store's keys.

    Args:
        binary: what is to be started.
        seen: the store's Secure Boot.
    """
    if seen.mode != "user":
        why = f"Secure Boot does not check here ({_UNCHECKED[seen.mode]})"
        return Judgement(binary, True, why, ())
    db, dbx = seen.databases.get("db"), seen.databases.get("dbx")
    if dbx is not None and binary.digest in dbx.hashes:
        return Judgement(binary, False, "its hash is in dbx", ())
    answers = [_by_signature(each, db, dbx) for each in binary.signatures]
    steps = tuple(step for _, step in answers)
    # One revoked signature is enough: the check of dbx ends the search (DxeImageVerificationLib).
    for answer, step in answers:
        if answer is False:
            return Judgement(binary, False, step, steps)
    trusted = next((step for answer, step in answers if answer), "")
    if not trusted and db is not None and binary.digest in db.hashes:
        trusted = "its hash is in db"
    if trusted:
        return _with_sbat(binary, trusted, seen, steps)
    why = (
        "none of its signers is trusted by db, and its hash is not in db"
        if binary.signatures
        else "it carries no signature, and its hash is not in db"
    )
    return Judgement(binary, False, why, steps)


def _by_signature(
    signature: Signed, db: Database | None, dbx: Database | None
) -> tuple[bool | None, str]:
    """What one signature says: True it is trusted, False it is revoked, None neither; and why."""
    named = f"signed by {signature.signer}"
    revoked = _anchor(signature, dbx)
    if revoked is not None:
        return False, f"{named}: {revoked.subject} is in dbx"
    if not signature.valid:
        return None, f"{named}: the signature does not verify"
    trusted = _anchor(signature, db)
    if trusted is None:
        return None, f"{named}: nothing in db leads to it"
    return True, f"{named}, which {trusted.subject} in db vouches for"


def _anchor(signature: Signed, database: Database | None) -> TrustedCertificate | None:
    """The certificate of a database that the chain leads to."""
    if database is None:
        return None
    der = anchor_of(signature.chain, [each.der for each in database.certificates])
    return next((each for each in database.certificates if each.der == der), None)


def _with_sbat(binary: Binary, why: str, seen: Overview, steps: tuple[str, ...]) -> Judgement:
    """Firmware itself does not know SBAT; shim refuses what its level revokes, itself too."""
    level = SbatLevel.of_variables(seen.variables)
    if level is None or binary.sbat is None:
        return Judgement(binary, True, why, steps)
    revoked = revoked_component(binary.sbat, level)
    if revoked is None:
        more = f"SBAT: not revoked by the level of {level.date}"
        return Judgement(binary, True, why, (*steps, more))
    name, has, least = revoked
    refused = (
        f"SBAT: {name} is of generation {has}, and SbatLevel of {level.date} wants {least}: "
        "shim refuses it"
    )
    return Judgement(binary, False, refused, (*steps, refused))


def anchor_in(binary: Binary, database: Database | None) -> TrustedCertificate | None:
    """The certificate of a database that one of a binary's signatures leads to."""
    found = (_anchor(each, database) for each in binary.signatures if each.valid)
    return next((each for each in found if each is not None), None)
