"""PCR 7 of a TPM: what firmware measures of the keys before it starts anything.

edk2's Tcg2Dxe (SecurityPkg, MeasureAllSecureVariables) extends it with one event for each of
SecureBoot, PK, KEK, db and dbx, for dbt and dbr where they have a value, and with a separator. What
comes behind that depends on what is started (EV_EFI_VARIABLE_AUTHORITY, the entry of db that
vouched for a loader, and shim's own): it is the same as before as long as the same is started by
the same entry.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.vendors import GLOBAL, IMAGE_SECURITY, SECURE_BOOT_ENABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.store import Store

    Variables = Mapping[tuple[UUID, str], bytes]

_ALWAYS = ((GLOBAL, "PK"), (GLOBAL, "KEK"), (IMAGE_SECURITY, "db"), (IMAGE_SECURITY, "dbx"))
_IF_THERE = ((IMAGE_SECURITY, "dbt"), (IMAGE_SECURITY, "dbr"))
_SWITCH = (SECURE_BOOT_ENABLE, "SecureBootEnable")
_MEASURED = frozenset((*_ALWAYS, *_IF_THERE, _SWITCH))
_SEPARATOR = bytes(4)


class Event(NamedTuple):
    """An event of the log of PCR 7.

    Attributes:
        name: of the variable; ``separator`` for that.
        data: UEFI_VARIABLE_DATA (TCG PC Client Platform Firmware Profile, 10.2.6), which is what
            is hashed.
    """

    name: str
    data: bytes

    def digest(self, algorithm: str = "sha256") -> bytes:
        """What PCR 7 is extended with."""
        return hashlib.new(algorithm, self.data).digest()


def measured(variables: Variables) -> tuple[Event, ...]:
    """The events of a store's keys, in the order of the log.

    Args:
        variables: values by GUID and name.
    """
    keys: list[tuple[UUID, str, bytes]] = [(GLOBAL, "SecureBoot", _secure_boot(variables))]
    keys += [(guid, name, variables.get((guid, name), b"")) for guid, name in _ALWAYS]
    keys += [(*key, variables[key]) for key in _IF_THERE if variables.get(key)]
    events = [Event(name, _variable_data(guid, name, data)) for guid, name, data in keys]
    return (*events, Event("separator", _SEPARATOR))


def _secure_boot(variables: Variables) -> bytes:
    """What SecureBoot will be: on with a PK, unless it is switched off (AuthVariableLib)."""
    if (GLOBAL, "PK") not in variables:
        return b"\0"
    return variables.get(_SWITCH, b"\1")[:1]


def _variable_data(guid: UUID, name: str, data: bytes) -> bytes:
    head = guid.bytes_le + len(name).to_bytes(8, "little") + len(data).to_bytes(8, "little")
    return head + name.encode("utf-16-le") + data


def extended(events: Iterable[Event], algorithm: str = "sha256") -> bytes:
    """PCR 7 once these events are in it."""
    value = bytes(hashlib.new(algorithm).digest_size)
    for event in events:
        value = hashlib.new(algorithm, value + event.digest(algorithm)).digest()
    return value


def pcr7(variables: Variables, algorithm: str = "sha256") -> bytes:
    """PCR 7 before anything is started, as bytes of the digest that the bank has."""
    return extended(measured(variables), algorithm)


class Pcr7Change(NamedTuple):
    """PCR 7 (SHA-256) before and after an edit that changes it."""

    before: bytes
    after: bytes

    @property
    def sentence(self) -> str:
        """Both values, and what the change means for disks that are sealed to PCR 7."""
        return (
            f"PCR 7 changes at the next start (SHA-256 {self.before.hex()} becomes "
            f"{self.after.hex()}, before anything is started): disk encryption that is sealed to "
            "it (BitLocker, LUKS with a TPM) will ask for its recovery key. Suspend it, or have "
            "the key at hand."
        )


def pcr7_change(before: Store, edit: Edit) -> Pcr7Change | None:
    """What an edit makes of PCR 7; None where it stays.

    Args:
        before: the store that the edit was made for.
        edit: not saved yet.
    """
    if not edit.writes:
        return None
    if edit.step is not None:
        touched = (edit.step.added, edit.step.retired)
        if all(record is None or record.key not in _MEASURED for record in touched):
            return None
    return pcr7_between(before, read_store(edit.after))


def pcr7_between(before: Store, after: Store) -> Pcr7Change | None:
    """PCR 7 of one state of a store and of a later one; None where it is the same."""
    first, then = pcr7(_values(before)), pcr7(_values(after))
    return None if first == then else Pcr7Change(first, then)


def _values(store: Store) -> Variables:
    return {key: record.data for key, record in store.by_key.items() if key in _MEASURED}
