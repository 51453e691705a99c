"""Saves that are killed: there is the old file or the new one, and the next save clears up.

Thirty kills; ``ENDURANCE=600 ./dev test tests/endurance`` makes three hundred.
"""

import json
import os
import subprocess
import sys

KILLS = 300 if float(os.environ.get("ENDURANCE", "0")) >= 300 else 30
_SCRIPT = """
import json, os, random, signal, sys, time
from pathlib import Path
from ovmfgui.nvram.saving import save

path, kills = Path(sys.argv[1]), int(sys.argv[2])
states = (b"a" * 0x84000, b"b" * 0x84000)
path.write_bytes(states[0])
dice, left, whole = random.Random(1), 0, [0, 0]
for _kill in range(kills):
    child = os.fork()
    if not child:
        while True:
            now = path.read_bytes()
            save(path, states[now == states[0]], expected=now)
    time.sleep(dice.uniform(0.002, 0.05))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    whole[states.index(path.read_bytes())] += 1
    kept = path.with_name(path.name + ".bak")
    assert not kept.exists() or kept.read_bytes() in states
    others = [each for each in path.parent.iterdir() if each.suffix == ".tmp"]
    left += bool(others)
    assert len(others) <= 2, others
save(path, b"c", expected=path.read_bytes())
print(json.dumps({"left": left, "whole": whole, "names": sorted(os.listdir(path.parent))}))
"""


def test_a_save_that_is_killed_leaves_a_whole_file(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(tmp_path / "VARS.fd"), str(KILLS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    told = json.loads(ended.stdout)
    print(told)  # noqa: T201
    assert sum(told["whole"]) == KILLS
    assert told["left"] > KILLS // 10, "no kill came into a save"
    assert told["names"] == ["VARS.fd", "VARS.fd.bak"]
