"""Commands of ours against programs that do the same work."""

from __future__ import annotations

import json
import random
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from measure import Failed, Program, Runner
from result import Result, Row

OVMF, AAVMF = Path("/usr/share/OVMF"), Path("/usr/share/AAVMF")
OURS = (sys.executable, "-m", "ovmfgui")
PEERS = Path(__file__).parents[2] / ".peers" / "bin"
GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
FULL, MANY = 3600, 2000
STEPS = Path(__file__).with_name("inspect_script.py")


@dataclass(frozen=True)
class Contest:
    """Ours and a peer's; the most of its CPU and of its memory, None for what is only told.

    ``steps`` prints as JSON what ours is made of, in seconds of CPU.
    """

    name: str
    ours: Program
    peer: Program
    cpu: float | None
    mib: float | None = None
    steps: Program | None = None


def _peer(name: str, *arguments: str, says: str = "", makes: Path | None = None) -> Program:
    return Program((str(PEERS / name), *arguments), says, makes)


def images(folder: Path) -> list[Contest]:
    unified = folder / "unified-4m.fd"
    code = (OVMF / "OVMF_CODE_4M.fd").read_bytes()
    unified.write_bytes((OVMF / "OVMF_VARS_4M.fd").read_bytes() + code)
    arm = folder / "AAVMF_CODE.fd"
    shutil.copyfile(AAVMF / "AAVMF_CODE.fd", arm)
    found: list[Contest] = []
    for path, cpu, mib in ((unified, 0.65, 0.75), (arm, 0.2, 0.3)):
        ours = Program((*OURS, "inspect", "--json", str(path)), '"map":.*"PlatformPei|"map":.*Dxe')
        report = path.with_name(f"{path.name}.report.txt")
        peer = Program(("UEFIExtract", str(path), "report"), "DxeCore|DXE core", report)
        steps = Program((sys.executable, str(STEPS), str(path)), '"JSON"')
        found.append(Contest(f"inspect {path.name} / UEFIExtract", ours, peer, cpu, mib, steps))
    ours = Program((*OURS, "inspect", str(arm)), "volume")
    dump = _peer("virt-fw-dump", "-i", str(arm), says="DxeCore|fvimage|lzma")
    found.append(Contest("inspect AAVMF_CODE.fd / virt-fw-dump", ours, dump, 1.0, 1.0))
    ours = Program((*OURS, "inspect", str(unified)), "PlatformPei|DXE volume|volume")
    parser = _peer("uefi-firmware-parser", "-p", "-b", str(unified), says="Name: PlatformPei")
    found.append(Contest("inspect unified-4m.fd / uefi-firmware-parser", ours, parser, 1.0, 1.0))
    guid = "cbb219d73a3d9645a3bcdad00e67656f"
    ours = Program((*OURS, "find", "--as", "hex", guid, str(unified)), "0x")
    peer = Program(("UEFIFind", str(unified), "body", "list", guid), "-")
    found.append(Contest("find 16 bytes in unpacked bodies / UEFIFind", ours, peer, None))
    raw = "8d2bf1ff96768b4ca9852747075b4f50"
    store = str(AAVMF / "AAVMF_VARS.ms.fd")
    ours = Program((*OURS, "find", "--as", "hex", raw, store), "0x00000010|0x10")
    pattern = "".join(f"\\x{raw[at : at + 2]}" for at in range(0, len(raw), 2))
    grep = Program(("env", "LC_ALL=C", "grep", "-obUaP", pattern, store), "^16:")
    found.append(Contest("find 16 bytes in 64 MiB / grep -obUaP", ours, grep, None))
    pair = (str(OVMF / "OVMF_CODE_4M.fd"), str(OVMF / "OVMF_CODE_4M.secboot.fd"))
    ours = Program((*OURS, "compare", *pair), "iffer", statuses=(1,))
    peer = Program(("cmp", "-l", *pair), " ", statuses=(1,))
    found.append(Contest("compare two CODE images / cmp", ours, peer, None))
    return found


def stores(folder: Path) -> list[Contest]:
    blank = str(OVMF / "OVMF_VARS_4M.fd")
    paths = [folder / f"{name}_VARS_4M.fd" for name in ("listed", "ours", "peers")]
    for path in paths:
        shutil.copyfile(OVMF / "OVMF_VARS_4M.ms.fd", path)
    listed, ours, peers = map(str, paths)
    sources: dict[int, Path] = {}
    for number in (MANY, FULL):
        entry = {"guid": GLOBAL, "attr": 7, "data": "00"}
        variables = [{"name": f"V{each:03X}", **entry} for each in range(number)]
        sources[number] = folder / f"{number}.json"
        sources[number].write_text(json.dumps({"version": 2, "variables": variables}))
    made = {name: folder / f"{name}-import.fd" for name in ("ours", "peers", "many")}
    fill = Program((*OURS, "vars", "import", blank, str(sources[MANY]), "-o", str(made["many"])))
    runner = Runner()
    runner.once(fill)
    runner.close()
    many = str(made["many"])
    # Another value every time: the same one again would not be written at all.
    value = ("--file", "/proc/uptime")
    setting = (*OURS, "vars", "set", ours, "X", "--guid", GLOBAL, *value)
    true = _peer("virt-fw-vars", "--inplace", peers, "--set-true", "X", says="X")
    importing = (*OURS, "vars", "import", blank, str(sources[FULL]), "-o", str(made["ours"]))
    peer_import = ("-i", blank, "--set-json", str(sources[FULL]), "-o", str(made["peers"]))
    return [
        Contest(
            "vars list, keys enrolled / virt-fw-vars -p",
            Program((*OURS, "vars", "list", listed), "dbx"),
            _peer("virt-fw-vars", "-i", listed, "-p", says="dbx"),
            1.0,
        ),
        Contest(
            f"vars list, {MANY:,} variables / virt-fw-vars -p",
            Program((*OURS, "vars", "list", many), "V7CF"),
            _peer("virt-fw-vars", "-i", many, "-p", says="V7CF"),
            1.0,
        ),
        Contest("vars set / virt-fw-vars --inplace --set-true", Program(setting, "X"), true, 1.0),
        Contest(
            f"vars import, {FULL:,} variables / virt-fw-vars --set-json",
            Program(importing, makes=made["ours"]),
            _peer("virt-fw-vars", *peer_import, makes=made["peers"]),
            1.5,
        ),
    ]


def run_contests(runner: Runner, folder: Path, result: Result) -> None:
    for contest in (*images(folder), *stores(folder)):
        try:
            ours, peer = runner.side_by_side(contest.ours, contest.peer, result.runs)
        except (Failed, FileNotFoundError) as why:
            result.fail(f"{contest.name}: {why}")
            continue
        result.add(Row(f"{contest.name}: CPU", ours.cpu, peer.cpu, "s", contest.cpu))
        result.add(Row(f"{contest.name}: wall", ours.wall, peer.wall, "s"))
        result.add(Row(f"{contest.name}: memory", ours.mib, peer.mib, "MiB", contest.mib))
        if contest.steps is not None:
            for step, seconds in runner.least_of_steps(contest.steps, result.runs).items():
                result.add(Row(f"… of it {step}", seconds, peer.cpu, "s"))


def run_alone(runner: Runner, folder: Path, result: Result) -> None:
    """Commands that no peer has, against what no Python program that unpacks the same can beat."""
    code = (
        "import lzma, pathlib; "
        "data = pathlib.Path('/usr/share/OVMF/OVMF_CODE_4M.fd').read_bytes()[0xA8:0x171087]; "
        "lzma.LZMADecompressor(lzma.FORMAT_ALONE).decompress(data)"
    )
    floor = runner.least(Program((sys.executable, "-I", "-c", code)), result.runs)
    pair = (str(OVMF / "OVMF_CODE_4M.fd"), str(OVMF / "OVMF_VARS_4M.fd"))
    check = runner.least(Program((*OURS, "check", *pair), "boots"), result.runs)
    name = "check of a pair / Python unpacking its payload: CPU"
    result.add(Row(name, check.cpu, floor.cpu, "s", 2.6))
    for number in range(30):
        _changed(OVMF / "OVMF_CODE_4M.fd", folder / "matrix" / f"CODE{number:02}.fd", number)
    for number in range(300):
        _changed(OVMF / "OVMF_VARS_4M.fd", folder / "matrix" / f"VARS{number:03}.fd", number)
    matrix = Program((*OURS, "matrix", str(folder / "matrix")), "9000 of 9000 fit")
    found = runner.once(matrix)
    name = "matrix of 30 × 300 / a check of each file alone: CPU"
    result.add(Row(name, found.cpu, 330 * check.cpu, "s", 0.15))
    result.add(Row("matrix of 30 × 300: memory", found.mib, None, "MiB", 250))
    _large_matrices(runner, folder, result)


def _large_matrices(runner: Runner, folder: Path, result: Result) -> None:
    """More files, and larger ones: what is held of each must not add up."""
    for number in range(30, 50):
        _changed(OVMF / "OVMF_CODE_4M.fd", folder / "matrix" / f"CODE{number:02}.fd", number)
    for number in range(300, 500):
        _changed(OVMF / "OVMF_VARS_4M.fd", folder / "matrix" / f"VARS{number:03}.fd", number)
    found = runner.once(Program((*OURS, "matrix", str(folder / "matrix")), "25000 of 25000 fit"))
    result.add(Row("matrix of 50 × 500: memory", found.mib, None, "MiB", 250))
    arm = folder / "arm"
    arm.mkdir()
    code = (AAVMF / "AAVMF_CODE.fd").read_bytes()
    free = code.rstrip(b"\0").rfind(b"\xff" * 2048)
    for number in range(30):
        path = arm / f"CODE{number:02}.fd"
        # 64 MiB each, of which 62 are zeros that need no place on the disk.
        with path.open("wb") as file:
            file.write(code.rstrip(b"\0"))
            file.seek(free + 1024 + number)
            file.write(b"\xfe")
            file.truncate(len(code))
    shutil.copyfile(AAVMF / "AAVMF_VARS.fd", arm / "VARS.fd")
    found = runner.once(Program((*OURS, "matrix", str(arm)), "30 of 30 fit"))
    result.add(Row("matrix of 30 images for ARM: memory", found.mib, None, "MiB", 250))


def _changed(source: Path, target: Path, number: int) -> None:
    """A file that differs in a byte which nothing looks at: in the last run of free space."""
    data = bytearray(source.read_bytes())
    rng = random.Random(number)
    free = bytes(data).rfind(b"\xff" * 2048)
    at = free + 1024 + rng.randrange(512) if "CODE" in source.name else len(data) - 1 - number
    data[at] ^= 1 << number % 8
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(data)
