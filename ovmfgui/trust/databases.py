"""PK, KEK, db, dbx and MOK lists as the certificates and hashes that they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode.certificate import Certificate, read_certificate
from ovmfgui.nvram.signature_list import SHA256, X509, parse_signature_lists
from ovmfgui.trust.dbx import svn_of
from ovmfgui.trust.known import KnownCertificate, known_certificates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    Variables = Mapping[tuple[UUID, str], bytes]

NAMES = {
    "PK": vendors.GLOBAL,
    "KEK": vendors.GLOBAL,
    "db": vendors.IMAGE_SECURITY,
    "dbx": vendors.IMAGE_SECURITY,
    "MokList": vendors.SHIM,
    "MokListX": vendors.SHIM,
}


@dataclass(frozen=True, slots=True)
class TrustedCertificate:
    """A certificate in a database.

    Attributes:
        der: the certificate.
        owner: SignatureOwner.
        read: what it says of itself; None where it is no X.509 that can be read.
        known: what is known of it by its fingerprint; None where it is not.
    """

    der: bytes
    owner: UUID
    read: Certificate | None
    known: KnownCertificate | None

    @property
    def subject(self) -> str:
        """What it calls itself."""
        return self.read.subject if self.read else "a certificate that cannot be read"

    @property
    def generation(self) -> str:
        """``2011``, ``2023``, ``distribution``, ``snake-oil`` or ``unknown``."""
        if self.known is not None:
            return self.known.generation
        return "snake-oil" if "snakeoil" in self.subject.lower().replace(" ", "") else "unknown"


@dataclass(frozen=True, slots=True)
class Database:
    """One of the databases.

    Attributes:
        name: of the variable.
        size: bytes of its value.
        certificates: in their order.
        hashes: SHA-256 of binaries, without entries that say a least version.
        svns: loaders and the least version that may start, as dbx says them.
        other: how many signatures are of another type.
        problem: what is wrong with its lists; None where nothing is.
    """

    name: str
    size: int
    certificates: tuple[TrustedCertificate, ...]
    hashes: frozenset[bytes]
    svns: tuple[tuple[str, str], ...]
    other: int
    problem: str | None


def database(variables: Variables, name: str) -> Database | None:
    """A database among variables; None where there is none of that name.

    Of shim's lists a running system shows copies alone (MokListRT, MokListXRT).
    """
    data = variables.get((NAMES[name], name))
    if data is None and NAMES[name] == vendors.SHIM:
        data = variables.get((vendors.SHIM, f"{name}RT"))
    return None if data is None else read_database(name, data)


def read_database(name: str, data: bytes) -> Database:
    """The database that signature lists make up."""
    read = parse_signature_lists(data)
    certificates: list[TrustedCertificate] = []
    hashes: set[bytes] = set()
    svns: list[tuple[str, str]] = []
    other = 0
    for each in read.lists:
        for signature in each.signatures:
            if each.type == X509:
                certificates.append(_certificate(signature.data, signature.owner))
            elif each.type == SHA256 and (svn := svn_of(signature.data)) is not None:
                svns.append(svn)
            elif each.type == SHA256:
                hashes.add(signature.data)
            else:
                other += 1
    return Database(
        name,
        len(data),
        tuple(certificates),
        frozenset(hashes),
        tuple(svns),
        other,
        read.problem,
    )


def _certificate(der: bytes, owner: UUID) -> TrustedCertificate:
    read = read_certificate(der)
    known = None if read is None else known_certificates().get(read.sha256)
    return TrustedCertificate(der, owner, read, known)
