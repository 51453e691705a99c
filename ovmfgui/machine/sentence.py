"""A machine in one sentence: what it is and how its files are mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.machine.model import Kind, Mapping, StoreKind

if TYPE_CHECKING:
    from ovmfgui.machine.model import Machine
    from ovmfgui.machine.opening import OpenedMachine

_KINDS = {
    Kind.FILES: "Files",
    Kind.LIBVIRT: "libvirt domain",
    Kind.DESCRIPTOR: "Firmware descriptor",
    Kind.QEMU: "QEMU command line",
    Kind.PROXMOX: "Proxmox VM",
}


def machine_sentence(opened: OpenedMachine) -> str:
    """``libvirt domain “web1” (x86_64, pc-q35-7.2, SMM on): CODE … as flash, store …``."""
    machine = opened.machine
    facts = [machine.architecture, machine.board, _smm(machine)]
    known = ", ".join(fact for fact in facts if fact)
    name = f" “{machine.name}”" if machine.name else ""
    title = f"{_KINDS[machine.kind]}{name}{f' ({known})' if known else ''}"
    return f"{title}: {_firmware(machine)}; {_store(opened)}."


def _smm(machine: Machine) -> str:
    return {True: "SMM on", False: "SMM off", None: ""}[machine.smm]


def _firmware(machine: Machine) -> str:
    firmware = machine.firmware
    if firmware is None:
        return "no firmware is named"
    how = "flash" if firmware.how is Mapping.FLASH else "ROM"
    form = f", {firmware.format}" if firmware.format else ""
    only = ", read-only" if firmware.readonly and how == "flash" else ""
    return f"{firmware.path} as {how}{form}{only}"


def _store(opened: OpenedMachine) -> str:
    store = opened.machine.store
    match store.how:
        case StoreKind.NONE:
            return "stateless" if opened.machine.stateless else "no variable store"
        case StoreKind.UEFI_VARS:
            return f"variables in QEMU's uefi-vars device, {store.path or store.template}"
        case StoreKind.BLOCK | StoreKind.NETWORK:
            return f"its store on {store.path}"
        case _:
            pass
    form = f", {store.format}" if store.format else ""
    size = f", {store.size:,} bytes mapped" if store.size is not None else ""
    if opened.store is not None and opened.store.stands_for == "template":
        missing = (
            f"its store {store.path} does not exist, made from" if store.path else "store from"
        )
        return f"{missing} {store.template}{form}{size}"
    return f"its store {store.path}{form}{size}"


def mapping_lines(opened: OpenedMachine) -> tuple[tuple[str, str], ...]:
    """What each file is to the machine, a short line and a longer one each."""
    machine = opened.machine
    lines = []
    board = ", ".join(part for part in (machine.board, _smm(machine)) if part)
    if board:
        lines.append((board, "The machine type, and whether it has System Management Mode"))
    if machine.firmware is not None:
        how = "unit 0" if machine.firmware.how is Mapping.FLASH else "ROM"
        only = ", read-only" if machine.firmware.readonly else ""
        lines.append((f"CODE: {how}{only}", _firmware(machine)))
    lines.append((f"VARS: {_store_in_short(opened)}", _store(opened)))
    return tuple(lines)


def _store_in_short(opened: OpenedMachine) -> str:
    store = opened.machine.store
    match store.how:
        case StoreKind.NONE:
            return "none"
        case StoreKind.UEFI_VARS:
            return "QEMU's uefi-vars device"
        case StoreKind.BLOCK:
            return "on a block device, not read"
        case StoreKind.NETWORK:
            return "on the network, not read"
        case _:
            pass
    if opened.store is not None and opened.store.stands_for == "template":
        return "template (no store)"
    if opened.store is not None and opened.store.file is None:
        return opened.store.words or "not read"
    return "unit 1"
