"""What is done to a store outside a migration, on the model and on real QEMU: the same.

The shipped scenarios are compared elsewhere; these are the corners that no lesson tells.
"""

from __future__ import annotations

import pytest
from played import BEGIN, FRAME, scenario

from ovmfgui.migration.engine.playing import Engine, play
from ovmfgui.migration.simulation.boot_verdict import LayoutJudge

pytestmark = [pytest.mark.firmware, pytest.mark.xdist_group("two-engines")]

UNIFIED = FRAME.replace('synthetic = "4m"\n', 'synthetic = "4m"\nunified = true\n').replace(
    '["next"]', '["old"]'
)
IN_QCOW2 = ('define host="a"\nqcow2=true', *BEGIN[1:])
MIDDLE = 'set-variable name="Y" text="world"\nstop_after={}'
LOSS = 'power-loss host="a"'
ROM = ('define host="a"\nrom=true', *BEGIN[1:])
STATELESS = ('define host="a"\nstateless=true', *BEGIN[1:])
PC = ('define host="a"\nmachine="pc"', *BEGIN[1:])
MOVED = ('migrate to="b"', 'get name="X"', "save", "restore", "snapshot", "reset", "power-off")


@pytest.fixture(scope="module")
def judge():
    return LayoutJudge()


@pytest.mark.parametrize(
    ("actions", "frame"),
    [
        ((*BEGIN, MIDDLE.format(101), "save", "restore", "finish-write"), FRAME),
        ((*BEGIN, MIDDLE.format(2), "pause", "save", "restore", "continue"), FRAME),
        ((*BEGIN, 'migrate to="b"\npaused=true', "save", "restore", "continue"), FRAME),
        ((*BEGIN, "managed-save", LOSS, "start", "power-off", "start"), FRAME),
        ((*BEGIN, "save", LOSS, "restore"), FRAME),
        ((*IN_QCOW2, MIDDLE.format(101), "snapshot", "finish-write", "revert", "finish-write",
          "pause", "revert", "continue"), FRAME),
        ((*IN_QCOW2, "snapshot", MIDDLE.format(50), LOSS, "relaunch", "revert"), FRAME),
        ((*IN_QCOW2, "snapshot", 'snapshot name="next"', "power-off", "reset-nvram", "revert",
          'revert name="next"'), FRAME),
        ((*IN_QCOW2, "snapshot", "power-off", 'move-offline to="b"',
          'copy-store to="b"\nhost="a"', 'start host="b"', "snapshot"), FRAME),
        ((*IN_QCOW2, 'migrate to="b"', BEGIN[-1], "snapshot", "delete-variable name=\"X\"",
          "revert"), FRAME),
        ((*IN_QCOW2, "snapshot", MIDDLE.format(3), "revert", "save", "restore"), UNIFIED),
        ((*ROM, *MOVED, 'relaunch host="b"'), UNIFIED),
        ((*STATELESS, *MOVED, 'relaunch host="b"'), FRAME),
        (ROM[:2], FRAME),
        ((*PC, 'migrate to="b"', "save", "restore", "power-off", 'relaunch host="b"'), FRAME),
    ],
)  # fmt: skip
def test_the_engines_agree(actions, frame, judge):
    replay = play(scenario(*actions, frame=frame), Engine.BOTH, judge=judge)
    assert replay.agreement is not None
    assert replay.agreement.differences == ()
    assert replay.agreement.checked > 10 * (len(replay.steps) - 1)
