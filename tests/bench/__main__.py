"""``./dev bench``: how this program compares with its peers, as ratios in one run.

Absolute times depend on the machine and its load; a ratio of two commands run in turn does not.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import flash_figures
from measure import Figures, side_by_side

OVMF, AAVMF = Path("/usr/share/OVMF"), Path("/usr/share/AAVMF")
PROGRAM = str(Path(sys.executable).with_name("ovmfgui"))
VIRT_FW_VARS = str(Path(__file__).parents[2] / ".peers" / "bin" / "virt-fw-vars")
FULL = 3600
GLOBAL = "8be4df61-93ca-11d2-aa0d-00e098032b8c"


@dataclass(frozen=True)
class Contest:
    """A command of ours against a peer's on the same file, and the most that is allowed.

    No limit stands where the peer is no Python program and does less: the ratio is for the record.
    """

    name: str
    ours: tuple[str, ...]
    peer: tuple[str, ...]
    time_limit: float | None
    memory_limit: float | None


def contests(folder: Path) -> list[Contest]:
    unified = folder / "unified-4m.fd"
    code = (OVMF / "OVMF_CODE_4M.fd").read_bytes()
    unified.write_bytes((OVMF / "OVMF_VARS_4M.fd").read_bytes() + code)
    arm = folder / "AAVMF_CODE.fd"
    shutil.copyfile(AAVMF / "AAVMF_CODE.fd", arm)
    found: list[Contest] = []
    for path, time_limit, memory_limit in ((unified, 0.9, 0.75), (arm, 0.3, 0.3)):
        report = path.with_name(f"{path.name}.report.txt")
        # The peer refuses to write over the report of an earlier run.
        peer = ("sh", "-c", f"rm -f {report}; exec UEFIExtract {path} report")
        ours = (PROGRAM, "inspect", "--json", str(path))
        name = f"inspect --json {path.name} / UEFIExtract report"
        found.append(Contest(name, ours, peer, time_limit, memory_limit))
    return [*found, find_contest(unified), *variable_contests(folder), import_contest(folder)]


def find_contest(unified: Path) -> Contest:
    """A GUID's bytes in every unpacked body; ours tells offsets, the peer the files alone."""
    guid = "cbb219d73a3d9645a3bcdad00e67656f"
    return Contest(
        f"find 16 bytes in {unified.name} / UEFIFind body list",
        (PROGRAM, "find", "--as", "hex", guid, str(unified)),
        ("UEFIFind", str(unified), "body", "list", guid),
        None,
        None,
    )


def variable_contests(folder: Path) -> list[Contest]:
    """Listing and changing variables, of a store with keys in it: that is the longer list."""
    stores = [folder / f"{name}_VARS_4M.fd" for name in ("listed", "ours", "peers")]
    for path in stores:
        shutil.copyfile(OVMF / "OVMF_VARS_4M.ms.fd", path)
    listed, ours, peers = map(str, stores)
    # Another value every time: the same one again would not be written at all.
    value = ("--file", "/proc/uptime")
    setting = (PROGRAM, "vars", "set", ours, "X", "--guid", GLOBAL, *value)
    return [
        Contest(
            "vars list 4M / virt-fw-vars -p",
            (PROGRAM, "vars", "list", listed),
            (VIRT_FW_VARS, "-i", listed, "-p"),
            1.0,
            None,
        ),
        Contest(
            "vars set 4M / virt-fw-vars --inplace --set-true",
            setting,
            (VIRT_FW_VARS, "--inplace", peers, "--set-true", "X"),
            1.0,
            None,
        ),
    ]


def import_contest(folder: Path) -> Contest:
    """As many small variables as a 4M store takes, into a new file each."""
    entry = {"guid": GLOBAL, "attr": 7, "data": "00"}
    variables = [{"name": f"V{number:03X}", **entry} for number in range(FULL)]
    source = folder / "full.json"
    source.write_text(json.dumps({"version": 2, "variables": variables}))
    store = OVMF / "OVMF_VARS_4M.fd"
    ours, peer = (folder / f"{name}-import.fd" for name in ("ours", "peers"))
    return Contest(
        f"vars import, {FULL:,} variables / virt-fw-vars --set-json",
        ("sh", "-c", f"rm -f {ours}; exec {PROGRAM} vars import {store} {source} -o {ours}"),
        ("sh", "-c", f"rm -f {peer}; exec {VIRT_FW_VARS} -i {store} --set-json {source} -o {peer}"),
        1.5,
        None,
    )


def floors(folder: Path) -> list[tuple[str, tuple[str, ...]]]:
    """What no Python program that unpacks the same payload can fall below."""
    code = (
        "import lzma, pathlib; "
        "data = pathlib.Path('/usr/share/OVMF/OVMF_CODE_4M.fd').read_bytes()[0xA8:0x171087]; "
        "lzma.LZMADecompressor(lzma.FORMAT_ALONE).decompress(data)"
    )
    return [
        ("Python starting", (sys.executable, "-I", "-c", "pass")),
        ("Python unpacking the payload", (sys.executable, "-I", "-c", code)),
    ]


def verdict(ratio: float, limit: float | None) -> str:
    if limit is None:
        return ""
    return "within" if ratio <= limit else "OVER"


def show(contest: Contest, ours: Figures, peer: Figures) -> None:
    print(contest.name)
    rows = (
        ("wall time", ours.seconds, peer.seconds, "s", contest.time_limit),
        ("peak memory", ours.mib, peer.mib, "MiB", contest.memory_limit),
    )
    for name, mine, other, unit, limit in rows:
        ratio = mine / other
        text = f"  {name:<12} {mine:8.3f} {unit:<4} {other:8.3f} {unit:<4} ratio {ratio:.3f}"
        print(f"{text}  limit {limit}  {verdict(ratio, limit)}" if limit else text)


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Ratios against peers.")
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each (default 7)")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="ovmfgui-bench-") as name:
        folder = Path(name)
        for contest in contests(folder):
            show(contest, *side_by_side(contest.ours, contest.peer, runs))
        for title, command in floors(folder):
            least, _ = side_by_side(command, command, runs)
            print(f"floor: {title}: {least.seconds:.3f} s, {least.mib:.0f} MiB")
    flash_figures.show_all(runs)


if __name__ == "__main__":
    main()
