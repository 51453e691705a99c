"""A scenario of 5,000 actions is played to its end, in bounded time and memory."""

import json
import subprocess
import sys

from pace import pace
from played import BEGIN, FRAME

ACTIONS = 5_000
MOST_MIB = 500
MOST_SECONDS = 60.0
"""Of the processor, on the machine that these tests were written on."""

_SCRIPT = """
import json, sys, time
from pathlib import Path
from ovmfgui.migration.engine.model import ModelPlatform
from ovmfgui.migration.replay import run
from ovmfgui.migration.scenario.file import load

began = time.process_time()
replay = run(load(Path(sys.argv[1])), ModelPlatform())
last = replay.steps[-1].snapshot.host(sys.argv[2]).guest("vm1").guest_view.variables
# Not ru_maxrss: that begins with what the process had before it became this one.
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
print(json.dumps({
    "seconds": round(time.process_time() - began, 1), "mib": int(peak.split()[1]) >> 10,
    "steps": len(replay.steps), "well": replay.well,
    "last": {v.name: v.data.decode("utf-16-le", "replace") for v in last},
}))
"""


def test_five_thousand_actions(tmp_path):
    host, actions = "a", list(BEGIN)
    while len(actions) < ACTIONS:
        number = len(actions)
        if number % 1000 == 0:
            host = "b" if host == "a" else "a"
            actions.append(f'migrate to="{host}"')
        else:
            actions.append(f'set-variable name="V{number % 50}" text="{number}"')
    text = FRAME
    for action in actions:
        do, _, rest = action.partition(" ")
        text += f'[[actions]]\ndo = "{do}"\n' + rest.replace('" ', '"\n') + "\n"
    path = tmp_path / "long.toml"
    path.write_text(text)
    ended = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(path), host],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    told = json.loads(ended.stdout)
    print({name: value for name, value in told.items() if name != "last"})  # noqa: T201
    assert told["well"]
    assert told["steps"] > ACTIONS
    assert f"V{(ACTIONS - 1) % 50}" in told["last"]
    assert told["mib"] < MOST_MIB
    assert told["seconds"] < MOST_SECONDS * pace()
