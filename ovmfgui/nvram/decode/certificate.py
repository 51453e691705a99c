"""X.509 certificates in short, and Microsoft's, known by their fingerprints."""

from __future__ import annotations

from functools import lru_cache

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.decode.der import read_names

_2011, _2023 = "Microsoft 2011", "Microsoft 2023"
# SHA-256 of the certificates that Microsoft signs with. Those of 2011, which expire in 2026, are
# in the templates of Debian's package ovmf (OVMF_VARS_4M.ms.fd); all are published by Microsoft at
# github.com/microsoft/secureboot_objects, PreSignedObjects (commit 06fe58a31d2d).
_FINGERPRINTS = {
    "a1117f516a32cefcba3f2d1ace10a87972fd6bbe8fe0d0b996e09e65d802a503": _2011,
    "e8e95f0733a55e8bad7be0a1413ee23c51fcea64b3c8fa6a786935fddcc71961": _2011,
    "48e99b991f57fc52f76149599bff0a58c47154229b9f8d603ac40d3500248507": _2011,
    "3cd3f0309edae228767a976dd40d9f4affc4fbd5218f2e8cc3c9dd97e8ac6f9d": _2023,
    "076f1fea90ac29155ebf77c17682f75f1fdd1be196da302dc8461e350a9ae330": _2023,
    "f6124e34125bee3fe6d79a574eaa7b91c0e7bd9d929c1a321178efd611dad901": _2023,
    "e5be3e64c6e66a281457ecdece0d6d0787577aad2a3a0144262c10c14ba8d8f1": _2023,
    "2f569e8edaf9657dc4951c29598725255c7f821472db71374211fe44d082546f": _2023,
}
# What those certificates call themselves, in the same order.
_SUBJECTS = {
    "Microsoft Corporation KEK CA 2011": _2011,
    "Microsoft Windows Production PCA 2011": _2011,
    "Microsoft Corporation UEFI CA 2011": _2011,
    "Microsoft Corporation KEK 2K CA 2023": _2023,
    "Windows UEFI CA 2023": _2023,
    "Microsoft UEFI CA 2023": _2023,
    "Microsoft Option ROM UEFI CA 2023": _2023,
    "Windows OEM Devices PK": _2023,
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
        authority: "Microsoft 2011" or "Microsoft 2023" where its fingerprint is that of one of
            those; the same with "by its subject" where it only calls itself so.
    """

    subject: str
    issuer: str
    not_before: str
    not_after: str
    serial: str
    sha256: str
    authority: str

    @property
    def only_by_subject(self) -> bool:
        """Whether it has the name of one of Microsoft's certificates and is none that is known."""
        return bool(self.authority) and self.sha256 not in _FINGERPRINTS


def _authority(subject: str, sha256: str) -> str:
    claimed = _SUBJECTS.get(subject)
    return _FINGERPRINTS.get(sha256) or (f"{claimed} by its subject" if claimed else "")


@lru_cache(maxsize=256)
def read_certificate(der: bytes) -> Certificate | None:
    """Read a DER certificate; None where it is none."""
    import hashlib

    try:
        names = read_names(der)
    except ValueError:
        return None
    sha256 = hashlib.sha256(der).hexdigest()
    return Certificate(*names, sha256=sha256, authority=_authority(names.subject, sha256))
