"""What a definition says decides, and real firmware does what the verdict says.

Each case is a QEMU command line that is judged as a machine and then started; where libvirt has
words for it, the domain that libvirt turns into that command line is judged too.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from debian_firmware import (
    AAVMF,
    CODE_2M,
    CODE_2M_SECBOOT,
    CODE_4M,
    CODE_4M_SECBOOT,
    CODE_AA64,
    CODE_IA32,
    UNIFIED_2M,
    VARS_4M,
    VARS_AA64_BLANK,
    VARS_AA64_MS,
    VARS_IA32,
)
from firmware_grid import Seen, watch_command
from stores import VENDOR, patched

from ovmfgui.layout.machine_verdict import check_machine
from ovmfgui.layout.verdict import Fit, Outcome, Verdict
from ovmfgui.machine.opening import open_machine
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store

pytestmark = [pytest.mark.firmware, pytest.mark.boots]

X86 = "qemu-system-x86_64 -accel tcg -cpu qemu64 -m 256"
Q35, SMM, NO_SMM = f"{X86} -M q35", f"{X86} -M q35,smm=on", f"{X86} -M q35,smm=off"
ARM = "qemu-system-aarch64 -accel tcg -m 512 -M virt"
A57 = f"{ARM} -cpu cortex-a57"
SECURE = "-global driver=cfi.pflash01,property=secure,value=on"
QEMU_EFI = "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"


def chip(unit: int, file: object, more: str = "") -> str:
    """One flash chip; the first is read-only, as everywhere."""
    only = ",readonly=on" if unit == 0 else ""
    return f"-drive if=pflash,format=raw,unit={unit}{only}{more},file={file}"


CODE, SECBOOT, ARM_CODE = chip(0, CODE_4M), chip(0, CODE_4M_SECBOOT), chip(0, CODE_AA64)
VARS = chip(1, "{vars}")
PFLASH = "<loader readonly='yes' type='pflash'{more}>{code}</loader>"
NVRAM = "<nvram>{vars}</nvram>"
SMM_ON, SMM_OFF = "<smm state='on'/>", "<smm state='off'/>"


def domain(
    code: Path, *, nvram: str = NVRAM, machine: str = "q35", smm: str = "", more: str = ""
) -> str:
    """The libvirt domain of a PC with CODE in flash."""
    loader = PFLASH.format(code=code, more=more)
    return (
        f"<domain type='qemu'><name>t</name><os><type arch='x86_64' machine='{machine}'>hvm</type>"
        f"{loader}{nvram}</os><features>{smm}</features></domain>"
    )


DESTROYED = ("is destroyed", "erases the whole store")


@dataclass(frozen=True)
class Case:
    """A definition.

    Attributes:
        command: with names of files in braces.
        rule: of the verdict.
        xml: the domain that libvirt starts so; empty where it has no words for it.
        changes: the file that the firmware writes to; empty where it leaves all as they were.
    """

    command: str
    rule: str
    xml: str = ""
    changes: str = ""


CASES = {
    # What is not written: a read-only store, flash for SMM alone, a chip that is not there.
    "read-only": Case(f"{NO_SMM} {CODE} {VARS},readonly=on", "store-readonly"),
    "read-only with SMM": Case(f"{SMM} {SECURE} {SECBOOT} {VARS},readonly=on", "store-readonly"),
    "read-only node": Case(
        f"{X86} {CODE} -M q35,pflash1=v -blockdev driver=file,node-name=f,filename={{vars}} "
        "-blockdev driver=raw,node-name=v,file=f,read-only=on",
        "store-readonly",
    ),
    "secure flash without SMM": Case(
        f"{SMM} {SECURE} {CODE} {VARS}",
        "secure-flash-without-smm",
        domain(CODE_4M, smm=SMM_ON, more=" secure='yes'"),
    ),
    "secure flash in a form that QEMU passes over": Case(
        f"{Q35} -global cfi.pflash01.secure=on {CODE} {VARS}", "agrees", changes="vars"
    ),
    "secure flash with SMM": Case(
        f"{SMM} {SECURE} {SECBOOT} {VARS}",
        "agrees",
        domain(CODE_4M_SECBOOT, smm=SMM_ON, more=" secure='yes'"),
        changes="vars",
    ),
    "stateless": Case(
        f"{Q35} {CODE}", "no-store", domain(CODE_4M, nvram="", more=" stateless='yes'")
    ),
    "stateless with SMM": Case(
        f"{SMM} {SECURE} {SECBOOT}",
        "no-store-no-boot",
        domain(CODE_4M_SECBOOT, nvram="", smm=SMM_ON, more=" stateless='yes'"),
    ),
    "snapshot": Case(f"{Q35} {CODE} {VARS} -snapshot", "writes-discarded"),
    # ROM.
    "unified ROM": Case(
        f"{Q35} -bios {UNIFIED_2M}",
        "rom-volatile",
        domain(UNIFIED_2M, nvram="").replace("pflash", "rom"),
    ),
    "CODE as ROM": Case(
        f"{Q35} -bios {CODE_2M}",
        "rom-volatile",
        domain(CODE_2M, nvram="").replace(" type='pflash'", ""),
    ),
    "CODE with SMM as ROM": Case(
        f"{SMM} -bios {CODE_2M_SECBOOT}",
        "rom-no-boot",
        domain(CODE_2M_SECBOOT, nvram="", smm=SMM_ON).replace("pflash", "rom"),
    ),
    "unified ROM with SMM": Case(f"{SMM} -bios {{unified_smm}}", "rom-no-boot"),
    "CODE of no ROM's size": Case(
        f"{Q35} -bios {CODE_4M}", "rom-size", domain(CODE_4M).replace(" type='pflash'", "")
    ),
    "ROM beside flash": Case(f"{Q35} -bios {UNIFIED_2M} {CODE} {VARS}", "agrees", changes="vars"),
    # One image for both.
    "unified, read-only": Case(f"{Q35} {chip(0, '{unified}')}", "unified-readonly"),
    "unified, written, beside a store": Case(
        f"{Q35} -drive if=pflash,format=raw,unit=0,file={{unified}} {VARS}",
        "agrees",
        domain(Path("{unified}")).replace("'yes'", "'no'"),
        changes="unified",
    ),
    "unified, read-only, with a store that hangs": Case(
        f"{Q35} {chip(0, '{hanging}')}",
        "listing-never-ends",
        domain(Path("{hanging}"), nvram="", more=" stateless='yes'"),
    ),
    "unified, read-only, with a store whose header is gone": Case(
        f"{Q35} {chip(0, '{headless}')}", "unified-readonly"
    ),
    "unified, written, with a store whose header is gone": Case(
        f"{Q35} -drive if=pflash,format=raw,unit=0,file={{headless}}",
        "volume-rebuilt",
        changes="headless",
    ),
    "a store with a wrong checksum, read-only": Case(
        f"{Q35} {CODE} {chip(1, '{wrong}')},readonly=on", "store-readonly"
    ),
    "a store with a wrong checksum, read-only, with SMM": Case(
        f"{SMM} {SECURE} {SECBOOT} {chip(1, '{wrong}')},readonly=on", "volume-rebuilt"
    ),
    "unified beside more than fits under 4 GiB": Case(
        f"{Q35} -drive if=pflash,format=raw,unit=0,file={{unified}} {chip(1, '{large}')}",
        "code-size",
    ),
    "unified beside a store that is gone": Case(
        f"{Q35} {chip(0, '{unified}')} {chip(1, '/nowhere/VARS.fd')}", "store-missing"
    ),
    "ROM that ends in padding": Case(
        f"{Q35} -bios {{padded}}",
        "code-ends-in-padding",
        domain(Path("{padded}"), nvram="").replace("pflash", "rom"),
    ),
    "CODE alone that ends in padding": Case(
        f"{Q35} {chip(0, '{padded}')}",
        "code-ends-in-padding",
        domain(Path("{padded}"), nvram="", more=" stateless='yes'"),
    ),
    "CODE alone of no chip's size": Case(
        f"{Q35} {chip(0, '{odd}')}",
        "code-size",
        domain(Path("{odd}"), nvram="", more=" stateless='yes'"),
    ),
    "less mapped than the store has": Case(
        f"{Q35} {CODE} {chip(1, '{vars}', ',size=0.5M')}", "too-small-volatile"
    ),
    "a size that qcow2 does not have": Case(
        f"{Q35} {CODE} -drive if=pflash,format=qcow2,unit=1,size=528K,file={{qcow2}}",
        "definition-refused",
    ),
    # SMM.
    "SMM on i440fx": Case(
        f"{X86} -M pc {SECURE} {SECBOOT} {VARS}",
        "smm-missing",
        domain(CODE_4M_SECBOOT, machine="pc-i440fx-7.2", smm=SMM_ON, more=" secure='yes'"),
    ),
    "SMM on what QEMU takes by itself": Case(
        f"{X86} {SECBOOT} {VARS}",
        "smm-missing",
        domain(CODE_4M_SECBOOT).replace(" machine='q35'", ""),
    ),
    "SMM switched off": Case(
        f"{NO_SMM} {SECBOOT} {VARS}", "smm-missing", domain(CODE_4M_SECBOOT, smm=SMM_OFF)
    ),
    "SMM without secure flash": Case(
        f"{Q35} {SECBOOT} {VARS}",
        "agrees",
        domain(CODE_4M_SECBOOT, smm=SMM_ON, more=" secure='no'"),
        changes="vars",
    ),
    "no SMM on i440fx": Case(
        f"{X86} -M pc -pflash {CODE_4M} -pflash {{vars}}",
        "agrees",
        domain(CODE_4M, machine="pc"),
        changes="vars",
    ),
    # Formats.
    "raw over qcow2": Case(
        f"{Q35} {CODE} {chip(1, '{qcow2}')}",
        "store-declared-raw",
        domain(CODE_4M, nvram="<nvram>{qcow2}</nvram>"),
        changes="qcow2",
    ),
    "raw over qcow2 with SMM": Case(
        f"{SMM} {SECURE} {SECBOOT} {chip(1, '{qcow2}')}", "store-declared-raw", changes="qcow2"
    ),
    "the bytes of a qcow2 as a node": Case(
        f"{X86} {CODE} -M q35,pflash1=f -blockdev driver=file,node-name=f,filename={{qcow2}}",
        "store-declared-raw",
        changes="qcow2",
    ),
    "qcow2 that QEMU finds": Case(
        f"{Q35} {CODE} -drive if=pflash,unit=1,file={{qcow2}}", "agrees", changes="qcow2"
    ),
    # Processors.
    "64-bit code, 32-bit emulator": Case(
        f"qemu-system-i386 -accel tcg -m 256 -M q35 {CODE} {VARS}",
        "other-architecture",
        domain(CODE_4M).replace("x86_64", "i686"),
    ),
    "64-bit code, 32-bit processor": Case(
        f"qemu-system-x86_64 -accel tcg -cpu qemu32 -m 256 -M q35 {CODE} {VARS}",
        "processor-32-bit",
        domain(CODE_4M).replace("</domain>", "<cpu><model>qemu32</model></cpu></domain>"),
    ),
    "32-bit code, 64-bit processor": Case(
        f"{SMM} {SECURE} {chip(0, CODE_IA32)} {chip(1, '{vars32}')}", "agrees", changes="vars32"
    ),
}
ARM_CASES = {
    "no processor is named": Case(f"{ARM} {ARM_CODE} {chip(1, '{arm}')}", "processor-32-bit"),
    "32-bit code, and no processor is named": Case(
        f"{ARM} {chip(0, AAVMF / 'AAVMF32_CODE.fd')} {chip(1, '{blank}')}",
        "blank-initialised",
        changes="blank",
    ),
    "CODE in the first chip by -bios, and a store": Case(
        f"{A57} -bios {QEMU_EFI} {chip(1, '{blank}')}", "blank-initialised", changes="blank"
    ),
    "an empty store, read-only": Case(
        f"{A57} {ARM_CODE} {chip(1, '{blank}')},readonly=on", "store-readonly-no-boot"
    ),
    "a sound store, read-only": Case(
        f"{A57} {ARM_CODE} {chip(1, '{arm}')},readonly=on", "store-readonly-no-boot"
    ),
    "secure flash": Case(f"{A57} {SECURE} {ARM_CODE} {chip(1, '{arm}')}", "secure-flash-no-boot"),
    "CODE by -bios alone": Case(f"{A57} -bios {QEMU_EFI}", "no-store"),
}


@cache
def open_arm_store() -> bytes:
    """Microsoft's keys, not enforced: nobody signed the shell."""
    data = VARS_AA64_MS.read_bytes()
    record = read_store(data).find("SecureBootEnable")
    assert record is not None
    return Editor(data).set_variable(record.name, record.guid, b"\0").after


@cache
def twice_live() -> bytes:
    """Two live records of one name."""
    store = Editor(VARS_4M.read_bytes()).set_variable("Twice", VENDOR, b"1").after
    found = read_store(store)
    record = found.find("Twice", VENDOR)
    assert record is not None
    end = found.end
    return store[:end] + record.span.of(store) + store[end + record.span.size :]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A copy of each file that a case may name."""
    names = ("vars", "vars32", "unified", "unified_smm", "hanging", "padded", "odd", "qcow2")
    names += ("headless", "wrong", "large")
    named = {name: tmp_path / name for name in names}
    shutil.copy(VARS_4M, named["vars"])
    shutil.copy(VARS_IA32, named["vars32"])
    named["unified"].write_bytes(VARS_4M.read_bytes() + CODE_4M.read_bytes())
    named["unified_smm"].write_bytes(VARS_4M.read_bytes() + CODE_4M_SECBOOT.read_bytes())
    named["hanging"].write_bytes(twice_live() + CODE_4M.read_bytes())
    named["headless"].write_bytes(bytes(0x48) + VARS_4M.read_bytes()[0x48:] + CODE_4M.read_bytes())
    named["wrong"].write_bytes(patched(VARS_4M.read_bytes(), 0x32, b"\0\0"))
    named["large"].write_bytes(bytes(5 << 20))
    named["padded"].write_bytes(CODE_4M.read_bytes().ljust(4 << 20, b"\xff"))
    named["odd"].write_bytes(CODE_4M.read_bytes() + bytes(0x800))
    convert = ["qemu-img", "convert", "-O", "qcow2", VARS_4M, named["qcow2"]]
    subprocess.run(convert, check=True)
    return named


@pytest.fixture
def arm_files(tmp_path: Path) -> dict[str, Path]:
    named = {"blank": tmp_path / "blank", "arm": tmp_path / "arm"}
    shutil.copy(VARS_AA64_BLANK, named["blank"])
    named["arm"].write_bytes(open_arm_store())
    return named


def judged(path: Path, text: str) -> Verdict:
    path.write_text(text)
    opened = open_machine([path])
    assert opened is not None
    return check_machine(opened)


def started(words: list[str], files: dict[str, Path], folder: Path) -> tuple[Seen, set[str]]:
    """What was seen, and which of the files are not as they were."""
    before = {name: path.read_bytes() for name, path in files.items()}
    # ARM's firmware is at its shell after 10 s of processor time.
    most = 40.0 if "aarch64" in words[0] else 60.0
    seen = watch_command(words[0], words[1:], list(files.values()), folder, most)
    return seen, {
        name
        for (name, data), after in zip(before.items(), seen.stores, strict=True)
        if after != data
    }


def outcome_of(seen: Seen, changed: set[str]) -> Outcome:
    if seen.shell:
        return Outcome.BOOTS if changed else Outcome.BOOTS_VOLATILE
    return Outcome.REFUSED_BY_QEMU if seen.complaint and not seen.serial else Outcome.NO_BOOT


def prove(case: Case, files: dict[str, Path], folder: Path) -> None:
    command = case.command.format(**files)
    verdict = judged(folder / "command", command)
    if case.xml:
        of_domain = judged(folder / "domain.xml", case.xml.format(**files))
        declared = "stateless" in case.xml and verdict.outcome is Outcome.BOOTS_VOLATILE
        assert of_domain.outcome is verdict.outcome, of_domain.summary
        assert (of_domain.fit is verdict.fit) != declared
    seen, changed = started(command.split(), files, folder)
    told = Outcome.BOOTS if verdict.outcome is Outcome.BOOTS_INITIALISES else verdict.outcome
    assert outcome_of(seen, changed) is told, (verdict.summary, seen.serial[-300:], seen.complaint)
    assert changed == ({case.changes} if case.changes else set())
    assert verdict.findings[0].id == case.rule
    assert (verdict.fit is Fit.FITS) == (told is Outcome.BOOTS)
    destroyed = told is Outcome.NO_BOOT and bool(changed)
    said = any(words in verdict.summary for words in DESTROYED)
    assert (said and "None of that reaches the file" not in verdict.summary) == destroyed


@pytest.mark.parametrize("name", CASES)
def test_a_pc_does_what_the_verdict_says(name, files, tmp_path):
    prove(CASES[name], files, tmp_path)


@pytest.mark.parametrize("name", ARM_CASES)
def test_an_arm_machine_does_what_the_verdict_says(name, arm_files, tmp_path):
    prove(ARM_CASES[name], arm_files, tmp_path)
