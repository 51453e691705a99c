"""Well-known variables: whose they are and what attributes they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode.registry import decoder_for
from ovmfgui.nvram.record import Attributes

if TYPE_CHECKING:
    from uuid import UUID

_NV_BS = Attributes.NV | Attributes.BS
_NV_BS_RT = _NV_BS | Attributes.RT
_AUTHENTICATED = _NV_BS_RT | Attributes.AT
# Vendors whose variables the running operating system does not get to see.
_BOOT_ONLY = frozenset(
    (
        vendors.SECURE_BOOT_ENABLE,
        vendors.CUSTOM_MODE,
        vendors.SHIM,
        vendors.ISCSI_CONFIG,
        vendors.ISCSI_INITIATOR,
        vendors.OVMF_PLATFORM,
        vendors.MTC,
        vendors.MEMORY_TYPE,
    )
)


def vendor_of(name: str) -> UUID | None:
    """The vendor of a well-known variable; None where the name says nothing."""
    return next((guid for guid in vendors.ALL if decoder_for(guid, name) is not None), None)


def attributes_of(guid: UUID, name: str) -> int:
    """The attributes that a well-known variable is created with; NV, BS and RT for any other."""
    if guid == vendors.IMAGE_SECURITY or (guid == vendors.GLOBAL and name in ("PK", "KEK")):
        return int(_AUTHENTICATED)
    if guid == vendors.VENDOR_KEYS_NV:
        return int(_NV_BS | Attributes.AT)
    return int(_NV_BS if guid in _BOOT_ONLY else _NV_BS_RT)
