"""Secure Boot at a glance: what firmware will make of a store's keys and switches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram import timestamp, vendors
from ovmfgui.nvram.decode.certificate import Certificate, read_certificate
from ovmfgui.nvram.signature_list import X509, parse_signature_lists

if TYPE_CHECKING:
    from uuid import UUID

    from ovmfgui.nvram.store import Store

_KEYS: tuple[tuple[UUID, str], ...] = (
    (vendors.GLOBAL, "PK"),
    (vendors.GLOBAL, "KEK"),
    (vendors.IMAGE_SECURITY, "db"),
    (vendors.IMAGE_SECURITY, "dbx"),
)


class KeyDatabase(NamedTuple):
    """One of PK, KEK, db and dbx.

    Attributes:
        name: of the variable.
        certificates: subjects of its X.509 certificates; the unreadable ones are left out.
        authorities: which of Microsoft's generations are among them, "Microsoft 2011" and so on.
        others: subjects of those that are not Microsoft's.
        hashes: how many of its signatures are no certificates.
        stamped: the time stamp of its last update, ISO 8601; empty where there is none. It says
            nothing of how new the list is: 2010-03-06 is that of all of Microsoft's updates.
    """

    name: str
    certificates: tuple[str, ...]
    authorities: tuple[str, ...]
    others: tuple[str, ...]
    hashes: int
    stamped: str

    @property
    def summary(self) -> str:
        """Its name and what is in it, in short."""
        what = [*self.authorities, *self.others[:2]]
        if len(self.others) > 2:
            what.append(f"{len(self.others) - 2} more certificates")
        if self.hashes:
            what.append(f"{self.hashes} hash{'' if self.hashes == 1 else 'es'}")
        return f"{self.name}: {', '.join(what) or 'empty'}"


class SecureBoot(NamedTuple):
    """What the firmware of a store will say of Secure Boot, if its build has it.

    Attributes:
        setup_mode: there is no PK: anyone may enrol keys, and nothing is checked.
        enabled: what is started will be checked.
        custom_mode: firmware setup may change keys without a signature.
        keys: the databases that are there.
    """

    setup_mode: bool
    enabled: bool
    custom_mode: bool
    keys: tuple[KeyDatabase, ...]

    @property
    def summary(self) -> str:
        """The mode and what each database holds, in one sentence."""
        if self.setup_mode:
            return "setup mode: no PK is enrolled, nothing is checked"
        mode = "user mode, " + ("on" if self.enabled else "switched off")
        return "; ".join([mode, *(each.summary for each in self.keys)])


def _database(store: Store, guid: UUID, name: str) -> KeyDatabase | None:
    record = store.by_key.get((guid, name))
    if record is None:
        return None
    certificates: list[Certificate | None] = []
    hashes = 0
    for each in parse_signature_lists(record.data).lists:
        if each.type == X509:
            certificates.extend(read_certificate(s.data) for s in each.signatures)
        else:
            hashes += len(each.signatures)
    known = [certificate for certificate in certificates if certificate is not None]
    return KeyDatabase(
        name=name,
        certificates=tuple(certificate.subject for certificate in known),
        authorities=tuple(dict.fromkeys(c.authority for c in known if c.authority)),
        others=tuple(c.subject for c in known if not c.authority),
        hashes=hashes,
        stamped=timestamp.text(record.timestamp),
    )


def _switch(store: Store, guid: UUID, name: str) -> int | None:
    record = store.by_key.get((guid, name))
    return record.data[0] if record is not None and record.data else None


def secure_boot(store: Store) -> SecureBoot | None:
    """Secure Boot as firmware will see it; None in a store that cannot have it.

    The rules are those of AuthVariableLib and SecurityPkg: without a PK the machine is in setup
    mode; with one Secure Boot is on unless SecureBootEnable says otherwise.
    """
    if not store.authenticated:
        return None
    keys = tuple(
        found for guid, name in _KEYS if (found := _database(store, guid, name)) is not None
    )
    setup = not any(each.name == "PK" for each in keys)
    enable = _switch(store, vendors.SECURE_BOOT_ENABLE, "SecureBootEnable")
    return SecureBoot(
        setup_mode=setup,
        enabled=not setup and enable != 0,
        custom_mode=_switch(store, vendors.CUSTOM_MODE, "CustomMode") == 1,
        keys=keys,
    )
