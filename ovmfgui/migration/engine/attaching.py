"""The flash of a QEMU that runs already, looked at through its monitor without touching the guest.

Nothing here stops the guest, resets a chip or moves a byte in it: no ``stop``, no ``migrate``.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui.budgets import MONITOR_SECONDS
from ovmfgui.dataclass import dataclass
from ovmfgui.finding import Finding, Severity
from ovmfgui.flash.placement import MAX_CHIP_SIZE
from ovmfgui.flash.source import read_regular
from ovmfgui.flash.standard_input import STANDARD_INPUT
from ovmfgui.migration.engine.monitor import Monitor, MonitorClosed
from ovmfgui.migration.stream.devices import ChipSection
from ovmfgui.migration.stream.recording import FlashContents, Recording, StreamBlock
from ovmfgui.pflash.contents import Pages
from ovmfgui.pflash.state import CommandState
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NEVER_QEMUS = (LookupError, TypeError, ValueError, AttributeError, RecursionError)
"""What reading an answer fails with that QEMU's monitor never gives, however deep it nests."""

LIVE = "live"
"""The format of a ``Recording`` that was taken from a running QEMU."""

_PAGE = 4096
_CHIP = re.compile(
    r"^ +(?P<start>[0-9a-f]{16})-(?P<end>[0-9a-f]{16}) \(prio -?\d+, (?P<mode>romd|i/o|rom)\): "
    r"(?P<name>(?:system|virt)\.flash(?P<unit>\d))\s*$",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class MappedChip:
    """A flash chip in the guest's memory map; ``reads`` says whether reads give its array."""

    name: str
    unit: int
    address: int
    size: int
    reads: bool


def attach(path: str | Path) -> Recording:
    """What a running QEMU's flash chips hold now.

    Where a chip reads its array, QEMU writes it to a private file of ours (``pmemsave``). While a
    command is open that would give status bytes; then the file behind the chip is read, which
    follows the chip byte by byte.

    Args:
        path: of QEMU's QMP socket (``-qmp unix:PATH,server=on,wait=off``).

    Raises:
        Refused: nothing speaks QMP there, or the machine has no flash chip.
    """
    with monitor_at(path) as (monitor, _process):
        return _looked_at(monitor, str(path))


@contextlib.contextmanager
def monitor_at(path: str | Path) -> Iterator[tuple[Monitor, int]]:
    """The monitor of a running QEMU, and the process that listens there.

    Raises:
        Refused: nothing speaks QMP there, or QEMU goes away while it is spoken to.
    """
    try:
        connection = _connected(Path(path))
        process = _listener(connection)
        monitor = Monitor(connection, patience=MONITOR_SECONDS)
    except (MonitorClosed, Refused) as error:
        raise Refused(_unanswered(path, error)) from error
    try:
        try:
            yield monitor, process
        finally:
            monitor.close()  # raises what broke the connection, if not QEMU's end
    except MonitorClosed as error:
        msg = f"{path}: QEMU has ended while its chips were being looked at"
        raise Refused(msg) from error
    except NEVER_QEMUS as error:
        msg = f"{path}: what answers there is no QEMU: it says what QEMU's monitor never does"
        raise Refused(msg) from error


def _listener(connection: socket.socket) -> int:
    """The process id of whoever listens at the other end (unix(7), SO_PEERCRED); 0 if unknown."""
    if not hasattr(socket, "SO_PEERCRED"):
        return 0
    size = struct.calcsize("3i")
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size)
    return int(struct.unpack("3i", told)[0])


def _connected(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(MONITOR_SECONDS)
    try:
        connection.connect(str(path))
    except (OSError, ValueError) as error:
        connection.close()
        msg = f"{getattr(error, 'strerror', None) or error}"
        raise Refused(msg) from error
    return connection


def _unanswered(path: str | Path, error: Exception) -> str:
    return (
        f"{path}: no QEMU answers there ({error}); a monitor serves one client at a time, so where "
        "libvirt has it give QEMU a second one: -qmp unix:PATH,server=on,wait=off"
    )


def _looked_at(monitor: Monitor, path: str) -> Recording:
    state = str(monitor.execute("query-status")["status"])
    chips = mapped_chips(monitor)
    if not chips:
        msg = f"{path}: this machine has no flash chip; it was started with -bios, or without UEFI"
        raise Refused(msg)
    files = backing_files(monitor)
    findings: list[Finding] = []
    flash: list[FlashContents] = []
    sections: list[ChipSection] = []
    for chip in chips:
        memory = contents_in_memory(monitor, chip) if chip.reads else None
        file = contents_in_file(files.get(chip.unit), chip.size)
        contents = memory if memory is not None else file
        if contents is None:
            findings.append(_note("chip-unreadable", f"{chip.name}: {_why(chip)}"))
            continue
        flash.append(FlashContents(chip.name, contents, contents.size // _PAGE))
        findings += _compared(chip, memory, file, state)
        if memory is not None:
            sections.append(ChipSection(chip.unit, CommandState()))
    blocks = tuple(StreamBlock(chip.name, chip.size) for chip in chips)
    return Recording(
        LIVE, machine_type(monitor), state, blocks, tuple(sections), tuple(flash), tuple(findings)
    )


def mapped_chips(monitor: Monitor) -> list[MappedChip]:
    """The flash chips in the guest's memory map, by unit."""
    found = {}
    for match in _CHIP.finditer(monitor.human("info mtree -f")):
        start, end = int(match["start"], 16), int(match["end"], 16)
        if end - start < MAX_CHIP_SIZE:
            reads = match["mode"] != "i/o"
            found[match["name"]] = MappedChip(
                match["name"], int(match["unit"]), start, end + 1 - start, reads
            )
    return sorted(found.values(), key=lambda chip: chip.unit)


def backing_files(monitor: Monitor) -> dict[int, str]:
    """Paths of raw files behind chips, by unit: drives as QEMU names them, or libvirt."""
    found: dict[int, str] = {}
    devices: Iterable[dict[str, Any]] = monitor.execute("query-block")
    for device in devices:
        inserted = device.get("inserted") or {}
        names = (device.get("device", ""), inserted.get("node-name", ""))
        unit = next((u for name in names if (u := _unit(str(name))) is not None), None)
        if unit is not None and inserted.get("drv") == "raw":
            found[unit] = str(inserted.get("file", ""))
    return found


def _unit(name: str) -> int | None:
    match = re.fullmatch(r"pflash(\d)|libvirt-pflash(\d)-(?:format|storage)", name)
    return int(match[1] or match[2]) if match else None


def contents_in_memory(monitor: Monitor, chip: MappedChip) -> Pages | None:
    """The array by way of the guest's memory; None where QEMU cannot write to our folder."""
    with tempfile.TemporaryDirectory(prefix="ovmfgui-") as folder:
        copy = Path(folder) / "chip"
        try:
            monitor.execute("pmemsave", val=chip.address, size=chip.size, filename=str(copy))
            data = read_regular(copy, chip.size)  # never waits, whatever was put there
        except (Refused, OSError):
            return None
    # The guest runs on: only what was readable before and after was readable in between, most
    # likely; status bytes in the middle would show as a difference to the file.
    still = next((c for c in mapped_chips(monitor) if c.name == chip.name), None)
    if len(data) != chip.size or still is None or not still.reads:
        return None
    return Pages.of(data)


def contents_in_file(path: str | None, size: int) -> Pages | None:
    """What the file behind a chip holds; None where it cannot be read or has another size."""
    if not path or path == STANDARD_INPUT:
        return None
    try:
        data = read_regular(path, MAX_CHIP_SIZE)
    except Refused:
        return None
    return Pages.of(data) if len(data) == size else None


def _compared(
    chip: MappedChip, memory: Pages | None, file: Pages | None, state: str
) -> Iterable[Finding]:
    if memory is None:
        yield _note(
            "chip-from-file",
            f"{chip.name} is shown as its file has it: {_why(chip)}. The file follows the chip "
            "byte by byte.",
        )
    elif file is not None and memory != file:
        count = sum(span.size for span in memory.changed_since(file))
        why = (
            "it has just arrived and its file is written when it is continued"
            if state in ("paused", "inmigrate", "prelaunch")
            else "the file was changed or replaced while the machine was on, or the guest wrote "
            "to the chip just now"
        )
        yield _note(
            "chip-differs-from-file",
            f"{chip.name} and its file differ in {count:,} bytes: {why}.",
        )


def _why(chip: MappedChip) -> str:
    if not chip.reads:
        return "a command is open in it, so that reads give its answers and not its contents"
    return "QEMU could not write it to a file of ours"


def _note(ident: str, text: str) -> Finding:
    return Finding(ident, Severity.WARNING, text)


def machine_type(monitor: Monitor) -> str:
    """The machine type, as far as QEMU tells it."""
    try:
        return str(monitor.execute("qom-get", path="/machine", property="type")).removesuffix(
            "-machine"
        )
    except Refused:
        return ""
