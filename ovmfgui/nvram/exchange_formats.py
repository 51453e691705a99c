"""Which of the formats that variables come in a file has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.containers import other_firmware, packed_in
from ovmfgui.flash.image import Format
from ovmfgui.flash.json_text import is_json_store
from ovmfgui.flash.role import role_of
from ovmfgui.flash.source import MAX_SIZE, packed_format, unpack
from ovmfgui.nvram.ec2 import from_ec2, is_ec2_data
from ovmfgui.nvram.exchange import (
    Variable,
    from_dmpstore,
    from_efivarfs,
    from_json,
    is_efivarfs_name,
    variables_of,
)
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.uboot import from_uboot, is_uboot_store
from ovmfgui.nvram.vmware import from_vmware, is_vmware_nvram
from ovmfgui.refusal import Refused, wall

if TYPE_CHECKING:
    from collections.abc import Callable

_VIRTUALBOX = "efi/nvram"
_KNOWN = (
    "the JSON of QEMU, virt-firmware and python-uefivars, a dmpstore file, a file copied from "
    "efivarfs, U-Boot's ubootefi.var, VMware's .nvram, EC2's uefi-data or another variable store"
)

_FORMATS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], tuple[Variable, ...]]], ...] = (
    (is_uboot_store, from_uboot),
    (is_vmware_nvram, from_vmware),
    (is_ec2_data, from_ec2),
)
"""Told by how they begin."""


def read_variables(name: str, contents: bytes) -> tuple[Variable, ...]:
    """The variables in a file of any of these formats, told from its contents and name.

    Raises:
        Refused: it is of none of them; of one that is known by name the next step is told.
    """
    with wall(name):
        return _read_variables(name, contents)


def _read_variables(name: str, contents: bytes) -> tuple[Variable, ...]:
    if packed_format(contents) is not Format.RAW:
        contents, _form = unpack(name, contents)
    if is_efivarfs_name(name):
        return (from_efivarfs(name, contents),)
    for is_of_this_format, variables_in in _FORMATS:
        if is_of_this_format(contents):
            return variables_in(contents)
    if is_json_store(contents) or contents.lstrip()[:1] == b"{":
        return from_json(contents.decode("utf-8", "replace"))
    if (packed := packed_in(contents)) is not None:
        if "tar archive" in packed.name and (found := _from_virtualbox(name, contents)) is not None:
            return found
        raise _no_variables(name, packed.name, packed.step)
    if len(contents) <= MAX_SIZE and role_of(contents) is not None:
        return _from_flash(contents)
    if (firmware := other_firmware(contents)) is not None:
        raise _no_variables(name, firmware.name, firmware.step)
    return _from_dmpstore(contents)


def _no_variables(name: str, what: str, step: str) -> Refused:
    return Refused(f"this is {what}; {step.format(path=name)}")


def _from_flash(contents: bytes) -> tuple[Variable, ...]:
    store = read_store(contents)
    if not store.readable:
        msg = f"this is a flash image without variables; give {_KNOWN}"
        raise Refused(msg)
    return variables_of(store)


def _from_virtualbox(name: str, contents: bytes) -> tuple[Variable, ...] | None:
    """The variables in VirtualBox's .nvram, which is a tar archive from version 7 on.

    The member's name is that of src/VBox/Main/src-all/NvramStoreImpl.cpp. None: no such archive.
    """
    import tarfile
    from io import BytesIO

    try:
        with tarfile.open(fileobj=BytesIO(contents), mode="r:") as archive:
            member = archive.extractfile(_VIRTUALBOX)
            data = b"" if member is None else member.read(MAX_SIZE)
    except (tarfile.TarError, KeyError, OSError):
        return None
    if role_of(data) is None:
        msg = f"{_VIRTUALBOX} in {name} is no variable store"
        raise Refused(msg)
    return _from_flash(data)


def _from_dmpstore(contents: bytes) -> tuple[Variable, ...]:
    try:
        return from_dmpstore(contents)
    except Refused as reason:
        if "damaged" in str(reason):
            raise
        msg = f"this is none of the formats that are known ({reason}); give {_KNOWN}"
        raise Refused(msg) from None
