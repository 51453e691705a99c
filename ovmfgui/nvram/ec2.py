"""EC2's UEFI data (``uefi-data``): a store's variables, packed with a dictionary and in base64.

Format: awslabs/python-uefivars, pyuefivars/aws.py and aws_v0.py. The dictionary that version 0 is
packed with is a file of python-uefivars that virt-firmware has too; it is not part of this program
and is read where one of the two is installed.
"""

from __future__ import annotations

import sys
import zlib
from base64 import b64decode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from ovmfgui.budgets import MOST_EC2
from ovmfgui.nvram.exchange import Variable
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.timestamp import SIZE as TIMESTAMP_SIZE
from ovmfgui.refusal import Refused
from ovmfgui.structure import Bytes, Guid, Structure, UInt32

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC = b"AMZNUEFI"
_ENCODED = b"QU1aTlVFRk"
_NUMBER = 8
"""Bytes of a number: how many variables there are, and how long what follows is."""
_DICTIONARIES = ("pyuefivars/dict.v0", "virt/firmware/aws/dict.v0")
_SYSTEM_PACKAGES = ("/usr/lib/python3/dist-packages", "/usr/lib/python3*/site-packages")
_CASTAGNOLI = 0x82F63B78
"""CRC-32C's polynomial, reversed (RFC 3720, appendix B.4)."""


class Ec2Header(Structure):
    """What stands in front of the packed variables; Crc32c is of all behind itself."""

    Magic: Annotated[bytes, Bytes(8)]
    Crc32c: UInt32
    Version: UInt32


class Ec2Tail(Structure):
    """What follows a variable's name and value."""

    VendorGuid: Guid
    Attributes: UInt32


_CHECKED = Ec2Header.offsetof("Version")


def is_ec2_data(contents: bytes) -> bool:
    """Whether these bytes are such data, in base64 or decoded."""
    return contents.lstrip().startswith((_MAGIC, _ENCODED))


def from_ec2(contents: bytes) -> tuple[Variable, ...]:
    """The variables in EC2's UEFI data.

    Raises:
        Refused: it is damaged, of another version, or the dictionary is not on this machine.
    """
    data = contents.lstrip()
    if not data.startswith(_MAGIC):
        try:
            data = b64decode(b"".join(data.split()), validate=True)
        except ValueError as error:
            msg = "EC2's UEFI data, damaged: it is no base64"
            raise Refused(msg) from error
    header = Ec2Header.read(data)
    if header is None:
        msg = "EC2's UEFI data, cut off inside its header"
        raise Refused(msg)
    if crc32c(data[_CHECKED:]) != header.Crc32c:
        msg = "EC2's UEFI data, damaged or cut off: its checksum is wrong"
        raise Refused(msg)
    if header.Version:
        msg = f"EC2's UEFI data of version {header.Version}; 0 is what is known"
        raise Refused(msg)
    return tuple(_entries(_unpacked(data[Ec2Header.sizeof() :])))


def _unpacked(packed: bytes) -> bytes:
    unpacking = zlib.decompressobj(zdict=_dictionary())
    try:
        plain = unpacking.decompress(packed, MOST_EC2)
    except zlib.error as error:
        msg = f"EC2's UEFI data, damaged: {error}"
        raise Refused(msg) from error
    if not unpacking.eof:
        msg = f"EC2's UEFI data, cut off or of more than {MOST_EC2:,} bytes"
        raise Refused(msg)
    return plain


def _dictionary() -> bytes:
    places = [Path(place) for place in sys.path if place]
    for pattern in _SYSTEM_PACKAGES:
        places += sorted(Path("/").glob(pattern.lstrip("/")))
    for place in places:
        for name in _DICTIONARIES:
            try:
                return (place / name).read_bytes()
            except OSError:
                continue
    msg = (
        "this is EC2's UEFI data, packed with a dictionary that is not on this machine: install "
        "python-uefivars or virt-firmware beside this program, or convert it there with: "
        "virt-fw-vars -i FILE --output-json NEW.json"
    )
    raise Refused(msg)


def _entries(plain: bytes) -> Iterator[Variable]:
    reader = _Reader(plain)
    for _ in range(reader.number()):
        name, data = reader.sized(), reader.sized()
        tail = Ec2Tail.read(reader.take(Ec2Tail.sizeof()))
        assert tail is not None
        stamp = None
        if tail.Attributes & Attributes.AT:
            stamp = reader.take(TIMESTAMP_SIZE)
            reader.sized()  # the certificate's digest, which firmware makes again
        try:
            text = name.decode("utf-8")
        except UnicodeDecodeError as error:
            msg = f"EC2's UEFI data, damaged: the name of a variable is no UTF-8 ({error})"
            raise Refused(msg) from error
        yield Variable(text, tail.VendorGuid, tail.Attributes, data, stamp)


class _Reader:
    """Takes what follows, and refuses where nothing does."""

    def __init__(self, plain: bytes) -> None:
        self._plain, self._at = plain, 0

    def take(self, size: int) -> bytes:
        part = self._plain[self._at : self._at + size]
        if len(part) != size:
            msg = f"EC2's UEFI data, damaged: what stands at byte {self._at} does not fit"
            raise Refused(msg)
        self._at += size
        return part

    def number(self) -> int:
        return int.from_bytes(self.take(_NUMBER), "little")

    def sized(self) -> bytes:
        return self.take(self.number())


def crc32c(data: bytes) -> int:
    """CRC-32C of some bytes (RFC 3720, appendix B.4)."""
    table = _table()
    value = 0xFFFFFFFF
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ 0xFFFFFFFF


@cache
def _table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (_CASTAGNOLI if value & 1 else 0)
        table.append(value)
    return tuple(table)
