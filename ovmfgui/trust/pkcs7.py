"""PKCS#7 signatures of variable updates: who signed, and whether it holds (RFC 2315, RFC 5652).

The library that checks the signature itself, cryptography, reads the certificates of a SignedData
and leaves the rest to its caller; the rest is short.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_CERTIFICATES
from ovmfgui.dataclass import dataclass
from ovmfgui.nvram.decode.der import Element, MoreThanReadError, element_at, elements_of
from ovmfgui.trust.certificate_chain import loaded

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hashes import HashAlgorithm
    from cryptography.x509 import Certificate

_INTEGER, _OCTETS, _OID, _SEQUENCE, _SET = 0x02, 0x04, 0x06, 0x30, 0x31
_FIRST, _SECOND = 0xA0, 0xA1
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
DIGESTS = {
    bytes.fromhex("2b0e03021a"): "SHA1",
    bytes.fromhex("608648016503040201"): "SHA256",
    bytes.fromhex("608648016503040202"): "SHA384",
    bytes.fromhex("608648016503040203"): "SHA512",
}
"""Digest algorithms by the contents of their OBJECT IDENTIFIER (RFC 3370, RFC 5754)."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A SignerInfo.

    Attributes:
        certificate: of who signed, out of the message; None where it is not in it.
        digest: its digest algorithm, "SHA256" and so on.
        attributes: the signed attributes as they are signed, DER; None without any.
        message_digest: what those say is the content's digest; None where they do not.
        signature: the signature's bytes.
    """

    certificate: Certificate | None
    digest: str
    attributes: bytes | None
    message_digest: bytes | None
    signature: bytes


@dataclass(frozen=True, slots=True)
class SignedData:
    """A SignedData.

    Attributes:
        digest: the first of its digest algorithms, which is the one that firmware looks at.
        certificates: those that came along.
        signers: who signed.
        wrapped: whether a ContentInfo is around it.
    """

    digest: str
    certificates: tuple[Certificate, ...]
    signers: tuple[Signer, ...]
    wrapped: bool


def read_signed_data(der: bytes) -> SignedData:
    """Read a SignedData, with a ContentInfo around it or without.

    Raises:
        ValueError: it is none, in a few words.
    """
    try:
        return _read(der)
    except IndexError:
        msg = "a part is missing"
        raise ValueError(msg) from None


def _read(der: bytes) -> SignedData:
    whole, _ = element_at(der, 0)
    body, wrapped = elements_of(_expect(whole, _SEQUENCE)), False
    if body and body[0] == Element(_OID, _SIGNED_DATA):
        (inner,) = elements_of(_expect(body[1], _FIRST))
        body, wrapped = elements_of(_expect(inner, _SEQUENCE)), True
    if len(body) < 4:
        msg = "no SignedData"
        raise ValueError(msg)
    _expect(body[0], _INTEGER)
    algorithms = elements_of(_expect(body[1], _SET))
    certificates = tuple(
        certificate
        for part in body[3:]
        if part.tag == _FIRST
        for certificate in _certificates(part.body)
    )
    signers = tuple(_signer(each, certificates) for each in elements_of(_expect(body[-1], _SET)))
    digest = _digest(algorithms[0]) if algorithms else ""
    return SignedData(digest, certificates, signers, wrapped)


def _expect(element: Element, tag: int) -> bytes:
    if element.tag != tag:
        msg = f"tag 0x{element.tag:02X} in place of 0x{tag:02X}"
        raise ValueError(msg)
    return element.body


def _digest(algorithm: Element) -> str:
    name = elements_of(_expect(algorithm, _SEQUENCE))[0]
    return DIGESTS.get(_expect(name, _OID), f"an unknown one ({name.body.hex()})")


def _certificates(body: bytes) -> list[Certificate]:
    found: list[Certificate] = []
    at = 0
    while at < len(body):
        if len(found) >= MOST_CERTIFICATES:
            msg = f"it has more than the {MOST_CERTIFICATES} certificates that are read"
            raise MoreThanReadError(msg)
        _element, end = element_at(body, at)
        certificate = loaded(body[at:end])
        if certificate is None:
            # OpenSSL reads all of a message or none of it.
            msg = "a certificate in it is damaged"
            raise ValueError(msg)
        found.append(certificate)
        at = end
    return found


def _signer(info: Element, certificates: tuple[Certificate, ...]) -> Signer:
    parts = elements_of(_expect(info, _SEQUENCE))
    _expect(parts[0], _INTEGER)
    issuer_end = element_at(parts[1].body, 0)[1]
    issuer, serial = parts[1].body[:issuer_end], elements_of(parts[1].body)[1]
    number = int.from_bytes(_expect(serial, _INTEGER), "big", signed=True)
    digest, rest = _digest(parts[2]), parts[3:]
    attributes = message_digest = None
    if rest and rest[0].tag == _FIRST:
        attributes = _as_set(rest[0].body)
        message_digest = _message_digest(rest[0].body)
        rest = rest[1:]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        certificate = next(
            (
                each
                for each in certificates
                if each.serial_number == number and each.issuer.public_bytes() == issuer
            ),
            None,
        )
    return Signer(certificate, digest, attributes, message_digest, _expect(rest[1], _OCTETS))


def _as_set(body: bytes) -> bytes:
    """Signed attributes with the tag that they are signed with: SET OF in place of [0]."""
    size = len(body)
    if size < 0x80:
        return bytes((_SET, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((_SET, 0x80 | len(length))) + length + body


def _message_digest(body: bytes) -> bytes | None:
    for attribute in elements_of(body):
        kind, values = elements_of(_expect(attribute, _SEQUENCE))[:2]
        if kind.body == _MESSAGE_DIGEST:
            return _expect(elements_of(_expect(values, _SET))[0], _OCTETS)
    return None


def signature_problem(signer: Signer, content: bytes) -> str | None:
    """Why a signature does not hold for ``content``, in a few words; None where it does."""
    import hashlib

    if signer.certificate is None:
        return "the certificate of who signed is not in it"
    if signer.digest not in DIGESTS.values():
        return f"its digest algorithm is {signer.digest}"
    signed = content
    if signer.attributes is not None:
        if signer.message_digest != hashlib.new(signer.digest, content).digest():
            return "what it signs is something else"
        signed = signer.attributes
    return None if _holds(signer, signed) else "what it signs is something else"


def _holds(signer: Signer, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    assert signer.certificate is not None
    digest: HashAlgorithm = getattr(hashes, signer.digest)()
    try:
        key = signer.certificate.public_key()
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signer.signature, signed, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signer.signature, signed, ec.ECDSA(digest))
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
