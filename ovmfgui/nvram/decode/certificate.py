"""X.509 certificates in short. Cryptography is imported when the first one is looked at."""

from __future__ import annotations

import hashlib
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cryptography.x509 import Name

# Subject common names of the certificates that Microsoft signs with; those of 2011 expire in 2026.
_MICROSOFT = {
    "Microsoft Corporation KEK CA 2011": "Microsoft 2011",
    "Microsoft Windows Production PCA 2011": "Microsoft 2011",
    "Microsoft Corporation UEFI CA 2011": "Microsoft 2011",
    "Microsoft Corporation KEK 2K CA 2023": "Microsoft 2023",
    "Windows UEFI CA 2023": "Microsoft 2023",
    "Microsoft UEFI CA 2023": "Microsoft 2023",
    "Microsoft Option ROM UEFI CA 2023": "Microsoft 2023",
}


class Certificate(NamedTuple):
    """What matters of an X.509 certificate.

    Attributes:
        subject: its common name, or the whole name where it has none.
        issuer: the same of who signed it.
        not_before: first day of validity, ISO 8601.
        not_after: last day of validity, ISO 8601.
        serial: in hex.
        sha256: fingerprint of the whole certificate, lower-case hex.
        authority: "Microsoft 2011" or "Microsoft 2023" where it is one of those.
    """

    subject: str
    issuer: str
    not_before: str
    not_after: str
    serial: str
    sha256: str
    authority: str


def _name(name: Name) -> str:
    from cryptography.x509.oid import NameOID

    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


@lru_cache(maxsize=256)
def read_certificate(der: bytes) -> Certificate | None:
    """Read a DER certificate; None where it is none."""
    from cryptography import x509

    try:
        with warnings.catch_warnings():
            # Old certificates break rules that newer versions warn about; they are only shown.
            warnings.simplefilter("ignore")
            certificate = x509.load_der_x509_certificate(der)
            subject = _name(certificate.subject)
            return Certificate(
                subject=subject,
                issuer=_name(certificate.issuer),
                not_before=_day(certificate, "not_valid_before"),
                not_after=_day(certificate, "not_valid_after"),
                serial=f"{certificate.serial_number:x}",
                sha256=hashlib.sha256(der).hexdigest(),
                authority=_MICROSOFT.get(subject, ""),
            )
    except (ValueError, TypeError, OverflowError, x509.UnsupportedGeneralNameType):
        return None


def _day(certificate: object, name: str) -> str:
    # Versions before 42 have no property with a time zone.
    moment = getattr(certificate, f"{name}_utc", None) or getattr(certificate, name)
    return str(moment.date().isoformat())
