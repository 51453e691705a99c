"""A real TPM in a real machine: what firmware has measured when it finds nothing to start.

swtpm is the TPM. The event log is found in the guest's memory, and PCR 7 is asked of the TPM itself
through its registers, by qtest, once the firmware is idle.
"""

from __future__ import annotations

import struct
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from boot_records import digest_of, on_record, version_of
from firmware_boot import MACHINES, Machine

from ovmfgui.migration.engine.process import QemuProcess, installed_qemu

if TYPE_CHECKING:
    from ovmfgui.migration.engine.qtest import Qtest

_TIS = 0xFED40000
_ACCESS, _STS, _FIFO = _TIS, _TIS + 0x18, _TIS + 0x24
_BANKS = {0x04: ("sha1", 20), 0x0B: ("sha256", 32), 0x0C: ("sha384", 48), 0x0D: ("sha512", 64)}
_LOG = b"Spec ID Event03\0"
_SECONDS = 200
# With Secure Boot the shell inside the firmware may not run.
_IDLE = ("BdsDxe: No bootable option", "Shell>")


class Logged(NamedTuple):
    """An event of the log: its PCR, type, digests by algorithm, and data."""

    pcr: int
    kind: int
    digests: dict[str, bytes]
    data: bytes


class Measured(NamedTuple):
    """What a boot left in the TPM: PCR 7 by algorithm, and the events of PCR 7 in the log."""

    pcr7: dict[str, bytes]
    events: list[Logged]


def measured_boot(build: str, store: bytes) -> Measured:
    """Boot a build with the bytes of a store and a TPM, until it says that it is idle."""
    machine = MACHINES[build]
    versions = version_of(machine.program), version_of("swtpm"), digest_of(machine.code)

    def boot():
        found = _measured_boot(machine, store)
        return {"pcr7": found.pcr7, "events": [each._asdict() for each in found.events]}

    seen = on_record([*versions, *machine.arguments, "measured", store], boot)
    return Measured(seen["pcr7"], [Logged(**each) for each in seen["events"]])


def _measured_boot(machine: Machine, store: bytes) -> Measured:
    with tempfile.TemporaryDirectory(prefix="measured-boot-") as name:
        folder = Path(name)
        (folder / "vars.fd").write_bytes(store)
        tpm = _started_tpm(folder)
        arguments = [
            *("-serial", f"file:{folder / 'serial'}", *machine.arguments),
            *("-qtest", f"unix:{folder}/qtest,server=on,wait=off", "-qtest-log", "/dev/null"),
            *("-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={machine.code}"),
            *("-drive", f"if=pflash,format=raw,unit=1,file={folder / 'vars.fd'}"),
            *("-chardev", f"socket,id=tpm,path={folder / 'tpm.sock'}"),
            *("-tpmdev", "emulator,id=tpm0,chardev=tpm", "-device", "tpm-tis,tpmdev=tpm0"),
        ]
        qemu = QemuProcess(installed_qemu(machine.program), arguments, folder)
        try:
            _wait(qemu, folder / "serial")
            events = _events(qemu, folder)
            qtest = qemu.qtest()
            return Measured({a: _pcr(qtest, 7, a) for a in ("sha1", "sha256")}, events)
        finally:
            qemu.kill()
            tpm.kill()
            tpm.wait()


def _started_tpm(folder: Path) -> subprocess.Popen:
    state = folder / "state"
    state.mkdir()
    command = ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={state}"]
    command += ["--ctrl", f"type=unixio,path={folder / 'tpm.sock'}"]
    tpm = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not (folder / "tpm.sock").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return tpm


def _wait(qemu: QemuProcess, serial: Path) -> None:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        time.sleep(0.3)
        text = serial.read_text("latin-1") if serial.exists() else ""
        if any(words in text for words in _IDLE):
            time.sleep(1.0)
            return
        assert qemu.alive, qemu.words
    raise AssertionError(text[-500:])


def _events(qemu: QemuProcess, folder: Path) -> list[Logged]:
    """The crypto-agile log (TCG PC Client Platform Firmware Profile, 10.2) in memory."""
    memory = folder / "memory"
    qemu.monitor.execute("pmemsave", val=0, size=256 << 20, filename=str(memory))
    data = memory.read_bytes()
    logs = []
    at = data.find(_LOG)
    while at >= 0:
        logs.append(_log(data, at - 32))
        at = data.find(_LOG, at + 1)
    # Firmware keeps more copies than one; the longest is the whole.
    return [each for each in max(logs, key=len) if each.pcr == 7]


def _log(data: bytes, at: int) -> list[Logged]:
    size = int.from_bytes(data[at + 28 : at + 32], "little")
    at += 32 + size
    events = []
    while True:
        pcr, kind, count = struct.unpack_from("<III", data, at)
        if pcr > 23 or not 1 <= count <= 5 or not kind:
            return events
        at += 12
        digests = {}
        for _ in range(count):
            name, length = _BANKS[int.from_bytes(data[at : at + 2], "little")]
            digests[name] = data[at + 2 : at + 2 + length]
            at += 2 + length
        length = int.from_bytes(data[at : at + 4], "little")
        events.append(Logged(pcr, kind, digests, data[at + 4 : at + 4 + length]))
        at += 4 + length


def _pcr(qtest: Qtest, number: int, algorithm: str) -> bytes:
    """TPM2_PCR_Read (TCG TPM 2.0 Library, part 3) through the FIFO of locality 0."""
    bank = next(key for key, (name, _) in _BANKS.items() if name == algorithm)
    select = bytearray(3)
    select[number // 8] = 1 << number % 8
    body = struct.pack(">IHB", 1, bank, 3) + select
    answer = _asked(qtest, struct.pack(">HII", 0x8001, 10 + len(body), 0x17E) + body)
    size = _BANKS[bank][1]
    assert int.from_bytes(answer[6:10], "big") == 0
    assert len(answer) >= size + 12
    return answer[-size:]


def _asked(qtest: Qtest, command: bytes) -> bytes:
    """A command and its answer (TCG PC Client Platform TPM Profile, 6.5: TIS)."""

    def read(address: int) -> int:
        return int(qtest.run([f"readb 0x{address:x}"])[0], 16)

    def write(address: int, *values: int) -> None:
        qtest.run([f"writeb 0x{address:x} 0x{value:x}" for value in values])

    write(_ACCESS, 2)
    _until(lambda: read(_ACCESS) & 0x20)
    write(_STS, 0x40)
    _until(lambda: read(_STS) & 0x40)
    write(_FIFO, *command)
    write(_STS, 0x20)
    _until(lambda: read(_STS) & 0x10)
    head = bytes(read(_FIFO) for _ in range(10))
    rest = int.from_bytes(head[2:6], "big") - 10
    return head + bytes(read(_FIFO) for _ in range(rest))


def _until(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
