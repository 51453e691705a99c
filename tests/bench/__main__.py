"""``./dev bench``: how this program compares with its peers, as ratios in one run.

Absolute times depend on the machine and its load; a ratio of two commands run in turn does not.
Ends with status 1 where a limit is passed, or where a program did not do its work.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from contests import OVMF, run_alone, run_contests
from flash_figures import run_flash
from growth import run_growth
from measure import Failed, Runner
from result import Result
from window_figures import run_window

PARTS = ("commands", "alone", "window", "growth", "flash")
TABLE = Path(__file__).with_name("README.md")


def _run(part: str, runner: Runner, folder: Path, result: Result) -> None:
    match part:
        case "commands":
            run_contests(runner, folder, result)
        case "alone":
            run_alone(runner, folder, result)
        case "window":
            run_window(runner, folder, result)
        case "growth":
            blank = (OVMF / "OVMF_VARS_4M.fd").read_bytes()
            run_growth(result, blank, (OVMF / "OVMF_CODE.fd").read_bytes())
        case "flash":
            run_flash(runner, folder, result)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Ratios against peers.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all")
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each (default 7)")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures as JSON")
    parser.add_argument("--table", action="store_true", help=f"write {TABLE.name} beside the tests")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"no part: {', '.join(sorted(unknown))}")
    result, runner = Result(arguments.runs), Runner()
    try:
        with tempfile.TemporaryDirectory(prefix="ovmfgui-bench-") as name:
            for part in arguments.parts or PARTS:
                try:
                    _run(part, runner, Path(name), result)
                except (Failed, OSError) as why:
                    result.fail(f"{part}: {why}")
    finally:
        runner.close()
    if arguments.json:
        arguments.json.write_text(result.as_json())
    if arguments.table:
        TABLE.write_text(result.as_table())
    return 0 if result.good else 1


if __name__ == "__main__":
    sys.exit(main())
