"""Public certificates of Secure Boot that are known by their fingerprints."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.resources import resource_text

MICROSOFT_OWNER = UUID("77fa9abd-0359-4d32-bd60-28f4e78f784b")
"""SignatureOwner of Microsoft's signatures (edk2 and Microsoft's published key objects)."""


class KnownCertificate(NamedTuple):
    """A certificate that is known, whoever enrolled it.

    Attributes:
        sha256: fingerprint of the whole certificate, lower-case hex.
        file: its name in resources/certificates.
        subject: as it calls itself.
        generation: ``2011`` or ``2023`` for Microsoft's, else ``distribution`` or ``snake-oil``.
        role: the variable that it is made for: PK, KEK or db.
        not_after: last day of validity, ISO 8601; firmware does not look at it.
        signs: what is signed with it, in words.
    """

    sha256: str
    file: str
    subject: str
    generation: str
    role: str
    not_after: str
    signs: str

    @property
    def der(self) -> bytes:
        """The certificate as DER, read from its PEM file at each call."""
        import base64

        lines = resource_text(f"certificates/{self.file}").splitlines()
        body = "".join(line for line in lines if line and not line.startswith(("-", "#")))
        return base64.b64decode(body)


@cache
def known_certificates() -> dict[str, KnownCertificate]:
    """Every certificate that is known, by fingerprint; from resources/certificates/index.tsv."""
    found: dict[str, KnownCertificate] = {}
    for line in resource_text("certificates/index.tsv").splitlines():
        if line and not line.startswith("#"):
            made = KnownCertificate(*line.split("\t"))
            found[made.sha256] = made
    return found
