"""DER (X.690), and what a list of keys shows of an X.509 certificate (RFC 5280).

A listing needs a name and two dates; the library that could tell takes as long to import as all
the rest of a command. What is enrolled is held to that library's stricter eye (``key_files``).
"""

from __future__ import annotations

from ovmfgui.budgets import MOST_DER_PARTS
from ovmfgui.named_tuple import NamedTuple

_INTEGER, _BIT_STRING, _OID, _SEQUENCE, _SET, _VERSION = 0x02, 0x03, 0x06, 0x30, 0x31, 0xA0
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_STRINGS = {0x1E: "utf-16-be", 0x1C: "utf-32-be", 0x0C: "utf-8"}
_COMMON_NAME = bytes.fromhex("550403")
# RFC 4514, section 3: the short names of attribute types.
_ATTRIBUTES = {
    _COMMON_NAME: "CN",
    bytes.fromhex("550406"): "C",
    bytes.fromhex("550407"): "L",
    bytes.fromhex("550408"): "ST",
    bytes.fromhex("55040a"): "O",
    bytes.fromhex("55040b"): "OU",
}


class Element(NamedTuple):
    """A tag and its contents."""

    tag: int
    body: bytes


class Names(NamedTuple):
    """Subject, issuer and validity of a certificate; the serial number in hex."""

    subject: str
    issuer: str
    not_before: str
    not_after: str
    serial: str


def element_at(data: bytes, at: int) -> tuple[Element, int]:
    """The element at ``at`` and where the next one starts.

    Raises:
        ValueError: there is none.
    """
    head = data[at : at + 2]
    if len(head) < 2 or head[0] & 0x1F == 0x1F:
        msg = "no element"
        raise ValueError(msg)
    start, size = at + 2, head[1]
    if size & 0x80:
        count = size & 0x7F
        start, size = start + count, int.from_bytes(data[start : start + count], "big")
        if not 1 <= count <= 4:
            msg = "a length that DER does not have"
            raise ValueError(msg)
    if start + size > len(data):
        msg = "an element that runs past the end"
        raise ValueError(msg)
    return Element(head[0], data[start : start + size]), start + size


class MoreThanReadError(ValueError):
    """A budget ended the reading: what was not read may be sound."""


def elements_of(data: bytes) -> list[Element]:
    """The elements that follow one another in ``data``.

    Raises:
        ValueError: there is something else among them.
        MoreThanReadError: there are more than are read.
    """
    found: list[Element] = []
    at = 0
    while at < len(data):
        if len(found) >= MOST_DER_PARTS:
            msg = f"more than the {MOST_DER_PARTS} parts that are read"
            raise MoreThanReadError(msg)
        element, at = element_at(data, at)
        found.append(element)
    return found


def _expect(element: Element, *tags: int) -> bytes:
    if element.tag not in tags:
        msg = f"tag 0x{element.tag:02X}"
        raise ValueError(msg)
    return element.body


def _day(element: Element) -> str:
    """The day of a UTCTime or GeneralizedTime, ISO 8601."""
    digits = _expect(element, _UTC_TIME, _GENERALIZED_TIME).decode("ascii")
    if element.tag == _UTC_TIME:
        # RFC 5280, section 4.1.2.5.1.
        digits = ("20" if digits[:2] < "50" else "19") + digits
    year, month, day = digits[:4], digits[4:6], digits[6:8]
    if not digits[:8].isdecimal() or not ("01" <= month <= "12" and "01" <= day <= "31"):
        msg = "a time that is none"
        raise ValueError(msg)
    return f"{year}-{month}-{day}"


def _text(element: Element) -> str:
    return element.body.decode(_STRINGS.get(element.tag, "latin-1"))


def _name(element: Element) -> str:
    """The common name, or the whole name where it has none."""
    parts: list[str] = []
    for each in elements_of(_expect(element, _SEQUENCE)):
        for pair in elements_of(_expect(each, _SET)):
            kind, value = elements_of(_expect(pair, _SEQUENCE))[:2]
            if _expect(kind, _OID) == _COMMON_NAME:
                return _text(value)
            parts.append(f"{_ATTRIBUTES.get(kind.body, kind.body.hex())}={_text(value)}")
    return ",".join(reversed(parts))


def read_names(der: bytes) -> Names:
    """What a certificate says of itself.

    Raises:
        ValueError: it is no certificate.
    """
    whole, end = element_at(der, 0)
    if end != len(der):
        msg = "bytes behind the certificate"
        raise ValueError(msg)
    signed, algorithm, signature = elements_of(_expect(whole, _SEQUENCE))
    _expect(algorithm, _SEQUENCE)
    _expect(signature, _BIT_STRING)
    parts = elements_of(_expect(signed, _SEQUENCE))
    if parts and parts[0].tag == _VERSION:
        parts = parts[1:]
    serial, inner, issuer, validity, subject, key = parts[:6]
    _expect(inner, _SEQUENCE)
    _expect(key, _SEQUENCE)
    first, last = elements_of(_expect(validity, _SEQUENCE))
    number = int.from_bytes(_expect(serial, _INTEGER), "big", signed=True)
    return Names(_name(subject), _name(issuer), _day(first), _day(last), f"{number:x}")
