"""What the verdict predicts, and what real firmware does under QEMU.

Each case boots Debian's firmware with a store, lets the shell set a variable, and holds what became
of machine and file against the predicted outcome.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from debian_firmware import VARS_2M, VARS_4M, VARS_4M_MS, VARS_AA64_BLANK, VARS_AA64_MS
from firmware_boot import MACHINES, Boot, boot_firmware
from stores import real_store

from ovmfgui.flash.difference import differing
from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.layout.fit import check
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.layout.verdict import Outcome, Verdict
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.pristine import pristine_volume
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.structures import AUTHENTICATED, PLAIN

pytestmark = [pytest.mark.firmware, pytest.mark.boots, pytest.mark.timeout(600)]

VENDOR = UUID("5f0c8a52-1d3a-4a53-9d2e-6f6d66677569")
PROBE = f"setvar Probe -guid {VENDOR} -nv -bs -rt =ABCD"
KEPT = "Kept"
# A boot takes 10 to 25 s where it works; one that only hangs is given up after this.
PATIENCE = 100


def lived(template: bytes) -> bytes:
    """A store with a variable in it whose fate can be watched."""
    return Editor(template).set_variable(KEPT, VENDOR, b"kept", 7).after


def patched(data: bytes, offset: int, new: bytes, *, checksum: bool = False) -> bytes:
    changed = bytearray(data)
    changed[offset : offset + len(new)] = new
    if checksum:
        changed[0x32:0x34] = b"\0\0"
        words = sum(int.from_bytes(changed[i : i + 2], "little") for i in range(0, 0x48, 2))
        changed[0x32:0x34] = (-words & 0xFFFF).to_bytes(2, "little")
    return bytes(changed)


def record_with(data: bytes, field: int, value: int) -> bytes:
    """The store with a field of the watched variable's header changed."""
    record = read_store(data).find(KEPT)
    assert record is not None
    return patched(data, record.span.start + field, value.to_bytes(4, "little"))


def store_with(variable_size: int, guid: UUID = AUTHENTICATED) -> bytes:
    """A 4M store whose variable region measures otherwise."""
    return pristine_volume(
        fv_length=0x84000,
        block_size=0x1000,
        variable_size=variable_size,
        ftw_working_offset=variable_size + 0x1000,
        ftw_working_size=0x1000,
        ftw_spare_offset=variable_size + 0x2000,
        store_guid=guid,
    )


DATA_SIZE = 0x28


def large() -> bytes:
    return lived(VARS_4M.read_bytes())


def arm() -> bytes:
    return enrolled(VARS_AA64_MS)


def enrolled(template: Path = VARS_4M_MS) -> bytes:
    """Microsoft's keys, but not enforced: the shell is signed by nobody."""
    data = template.read_bytes()
    record = read_store(data).find("SecureBootEnable")
    assert record is not None
    return lived(Editor(data).set_variable(record.name, record.guid, b"\0").after)


CASES = {
    "4M with 4M": ("4M", large),
    "4M with enrolled keys": ("4M", enrolled),
    "2M with 2M": ("2M", lambda: lived(VARS_2M.read_bytes())),
    "2M with a store of a 1M build": ("2M", lambda: lived(synthetic_package("1m").vars)),
    "4M with 2M": ("4M", lambda: lived(VARS_2M.read_bytes())),
    "secure boot 4M with 2M": ("4M-secboot", lambda: lived(VARS_2M.read_bytes())),
    "2M with 4M": ("2M", large),
    "4M with zeros": ("4M", lambda: bytes(0x84000)),
    "4M with erased flash": ("4M", lambda: b"\xff" * 0x84000),
    "4M with a wrong checksum": ("4M", lambda: patched(large(), 0x32, b"\0\0")),
    "4M with another FvLength": (
        "4M",
        lambda: patched(large(), 0x20, b"\0\0\x02", checksum=True),
    ),
    "4M with a 2M store padded": (
        "4M",
        lambda: lived(VARS_2M.read_bytes()).ljust(0x84000, b"\xff"),
    ),
    "4M with another file system": (
        "4M",
        lambda: patched(large(), 0x10, b"\xaa" * 16, checksum=True),
    ),
    "4M with another store GUID": ("4M", lambda: patched(large(), 0x48, b"\xaa" * 16)),
    "4M with a plain store": ("4M", lambda: lived(store_with(0x40000, PLAIN))),
    "4M with other boundaries": ("4M", lambda: lived(synthetic_package("4m-shifted").vars)),
    "4M with a damaged working block": ("4M", lambda: patched(large(), 0x41000, bytes(32))),
    "4M with a record beyond the store": (
        "4M",
        lambda: record_with(large(), DATA_SIZE, 0x7FFFFFFF),
    ),
    "2M with a compaction just begun": ("2M", lambda: real_store("ovmf-2m-ftw-record-only")),
    "AAVMF with zeros": ("AAVMF", VARS_AA64_BLANK.read_bytes),
    "AAVMF with another store size": (
        "AAVMF",
        lambda: patched(lived(VARS_AA64_MS.read_bytes()), 0x58, b"\xb8\xdf\0\0"),
    ),
    "secure boot 4M with a larger region": ("4M-secboot", lambda: lived(store_with(0x50000))),
    "AAVMF with its own": ("AAVMF", arm),
    "AAVMF with erased flash": ("AAVMF", lambda: b"\xff" * (64 << 20)),
    "AAVMF with a record beyond the store": (
        "AAVMF",
        lambda: record_with(arm(), DATA_SIZE, 0x7FFFFFFF),
    ),
    "AAVMF with a wrong checksum": ("AAVMF", lambda: patched(arm(), 0x32, b"\0\0")),
    "4M with half a page too much": ("4M", lambda: large() + bytes(0x800)),
}


@dataclass(frozen=True)
class Case:
    """A case after its boot."""

    before: bytes
    verdict: Verdict
    boot: Boot

    @property
    def saved(self) -> bool:
        """Whether the variable that the shell set is in the file now."""
        return read_store(self.boot.after).find("Probe", VENDOR) is not None

    @property
    def kept(self) -> bool:
        """Whether the variables of before are all there."""
        live = read_store(self.boot.after).by_key
        return all(r.key in live for r in read_store(self.before).live if r.name in (KEPT, "PK"))


def boots(case: Case) -> None:
    assert case.boot.variables is not None, case.boot.serial[-400:]
    assert (VENDOR, "Probe") in case.boot.variables
    assert case.saved
    assert case.kept


def boots_volatile(case: Case) -> None:
    assert case.boot.variables is not None, case.boot.serial[-400:]
    assert (VENDOR, "Probe") in case.boot.variables
    assert case.boot.after == case.before


def boots_corrupting(case: Case) -> None:
    """It runs and saves, and a second working block lies where the store has something else."""
    assert case.boot.variables is not None, case.boot.serial[-400:]
    assert case.saved
    findings = {f.id for f in judged_after(case).findings}
    assert "foreign-ftw" in findings


def wiped(case: Case) -> None:
    assert case.boot.variables is not None, case.boot.serial[-400:]
    assert (VENDOR, KEPT) not in case.boot.variables
    assert not case.kept
    assert case.saved


def boots_initialises(case: Case) -> None:
    assert case.boot.variables is not None, case.boot.serial[-400:]
    assert read_store(case.before).volume is None
    assert case.saved


def no_boot(case: Case) -> None:
    """The shell is never reached; what became of the file is as the rule says."""
    assert case.boot.variables is None
    changed = differing(case.before, case.boot.after)
    match case.verdict.findings[0].id:
        case "too-small-no-boot" | "other-file-system" | "no-store-header":
            assert changed == []
        case "record-beyond-store":
            # The firmware runs out of the store into whatever lies behind it: seen were no byte,
            # one (ARM marks a record that it is about to replace), and once of eight boots 168.
            # What stands in front of the break is not touched in any of them.
            broken = next(
                f.place.span.start
                for f in case.verdict.findings
                if f.id == "record-overruns" and f.place is not None
            )
            assert [run for run in changed if run.start < broken and run.size > 1] == []
        case "region-too-large":
            assert changed[0].start == 0x41000
        case "too-large-no-boot":
            assert changed
            assert changed[0].start >= len(case.before) - 0x20000
            assert case.kept
        case "volume-rebuilt":
            assert read_store(case.boot.after).live == ()


def refused_by_qemu(case: Case) -> None:
    words = case.verdict.summary.split("“")[1].split("”")[0]
    assert words in case.boot.serial
    assert case.boot.after == case.before


OBSERVED = {
    Outcome.BOOTS: boots,
    Outcome.BOOTS_VOLATILE: boots_volatile,
    Outcome.BOOTS_CORRUPTING: boots_corrupting,
    Outcome.BOOTS_INITIALISES: boots_initialises,
    Outcome.WIPED: wiped,
    Outcome.NO_BOOT: no_boot,
    Outcome.REFUSED_BY_QEMU: refused_by_qemu,
}


def judged(build: str, store: bytes) -> Verdict:
    file = FlashFile("VARS", store, Format.RAW, Role.VARS)
    return check(open_image([MACHINES[build].code]), image_of([file]))


def judged_after(case: Case) -> Verdict:
    return judged("4M", case.boot.after)


@pytest.mark.parametrize("name", CASES)
def test_the_firmware_does_what_was_predicted(name):
    build, make = CASES[name]
    store = make()
    verdict = judged(build, store)
    boot = boot_firmware(build, store, script=(PROBE,), patience=PATIENCE)
    OBSERVED[verdict.outcome](Case(store, verdict, boot))
