"""Fuzz one target with atheris: ``python tests/fuzz/run.py TARGET [SECONDS]``.

Inputs that reach something new are kept in a folder that is printed; what fails stays there as
``crash-…``, ``timeout-…`` or ``oom-…``. Put the small ones that teach something into
``corpus/TARGET``, mend what failed, and give it a test.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ovmfgui"]):
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from fuzz_targets import MOST_SECONDS, TARGETS

    from ovmfgui.refusal import Refused


def main(name: str, seconds: str = "20") -> None:
    """Fuzz until the time is over or something falls."""
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

    limits = (f"-max_total_time={seconds}", f"-timeout={MOST_SECONDS:.0f}", "-rss_limit_mb=1024")
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/", str(folder)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
