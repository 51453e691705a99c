"""A machine, and the files that an answer rests on, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.flash.image import FlashFile, Image
    from ovmfgui.hosts.matrix import FileRead
    from ovmfgui.machine.chips import ChipFile
    from ovmfgui.machine.folder import PassedOver
    from ovmfgui.machine.opening import OpenedMachine


def file_json(file: FlashFile | FileRead) -> dict[str, Any]:
    """A plain file that was read: it stands for itself."""
    return {
        "path": file.path,
        "sha256": file.sha256,
        "size": file.size,
        "format": str(file.format),
        "stands_for": None,
    }


def passed_over_json(passed_over: Iterable[PassedOver]) -> list[dict[str, Any]]:
    """What an answer says nothing of."""
    return [{"path": p.path, "reason": p.reason, "failed": p.failed} for p in passed_over]


def files_of_image(image: Image) -> list[dict[str, Any]]:
    """The files that were read, CODE first."""
    return [file_json(file) for file in image.files]


def files_of_machine(opened: OpenedMachine) -> list[dict[str, Any]]:
    """Every flash file that was read for a machine, CODE first, and in whose place."""
    return [_file(each) for each in opened.files]


def _file(chip: ChipFile) -> dict[str, Any]:
    assert chip.file is not None
    return {
        "path": chip.path,
        "sha256": chip.file.sha256,
        "size": chip.file.size,
        "format": None if chip.content is None else str(chip.content),
        "stands_for": chip.stands_for,
    }


def machine_json(opened: OpenedMachine) -> dict[str, Any]:
    """What the definition tells; null where it does not."""
    from ovmfgui.machine.addresses import firmware_address, store_address

    machine, store = opened.machine, opened.machine.store
    firmware = machine.firmware
    return {
        "kind": str(machine.kind),
        "name": machine.name or None,
        "architecture": machine.architecture,
        "board": machine.board,
        "smm": machine.smm,
        "stateless": machine.stateless,
        "secure": machine.secure,
        "firmware": None
        if firmware is None
        else {
            "how": str(firmware.how),
            "path": firmware.path,
            "format": firmware.format,
            "size": _mapped(opened.firmware, firmware.size),
            "address": firmware_address(opened),
            "readonly": firmware.readonly,
        },
        "store": {
            "how": str(store.how),
            "path": store.path or None,
            "format": store.format,
            "size": _mapped(opened.store, store.size),
            "address": store_address(opened),
            "template": store.template or None,
            "exists": opened.store_exists,
        },
        "not_understood": [{"text": each.text, "why": each.why} for each in machine.not_understood],
    }


def _mapped(chip: ChipFile | None, declared: int | None) -> int | None:
    """Bytes that the guest sees of a file."""
    if chip is not None and chip.file is not None:
        return chip.file.size
    return declared
