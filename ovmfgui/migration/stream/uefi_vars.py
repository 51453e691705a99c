"""Variables that QEMU itself keeps: the state of its uefi-vars device, which has no flash.

Format: vmstate_uefi_vars in hw/uefi/var-service-core.c, vmstate_uefi_variable in
hw/uefi/var-service-vars.c, vmstate_uefi_var_policy in hw/uefi/var-service-policy.c (QEMU 10.0);
read from a recording of QEMU 10.0.13 (``-device uefi-vars-x64``). Digests are sent by later
versions only and were not seen on a real recording.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.dataclass import dataclass
from ovmfgui.migration.stream.source import StreamEnded, source_of
from ovmfgui.nvram.exchange import Variable, to_json
from ovmfgui.nvram.record import Attributes

if TYPE_CHECKING:
    from ovmfgui.migration.stream.source import Source

DEVICES = ("uefi-vars-x64", "uefi-vars-sysbus")
"""TYPE_UEFI_VARS_X64 and TYPE_UEFI_VARS_SYSBUS (include/hw/uefi/var-service.h)."""

_SUBSECTION = 0x05
_DIGEST = "uefi-variable-digest"


@dataclass(frozen=True, slots=True)
class UefiVars:
    """What the device held.

    Attributes:
        device: its type.
        variables: in its order, volatile ones too.
        digests: of the certificates that signed them; None for one that was not signed so.
        exited_boot_services: whether the guest had gone on to its operating system.
    """

    device: str
    variables: tuple[Variable, ...]
    digests: tuple[bytes | None, ...]
    exited_boot_services: bool

    def to_json(self) -> str:
        """The JSON file of the device: what is kept over a power-off, digests with it."""
        kept = [
            (variable, digest)
            for variable, digest in zip(self.variables, self.digests, strict=True)
            if variable.attributes & Attributes.NV
        ]
        document = json.loads(to_json(variable for variable, _ in kept))
        for entry, (_, digest) in zip(document["variables"], kept, strict=True):
            if digest is not None:
                entry["digest"] = digest.hex()
        return json.dumps(document, indent=4) + "\n"


def read_uefi_vars(device: str, body: bytes) -> UefiVars | None:
    """The state in a section's body; None where it is not of the form that is known."""
    source = source_of(body)
    try:
        state = _state(device, source)
    except (StreamEnded, ValueError):
        return None
    return state if source.offset == len(body) else None


def _state(device: str, source: Source) -> UefiVars:
    source.skip(2)  # sts
    buffer = source.number(4)
    source.skip(4 + 4 + 4)  # buf_addr_lo, buf_addr_hi, pio_xfer_offset
    source.skip(buffer)
    _end_of_dxe, _ready, exited, _locked = source.take(4)
    source.skip(8)  # used_storage
    variables, digests = [], []
    while source.number(1):
        variables.append(_variable(source))
        digests.append(_digest(source))
    while source.number(1):
        source.skip(source.number(4))  # a policy
    return UefiVars(device, tuple(variables), tuple(digests), bool(exited))


def _variable(source: Source) -> Variable:
    guid = UUID(bytes_le=source.take(16))
    name_size, data_size, attributes = struct.unpack(">III", source.take(12))
    name = source.take(name_size).decode("utf-16-le", "surrogatepass").removesuffix("\0")
    data = source.take(data_size)
    year, *rest = struct.unpack(">H5BI", source.take(11))
    # EFI_TIME as a store has it; time zone and daylight are not sent.
    time = struct.pack("<H5BxIhBx", year, *rest, 0, 0)
    timed = attributes & Attributes.AT
    return Variable(name, guid, attributes, data, time if timed else None)


def _digest(source: Source) -> bytes | None:
    """The digest of the certificate that a variable was signed with, a subsection of its own."""
    header = bytes((_SUBSECTION, len(_DIGEST))) + _DIGEST.encode()
    if source.peek(len(header))[: len(header)] != header:
        return None
    source.skip(len(header) + 4)
    return source.take(source.number(4))
