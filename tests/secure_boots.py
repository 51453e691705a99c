"""Real firmware with Secure Boot, offered several binaries: which of them does it start?

Each binary lies on a disk of its own as the default loader; firmware tries one disk after the
other, and says for each whether it starts it or denies it.
"""

import re
import subprocess
import tempfile
import time
from pathlib import Path

from boot_records import digest_of, on_record, version_of
from debian_firmware import CODE_4M_SECBOOT

_SEEN = re.compile(
    r"BdsDxe: (starting|failed to load) Boot\w+ \"[^\"]*\" from PciRoot\(0x0\)/Pci\(0x([0-9A-F]+),"
)
_FIRST_SLOT = 8
_SECONDS = 240
MACHINE = (
    *("-machine", "q35,smm=on", "-accel", "tcg", "-cpu", "qemu64", "-m", "256"),
    *("-global", "driver=cfi.pflash01,property=secure,value=on"),
    *("-nodefaults", "-display", "none", "-net", "none", "-no-reboot"),
)


def recorded_inputs(store: bytes, *others: bytes) -> list[str | bytes]:
    """All that decides what firmware with Secure Boot does: what others there are, and the rest."""
    version, code = version_of("qemu-system-x86_64"), digest_of(CODE_4M_SECBOOT)
    return [version, *MACHINE, code, store, *others]


def offered(
    store: bytes, binaries: list[bytes], alike: list[bytes] | None = None
) -> list[bool | None]:
    """Whether firmware starts each binary; None where it never got that far.

    A binary that keeps the machine (grub without a configuration) goes last.

    Args:
        store: what it boots with.
        binaries: in the order of the disks they lie on.
        alike: for each what firmware's answer depends on, where its bytes are others each time (a
            signature with the time of day).
    """
    inputs = recorded_inputs(store, b"offered", *(alike or binaries))
    return on_record(inputs, lambda: {"started": _offered(store, binaries)})["started"]


def _offered(store: bytes, binaries: list[bytes]) -> list[bool | None]:
    with tempfile.TemporaryDirectory(prefix="secure-boot-") as name:
        folder = Path(name)
        (folder / "vars").write_bytes(store)
        serial = folder / "serial"
        command = [
            "qemu-system-x86_64",
            *MACHINE,
            *("-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={CODE_4M_SECBOOT}"),
            *("-drive", f"if=pflash,format=raw,unit=1,file={folder / 'vars'}"),
            *("-serial", f"file:{serial}"),
        ]
        for index, binary in enumerate(binaries):
            disk = _disk(folder, index, binary)
            command += [
                *("-drive", f"if=none,id=d{index},format=raw,readonly=on,file={disk}"),
                "-device",
                f"virtio-blk-pci,drive=d{index},addr={_FIRST_SLOT + index:#x}"
                f",bootindex={index + 1}",
            ]
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as qemu:
            return _watched(qemu, serial, len(binaries))


def _watched(qemu: subprocess.Popen, serial: Path, number: int) -> list[bool | None]:
    deadline = time.monotonic() + _SECONDS
    answers: list[bool | None] = [None] * number
    while qemu.poll() is None:
        time.sleep(0.3)
        text = serial.read_text("latin-1") if serial.exists() else ""
        for word, slot in _SEEN.findall(text):
            index = int(slot, 16) - _FIRST_SLOT
            if 0 <= index < number:
                answers[index] = word == "starting"
        if None not in answers or time.monotonic() > deadline:
            qemu.kill()
            qemu.wait()
    return answers


def _disk(folder: Path, index: int, binary: bytes) -> Path:
    image, file = folder / f"disk{index}", folder / f"loader{index}.efi"
    file.write_bytes(binary)
    with image.open("wb") as made:
        made.truncate(16 << 20)
    subprocess.run(["mkfs.vfat", image], check=True, capture_output=True)
    subprocess.run(["mmd", "-i", image, "::EFI", "::EFI/BOOT"], check=True, capture_output=True)
    target = "::EFI/BOOT/BOOTX64.EFI"
    subprocess.run(["mcopy", "-i", image, file, target], check=True, capture_output=True)
    return image
