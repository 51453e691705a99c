"""Signed updates of authenticated variables, as SetVariable takes them.

EFI_VARIABLE_AUTHENTICATION_2 (UEFI specification, section 8.2.6): an EFI_TIME, a
WIN_CERTIFICATE_UEFI_GUID with a PKCS#7 signature, and behind it the payload. A store keeps the
payload and, in the record's header, the time; the signature is checked and dropped.
"""

from __future__ import annotations

from uuid import UUID

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram import timestamp as times
from ovmfgui.nvram.authenticated import value_problem
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.record import Attributes
from ovmfgui.refusal import Refused
from ovmfgui.structure import Guid, Structure, UInt16, UInt32


class _WinCertificate(Structure):
    """WIN_CERTIFICATE_UEFI_GUID; ``dwLength`` counts the signature behind it too."""

    dwLength: UInt32
    wRevision: UInt16
    wCertificateType: UInt16
    CertType: Guid


# WIN_CERT_TYPE_EFI_GUID and EFI_CERT_TYPE_PKCS7_GUID of the same section.
_REVISION, _TYPE = 0x0200, 0x0EF1
_PKCS7 = UUID("4aafd29d-68df-49ee-8aa9-347d375665a7")
_AT = int(Attributes.AT)


class SignedUpdate(NamedTuple):
    """What a signed update brings: its EFI_TIME, 16 bytes, and the value."""

    timestamp: bytes
    payload: bytes


def read_signed_update(data: bytes) -> SignedUpdate | None:
    """The signed update that ``data`` is; None where it is none, or is cut off."""
    header = _WinCertificate.read(data, times.SIZE)
    if header is None or (header.wRevision, header.wCertificateType) != (_REVISION, _TYPE):
        return None
    end = times.SIZE + header.dwLength
    if header.CertType != _PKCS7 or header.dwLength < header.sizeof() or end > len(data):
        return None
    return SignedUpdate(data[: times.SIZE], data[end:])


def signature_of(data: bytes) -> bytes:
    """The PKCS#7 signature of what ``read_signed_update`` takes for a signed update."""
    header = _WinCertificate.read(data, times.SIZE)
    if header is None:
        return b""
    return data[times.SIZE + header.sizeof() : times.SIZE + header.dwLength]


class Written(NamedTuple):
    """A value as it is to be stored, and the time that comes with it; None without one."""

    data: bytes
    timestamp: bytes | None


def value_to_write(
    key: tuple[UUID, str], attributes: int, data: bytes, timestamp: bytes | None
) -> Written:
    """The value that firmware would store of what it is given.

    Args:
        key: GUID and name of the variable.
        attributes: of the variable.
        data: the value, or a signed update that brings it.
        timestamp: as asked for; that of a signed update where None.

    Raises:
        Refused: firmware would not take it.
    """
    update = read_signed_update(data) if attributes & _AT else None
    if update is not None:
        time = times.parse(update.timestamp)
        # VerifyTimeBasedPayload, SecurityPkg's AuthService.c.
        if time.Pad1 or time.Nanosecond or time.TimeZone or time.Daylight or time.Pad2:
            msg = (
                f"{visible_name(key[1])}: the signed update's time has more than date, hour, "
                "minute and second, and firmware takes no such update"
            )
            raise Refused(msg)
        data = update.payload
        timestamp = update.timestamp if timestamp is None else timestamp
        if not data:
            msg = f"{visible_name(key[1])}: the signed update has no value in it"
            raise Refused(msg)
    if (problem := value_problem(key, data)) is not None:
        raise Refused(problem)
    return Written(data, timestamp)
