"""Converted stores, judged by the firmware that they were made for."""

import pytest
from debian_firmware import CODE_2M, CODE_4M, CODE_AA64
from firmware_boot import boot_firmware
from stores import real_store

from ovmfgui.layout.conversion import convert, convert_to_json
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store

pytestmark = [pytest.mark.firmware, pytest.mark.boots, pytest.mark.timeout(600)]

# What firmware itself writes anew while it boots, or leaves out on other hardware.
REWRITTEN = ("MTC", "Con", "ErrOut", "Boot", "Timeout", "MemoryType", "Lang", "PlatformLang", "Key")


def startable(data: bytes) -> bytes:
    """The store with what keeps the shell from running, or from running soon, taken out."""
    for name in ("SecureBootEnable", "Timeout"):
        record = read_store(data).find(name)
        if record is not None:
            data = Editor(data).set_variable(name, record.guid, bytes(len(record.data))).after
    return data


@pytest.mark.parametrize(
    ("source", "build", "code"),
    [
        ("ovmf-4m-lived", "2M", CODE_2M),
        ("ovmf-2m-ms-lived", "4M", CODE_4M),
        ("ovmf-4m-lived", "AAVMF", CODE_AA64),
        ("aavmf-lived", "4M", CODE_4M),
    ],
)
def test_the_new_firmware_lists_every_variable(source, build, code):
    old = startable(real_store(source))
    made = convert(read_store(old), old, open_image([code]))
    boot = boot_firmware(build, made.data)
    assert boot.variables is not None, boot.serial[-500:]
    expected = {
        record.key: (record.attributes, record.data)
        for record in read_store(old).live
        if not record.name.startswith(REWRITTEN)
    }
    assert len(expected) > 10
    assert {key: boot.variables.get(key) for key in expected} == expected


def test_what_comes_out_of_a_json_store_is_listed_too():
    old = startable(real_store("ovmf-2m-ms-lived"))
    in_json = convert_to_json(read_store(old)).data
    made = convert(read_store(in_json), in_json, open_image([CODE_4M]))
    boot = boot_firmware("4M", made.data)
    assert boot.variables is not None, boot.serial[-500:]
    expected = {
        record.key: (record.attributes, record.data)
        for record in read_store(in_json).live
        if not record.name.startswith(REWRITTEN)
    }
    assert len(expected) > 10
    assert {key: boot.variables.get(key) for key in expected} == expected
