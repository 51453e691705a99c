"""Scenarios of a few actions, played on the emulated chips, and what to ask of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.migration.engine.model import ModelPlatform
from ovmfgui.migration.replay import run
from ovmfgui.migration.scenario.file import parse

if TYPE_CHECKING:
    from ovmfgui.span import Span

STORE = "/var/lib/libvirt/qemu/nvram/vm1_VARS.fd"
CODE = "/usr/share/OVMF/OVMF_CODE.fd"
FRAME = """
[packages.old]
synthetic = "4m"
[packages.next]
synthetic = "4m-next"
[packages.small]
synthetic = "2m"
[hosts.a]
title = "Host A"
packages = ["old"]
[hosts.b]
title = "Host B"
packages = ["next"]
"""
SHARED = FRAME.replace('["old"]', '["old"]\nstorage = "shared"').replace(
    '["next"]', '["next"]\nstorage = "shared"'
)
BEGIN = ('define host="a"', "start", 'set-variable name="X" text="hello"')


def written(*actions: str, frame: str = FRAME) -> str:
    """A scenario of actions such as ``migrate to="b"``, as TOML."""
    text = frame
    for action in actions:
        do, _, rest = action.partition(" ")
        lines = rest.replace('" ', '"\n').replace("true ", "true\n")
        text += f'[[actions]]\ndo = "{do}"\n{lines}\n'
    return text


def scenario(*actions: str, frame: str = FRAME):
    """A scenario of such actions."""
    return parse(written(*actions, frame=frame), "test")


def play(*actions: str, frame: str = FRAME):
    return run(scenario(*actions, frame=frame), ModelPlatform())


def step(replay, title: str):
    """The last step of that title."""
    return next(s for s in reversed(replay.steps) if s.title == title)


def file_of(s, host: str, path: str = STORE) -> bytes:
    return s.snapshot.host(host).file(path).contents.tobytes()


def chip_of(s, host: str, name: str = "system.flash1"):
    return s.snapshot.host(host).guest("vm1").chip(name)


def changed(s) -> dict[str, tuple[Span, ...]]:
    return {f"{c.key.host}:{c.key.name}": c.spans for c in s.changed}
