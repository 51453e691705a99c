"""What shim makes of grub: a real shim in real firmware starts what the tool says."""

import datetime
import functools
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from boot_records import on_record
from cryptography.hazmat.primitives import serialization
from debian_firmware import CODE_4M_SECBOOT, VARS_4M_MS
from secure_boots import MACHINE, recorded_inputs
from signed_updates import OWNER, own_key

from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.signature_list import SHA256, X509, build_signature_list
from ovmfgui.nvram.vendors import IMAGE_SECURITY, SHIM
from ovmfgui.trust.binary import binary_of
from ovmfgui.trust.boot_chain import chains_of, loaders_on
from ovmfgui.trust.known import known_certificates
from ovmfgui.trust.overview import overview

pytestmark = [pytest.mark.firmware, pytest.mark.boots, pytest.mark.timeout(600)]

SHIM_FILE = Path("/usr/lib/shim/shimx64.efi.signed")
GRUB_FILE = Path("/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed")
PLAIN = 0x3
STARTED = ("grub>", "GNU GRUB", "Minimal BASH-like")
REFUSED = ("Verification failed", "Security Violation", "Security Policy Violation", "MokManager")


@functools.cache
def unsigned() -> bytes:
    return _worked(GRUB_FILE.read_bytes(), "sbattach", "--remove")


def _worked(data: bytes, *command: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "binary.efi")
        file.write_bytes(data)
        subprocess.run([*command, file], check=True, capture_output=True)
        return file.read_bytes()


@functools.cache
def signed_by_us() -> bytes:
    key = own_key("Grub")
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        none = serialization.NoEncryption()
        (where / "key.pem").write_bytes(key.private.private_bytes(pem, form, none))
        (where / "cert.pem").write_bytes(key.certificate.public_bytes(pem))
        (where / "in").write_bytes(unsigned())
        command = ["sbsign", "--key", "key.pem", "--cert", "cert.pem", "--output", "out", "in"]
        subprocess.run(command, check=True, capture_output=True, cwd=where)
        return (where / "out").read_bytes()


def digest(data: bytes) -> bytes:
    return build_signature_list(SHA256, [(OWNER, binary_of("x", data).digest)])


def debian() -> bytes:
    """The certificate inside Debian's shim."""
    (file,) = [c.der for c in known_certificates().values() if c.file == "debian-2016.pem"]
    return build_signature_list(X509, [(OWNER, file)])


LEVEL = "sbat,1,2099010100\nshim,1\ngrub,99\n"
CASES = {
    # name: grub, variables of shim's (BS and NV alone), added to dbx, starts
    "signed": (GRUB_FILE.read_bytes, {}, None, True),
    "unsigned": (unsigned, {}, None, False),
    "hash in MokList": (unsigned, {"MokList": lambda: digest(unsigned())}, None, True),
    "own key": (signed_by_us, {}, None, False),
    "own key in MokList": (signed_by_us, {"MokList": lambda: own_key("Grub").lists}, None, True),
    "key in MokListX": (GRUB_FILE.read_bytes, {"MokListX": debian}, None, False),
    "hash in dbx": (
        GRUB_FILE.read_bytes,
        {},
        lambda: digest(GRUB_FILE.read_bytes()),
        False,
    ),
    "SBAT": (GRUB_FILE.read_bytes, {"SbatLevel": LEVEL.encode}, None, False),
    "validation off": (unsigned, {"MokSBState": lambda: b"\1"}, None, True),
}


def store_of(variables, dbx) -> bytes:
    editor = Editor(VARS_4M_MS.read_bytes())
    for name, value in variables.items():
        editor.go_on(editor.set_variable(name, SHIM, value(), PLAIN))
    if dbx is not None:
        editor.go_on(editor.append_variable("dbx", IMAGE_SECURITY, dbx()))
    return editor.data


def starts_in_firmware(store: bytes, disk: Path, folder: Path) -> bool:
    serial = folder / "serial"
    (folder / "vars").write_bytes(store)
    command = [
        "qemu-system-x86_64",
        *MACHINE,
        *("-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={CODE_4M_SECBOOT}"),
        *("-drive", f"if=pflash,format=raw,unit=1,file={folder / 'vars'}"),
        *("-serial", f"file:{serial}"),
        *("-drive", f"if=none,id=d,format=raw,file={disk}", "-device", "virtio-blk-pci,drive=d"),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as qemu:
        deadline = time.monotonic() + 240
        try:
            while qemu.poll() is None and time.monotonic() < deadline:
                time.sleep(0.3)
                text = serial.read_text("latin-1") if serial.exists() else ""
                if any(words in text for words in STARTED):
                    return True
                if any(words in text for words in REFUSED):
                    return False
        finally:
            qemu.kill()
    pytest.fail(f"neither started nor refused: {serial.read_text('latin-1')[-800:]}")


def disk_with(grub: bytes, folder: Path) -> Path:
    image = folder / "disk.img"
    with image.open("wb") as made:
        made.truncate(32 << 20)
    subprocess.run(["mkfs.vfat", image], check=True, capture_output=True)
    subprocess.run(["mmd", "-i", image, "::EFI", "::EFI/BOOT"], check=True, capture_output=True)
    for name, data in (("BOOTX64.EFI", SHIM_FILE.read_bytes()), ("grubx64.efi", grub)):
        put = ["mcopy", "-i", image, "-", f"::EFI/BOOT/{name}"]
        subprocess.run(put, input=data, check=True, capture_output=True)
    return image


@pytest.mark.parametrize("name", CASES)
def test_shim_starts_what_the_tool_says(name, tmp_path):
    grub, variables, dbx, expected = CASES[name]
    store = store_of(variables, dbx)
    disk = disk_with(grub(), tmp_path)
    seen = read_store(store)
    found = overview(
        {record.key: record.data for record in seen.live},
        authenticated=True,
        room=None,
        today=datetime.date(2026, 11, 1),
    )
    (chain,) = chains_of(loaders_on(str(disk)), found)
    assert [stage.by for stage in chain.stages] == ["firmware", "shim"]
    assert chain.stages[0].judgement.starts is True
    assert chain.starts is expected
    # Our own signature has the time of day in it.
    ours = grub is signed_by_us
    alike = own_key("Grub").der + unsigned() if ours else grub()
    seen_to = on_record(
        recorded_inputs(store, b"shim", SHIM_FILE.read_bytes(), alike),
        lambda: {"starts": starts_in_firmware(store, disk, tmp_path)},
    )
    assert seen_to["starts"] is expected
