"""Chains of certificates as firmware builds them: no dates, and any trusted certificate ends one.

edk2's Pkcs7Verify (CryptPkcs7VerifyCommon.c) asks OpenSSL for X509_V_FLAG_PARTIAL_CHAIN and
X509_V_FLAG_NO_CHECK_TIME, for any purpose.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cryptography.x509 import Certificate


@lru_cache(maxsize=512)
def loaded(der: bytes) -> Certificate | None:
    """A DER certificate; None where it is none that OpenSSL would take."""
    from cryptography import exceptions, x509

    try:
        with warnings.catch_warnings():
            # Old certificates break rules that newer versions warn about.
            warnings.simplefilter("ignore")
            certificate = x509.load_der_x509_certificate(der)
            # What is asked for later is read now: the library reads each part when it is needed.
            certificate.public_key()
            certificate.subject.rfc4514_string()
            certificate.issuer.public_bytes()
    except (
        ValueError,
        TypeError,
        OverflowError,
        x509.InvalidVersion,
        exceptions.UnsupportedAlgorithm,
    ):
        return None
    return certificate


def der_of(certificate: Certificate) -> bytes:
    """A certificate as DER, the form that signature lists hold."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def chain_of(leaf: Certificate, others: Iterable[Certificate]) -> Iterator[Certificate]:
    """The leaf and those above it, each vouched for by the next, out of ``others``."""
    pool = list(others)  # what came with a signature, of which few are read
    current, seen = leaf, {der_of(leaf)}
    while True:
        yield current
        above = next((each for each in pool if vouches(each, current)), None)
        if above is None or der_of(above) in seen:
            return
        seen.add(der_of(above))
        current = above


def leads_to(leaf: Certificate, others: Iterable[Certificate], trusted: Certificate) -> bool:
    """Whether a chain from ``leaf``, by way of ``others``, ends at ``trusted``."""
    wanted = der_of(trusted)
    # What is trusted goes first: where another certificate has the same name, it is chosen.
    return any(der_of(each) == wanted for each in chain_of(leaf, (trusted, *others)))


def anchor_of(chain: Sequence[bytes], trusted: Iterable[bytes]) -> bytes | None:
    """The first of the trusted certificates, DER, that a signer's chain leads to.

    Args:
        chain: the certificates that came with the signature, the signer's first.
        trusted: those of a database.
    """
    certificates = [each for each in map(loaded, chain) if each is not None]
    if not certificates:
        return None
    for der in trusted:
        certificate = loaded(der)
        if certificate is not None and leads_to(certificates[0], certificates[1:], certificate):
            return der
    return None


def vouches(issuer: Certificate, subject: Certificate) -> bool:
    """Whether one certificate signed another, and may."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if issuer.subject != subject.issuer or not _is_authority(issuer):
            return False
        try:
            subject.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            return False
    return True


def _is_authority(certificate: Certificate) -> bool:
    """Whether OpenSSL takes it for a CA (X509_check_ca, crypto/x509/v3_purp.c)."""
    from cryptography import x509

    try:
        extensions = certificate.extensions
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return False
    by_oid = {each.oid: each.value for each in extensions}
    usage = by_oid.get(x509.KeyUsage.oid)
    if isinstance(usage, x509.KeyUsage) and not usage.key_cert_sign:
        return False
    basic = by_oid.get(x509.BasicConstraints.oid)
    if isinstance(basic, x509.BasicConstraints):
        return basic.ca
    first = certificate.version is x509.Version.v1 and certificate.subject == certificate.issuer
    return first or usage is not None
