"""Booting real firmware under QEMU with a variable store, and asking it what it sees.

The UEFI shell that is built into Debian's images runs startup.nsh from a FAT image; that lists the
variables into a file on the image, which is read back from here.
"""

import subprocess
import tempfile
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from boot_records import changed, changes, digest_of, on_record, version_of
from debian_firmware import CODE_2M, CODE_4M, CODE_4M_SECBOOT, CODE_AA64
from guest_run import run_guest

from ovmfgui.migration.engine.firmware_words import DEAD, NO_BOOT_OPTION

_SCRIPT = "@echo -off\r\nfs0:\r\n{lines}dmpstore -all -s vars.bin\r\nreset -s\r\n"
_FAT_SIZE = 64 << 20
# A boot takes 10 to 15 s alone, several times that when all cores are busy.
_PATIENCE = 200
# What firmware says when it will not get to the script.
_HOPELESS = (NO_BOOT_OPTION, *DEAD)


@dataclass(frozen=True)
class Machine:
    """What QEMU has to be told to run one build of the firmware."""

    program: str
    arguments: tuple[str, ...]
    code: Path


_X86 = ("-cpu", "qemu64", "-m", "256")
_SMM = (
    "-global",
    "driver=cfi.pflash01,property=secure,value=on",
    "-global",
    "ICH9-LPC.disable_s3=1",
)
MACHINES = {
    "2M": Machine("qemu-system-x86_64", ("-machine", "q35,accel=tcg,smm=off", *_X86), CODE_2M),
    "4M": Machine("qemu-system-x86_64", ("-machine", "q35,accel=tcg,smm=off", *_X86), CODE_4M),
    "4M-secboot": Machine(
        "qemu-system-x86_64", ("-machine", "q35,accel=tcg,smm=on", *_SMM, *_X86), CODE_4M_SECBOOT
    ),
    "AAVMF": Machine(
        "qemu-system-aarch64",
        ("-machine", "virt,accel=tcg", "-cpu", "cortex-a57", "-m", "512"),
        CODE_AA64,
    ),
}


@dataclass(frozen=True)
class Boot:
    """What a boot left behind.

    Attributes:
        variables: what firmware lists, volatile variables too: attributes and value by GUID and
            name; None where it never got so far.
        after: the bytes of the store after the boot.
        serial: what the firmware wrote to its serial port.
    """

    variables: dict[tuple[UUID, str], tuple[int, bytes]] | None
    after: bytes
    serial: str


def boot_firmware(build, store, *, script=(), files=None, alike=None, patience=_PATIENCE):
    """Boot a build ("2M", "4M", "4M-secboot", "AAVMF") with the bytes of a store.

    ``script`` are lines of the UEFI shell to run before the variables are listed, ``files`` are
    put on its disk by their names. ``alike`` has for files that are made anew each time, a
    signature with the time of day for one, what firmware's answer depends on instead.
    """
    machine, files = MACHINES[build], files or {}

    def boot():
        with tempfile.TemporaryDirectory(prefix="firmware-boot-") as folder:
            return _boot(machine, store, script, files, patience, Path(folder))

    alike = files | (alike or {})
    named = [part for name in sorted(files) for part in (name, alike[name])]
    code = digest_of(machine.code)
    inputs = (version_of(machine.program), *machine.arguments, code, *script, *named, store)
    seen = on_record(inputs, boot)
    listed = seen["listed"]
    return Boot(
        None if listed is None else parse_dmpstore(listed),
        changed(store, seen["store"]),
        seen["serial"],
    )


def _boot(machine, store, script, files, patience, folder):
    vars_file, fat = folder / "vars.fd", folder / "fat.img"
    vars_file.write_bytes(store)
    _make_fat(fat, _SCRIPT.format(lines="".join(f"{line}\r\n" for line in script)))
    for name, contents in files.items():
        _put(fat, name, contents)
    arguments = [
        *machine.arguments,
        *("-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={machine.code}"),
        *("-drive", f"if=pflash,format=raw,unit=1,file={vars_file}"),
        *("-drive", f"if=none,id=disk,format=raw,file={fat}"),
        *("-device", "virtio-blk-pci,drive=disk,bootindex=1"),
    ]
    deadline = time.monotonic() + patience

    def hopeless(_pid, seen):
        return time.monotonic() > deadline or any(words in seen for words in _HOPELESS)

    printed, complaint = run_guest(machine.program, arguments, folder, hopeless)
    listed = folder / "vars.bin"
    copied = subprocess.run(
        ["mcopy", "-n", "-i", fat, "::vars.bin", listed], capture_output=True, check=False
    )
    return {
        "listed": listed.read_bytes() if copied.returncode == 0 else None,
        "store": changes(store, vars_file.read_bytes()),
        "serial": printed + complaint,
    }


def _make_fat(image, script):
    with image.open("wb") as file:
        file.truncate(_FAT_SIZE)
    subprocess.run(["mkfs.vfat", "-F", "32", image], check=True, capture_output=True)
    _put(image, "startup.nsh", script.encode())


def _put(image, name, contents):
    subprocess.run(
        ["mcopy", "-i", image, "-", f"::{name}"], input=contents, check=True, capture_output=True
    )


def dmpstore_file(name, guid, attributes, data):
    """A file that ``dmpstore -l`` hands to SetVariable; the inverse of ``parse_dmpstore``."""
    raw = (name + "\0").encode("utf-16-le")
    head = len(raw).to_bytes(4, "little") + len(data).to_bytes(4, "little") + raw
    whole = head + guid.bytes_le + attributes.to_bytes(4, "little") + data
    return whole + zlib.crc32(whole).to_bytes(4, "little")


def parse_dmpstore(data):
    """The variables in a file that the shell's ``dmpstore -s`` wrote, by GUID and name.

    Each is sizes of name and data, name, GUID, attributes, data, and a CRC-32 of all that.
    """
    variables = {}
    at = 0
    while at < len(data):
        name_size = int.from_bytes(data[at : at + 4], "little")
        data_size = int.from_bytes(data[at + 4 : at + 8], "little")
        name_end = at + 8 + name_size
        end = name_end + 20 + data_size
        assert zlib.crc32(data[at:end]) == int.from_bytes(data[end : end + 4], "little")
        name = data[at + 8 : name_end].decode("utf-16-le").removesuffix("\0")
        guid = UUID(bytes_le=data[name_end : name_end + 16])
        attributes = int.from_bytes(data[name_end + 16 : name_end + 20], "little")
        variables[guid, name] = (attributes, data[name_end + 20 : end])
        at = end + 4
    return variables
