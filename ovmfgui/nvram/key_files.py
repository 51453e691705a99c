"""Keys for Secure Boot's databases out of the files that they come in."""

from __future__ import annotations

import base64
import binascii
import re
import warnings
from uuid import UUID

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.decode.certificate import read_certificate
from ovmfgui.nvram.signature_list import X509, build_signature_list, parse_signature_lists
from ovmfgui.nvram.signed_update import read_signed_update
from ovmfgui.refusal import Refused

NO_OWNER = UUID(int=0)
"""Of signatures that nobody says who brought in."""

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)


class Keys(NamedTuple):
    """Signature lists, and the time that a signed update carries; None without one."""

    lists: bytes
    timestamp: bytes | None


def _signed_update(contents: bytes) -> Keys | None:
    """The signature lists that a signed update brings."""
    update = read_signed_update(contents)
    if update is None or not _is_lists(update.payload):
        return None
    return Keys(update.payload, update.timestamp)


def _is_lists(data: bytes) -> bool:
    lists = parse_signature_lists(data)
    return bool(lists.lists) and lists.problem is None


def _certificates(contents: bytes) -> list[bytes]:
    """DER certificates of a PEM file, or the one that the file is; empty where it is neither."""
    try:
        ders = [base64.b64decode(body, validate=False) for body in _PEM.findall(contents)]
    except binascii.Error:
        return []
    ders = ders or [contents]
    return ders if all(map(_is_certificate, ders)) else []


def _is_certificate(der: bytes) -> bool:
    """Whether OpenSSL would take it, which is what firmware checks with."""
    from cryptography import exceptions, x509

    try:
        with warnings.catch_warnings():
            # Old certificates break rules that newer versions warn about.
            warnings.simplefilter("ignore")
            x509.load_der_x509_certificate(der).public_key()
    except (
        ValueError,
        TypeError,
        OverflowError,
        x509.InvalidVersion,
        exceptions.UnsupportedAlgorithm,
    ):
        return False
    # Of what is enrolled a person wants to see the name.
    return read_certificate(der) is not None


def read_keys(contents: bytes, owner: UUID) -> Keys:
    """The keys in a file: certificates (DER or PEM), signature lists, or a signed update.

    Args:
        contents: of the file.
        owner: SignatureOwner of certificates, which do not name one themselves.

    Raises:
        Refused: it is none of these.
    """
    if (update := _signed_update(contents)) is not None:
        return update
    if _is_lists(contents):
        return Keys(contents, None)
    certificates = _certificates(contents)
    if not certificates:
        msg = "no certificate (DER or PEM), no signature list (.esl) and no signed update (.auth)"
        raise Refused(msg)
    lists = b"".join(build_signature_list(X509, [(owner, der)]) for der in certificates)
    return Keys(lists, None)
