"""Fuzz one target with atheris, or all: ``python tests/fuzz/run.py TARGET|all [SECONDS]``.

Inputs that reach something new are kept in a folder that is printed; what fails stays there as
``crash-…``, ``timeout-…`` or ``oom-…``. Put the small ones that teach something into
``corpus/TARGET``, mend what failed, and give it a test.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ovmfgui"]):
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from fuzz_targets import MOST_SECONDS, TARGETS

    from ovmfgui.refusal import Refused


_PACKAGE = Path(__file__).parent.parent.parent / "ovmfgui"
_SOURCES = b"".join(path.read_bytes() for path in sorted(_PACKAGE.rglob("*.py")))
SEED = os.environ.get("FUZZ_SEED") or str(zlib.crc32(_SOURCES) & 0x7FFF_FFFF)
"""Each change of the program is searched elsewhere; one tree always alike, so that what CI finds
is found again."""
_PATIENCE = 4
"""Of the clock's seconds to the processor's: libFuzzer counts the former, whatever else runs."""


def every(seconds: str) -> int:
    """All targets, as many at a time as there are processors; 1 where something fell."""

    def search(name: str) -> bool:
        command = [sys.executable, __file__, name, seconds]
        same = {**os.environ, "PYTHONHASHSEED": "0"}
        ended = subprocess.run(command, capture_output=True, text=True, check=False, env=same)
        told = ended.stdout + ended.stderr
        runs = re.findall(r"Done (\d+) runs", told)
        well = ended.returncode == 0 and bool(runs)
        print(f"{name}: {f'{int(runs[-1]):,} inputs' if well else told[-4000:]}", flush=True)  # noqa: T201
        return well

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return int(not all(list(pool.map(search, [each.name for each in TARGETS]))))


def main(name: str, seconds: str = "20") -> None:
    """Fuzz until the time is over or something falls."""
    if name == "all":
        sys.exit(every(seconds))
    target = next(each for each in TARGETS if each.name == name)
    folder = Path(tempfile.mkdtemp(prefix=f"ovmfgui-fuzz-{name}-"))
    for number, data in enumerate(target.seed_inputs()):
        (folder / f"seed-{number:03}").write_bytes(data)
    print(folder)  # noqa: T201

    def one(data: bytes) -> None:
        try:
            target.run(data)
        except Refused:
            return

    limits = (
        f"-max_total_time={seconds}",
        f"-seed={SEED}",
        f"-timeout={_PATIENCE * MOST_SECONDS:.0f}",
        "-rss_limit_mb=1024",
    )
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/", str(folder)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
