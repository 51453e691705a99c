"""Real QEMU with the firmware itself running in it: what comes of a power-on is watched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.engine.console import Console
from ovmfgui.migration.engine.firmware_words import (
    COUNTDOWN,
    DEAD,
    NO_BOOT_OPTION,
    PROMPT,
)
from ovmfgui.migration.engine.monitor import wait_until
from ovmfgui.migration.engine.qemu import QemuPlatform
from ovmfgui.migration.engine.qemu_machine import QemuMachine
from ovmfgui.migration.simulation.boot import (
    forget_what_is_not_kept,
    good_start,
    lost_variables,
    lost_words,
    remember,
)
from ovmfgui.migration.simulation.machine import Guest
from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.migration.simulation.take_snapshot import guest_view_of
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from uuid import UUID

    from ovmfgui.migration.engine.process import QemuProcess
    from ovmfgui.migration.engine.qtest import Qtest
    from ovmfgui.migration.scenario.model import Scenario
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation
    from ovmfgui.migration.simulation.machine import ChipPlan, Machine
    from ovmfgui.pflash.contents import Pages
    from ovmfgui.pflash.generation import Generation

PATIENCE = 120.0
"""Seconds until a firmware that says nothing is given up; a boot takes 5 to 25 under TCG."""

_ANSWER = 30.0
_PROMPT = re.compile(re.escape(PROMPT))
_ARRIVED = re.compile("|".join(map(re.escape, (PROMPT, COUNTDOWN, NO_BOOT_OPTION, *DEAD))))
_LONGEST_VALUE = 256
_NV, _BS, _RT = 1, 2, 4

_TEXTS = {
    Outcome.BOOTS: "The firmware comes up, and saves its variables in the store.",
    Outcome.BOOTS_INITIALISES: "The firmware makes a store of the blank file, and comes up.",
    Outcome.BOOTS_VOLATILE: "The firmware comes up, and not one byte of the store is written.",
    Outcome.NO_BOOT: "The firmware does not come up.",
}


class LiveMachine(QemuMachine):
    """A QEMU process that runs its firmware."""

    def __init__(
        self,
        domain: str,
        generation: Generation,
        plans: Sequence[ChipPlan],
        process: QemuProcess,
        qtest: Qtest,
    ) -> None:
        """A process that has just been started."""
        super().__init__(domain, generation, plans, process, qtest)
        connection = process.connect("serial")
        if connection is None:
            raise process.gone()
        self.console = Console(connection)

    def command(self, line: str) -> str:
        """What the firmware's shell prints to a line."""
        self.console.type(f"{line}\r")
        answer = self.console.wait_for(_PROMPT, _ANSWER)
        self.look_again()
        if answer is None:
            msg = f"the guest's shell did not answer to {line!r} within {_ANSWER:.0f} s"
            raise Refused(msg)
        return self.console.text

    def come_up(self) -> Guest:
        """Wait for what comes of a power-on or reset: the guest that is there then."""
        found = self.console.wait_for(_ARRIVED, PATIENCE)
        if found is not None and found == COUNTDOWN:
            self.console.type("\x1b")
            found = self.console.wait_for(_PROMPT, _ANSWER)
        self.look_again()
        has_shell = found == PROMPT
        return Guest(alive=has_shell or found == NO_BOOT_OPTION, has_shell=has_shell)

    def reset(self) -> None:
        """See ``Machine``."""
        self.console.forget()
        super().reset()

    def shut_down(self) -> None:
        """See ``Machine``: the guest does it, where it has a shell."""
        if self.guest.has_shell:
            self.console.type("reset -s\r")
            wait_until(lambda: not self.process.alive, "the guest's shutdown", _ANSWER)
        self.end()


class LivePlatform(QemuPlatform):
    """Hosts whose machines run their firmware."""

    def _machine_arguments(self, folder: Path, *, virt: bool) -> Sequence[str]:  # noqa: ARG002
        return (
            *("-accel", "tcg", "-m", "256"),
            *("-serial", f"unix:{folder}/serial,server=on,wait=off"),
        )

    def _machine(
        self, domain: str, plans: Sequence[ChipPlan], process: QemuProcess, qtest: Qtest
    ) -> QemuMachine:
        return LiveMachine(domain, self.generation, plans, process, qtest)


class LiveFirmware:
    """What the firmware in the guest does, instead of what the model says that it would."""

    def __init__(self) -> None:
        self._set: set[tuple[str, UUID, str]] = set()

    def start(
        self, simulation: Simulation, host: SimulatedHost, machine: Machine, title: str, intro: str
    ) -> StepResult:
        """Watch a power-on or reset; see ``boot``."""
        assert isinstance(machine, LiveMachine)
        guest = machine.guest = machine.come_up()
        chip = machine.store
        after = chip.device.contents() if chip is not None else None
        outcome = guest.outcome = observed(guest.alive, machine.at_start, after)
        if outcome is Outcome.BOOTS_VOLATILE:
            guest.volatile = {}
        forget_what_is_not_kept(simulation, machine)
        lost = self._lost(simulation, machine)
        simulation.lost[machine.domain] = lost
        shell = ""
        if guest.alive and not guest.has_shell:
            shell = (
                " It starts no shell (Secure Boot wants a signed one), so nobody can set a "
                "variable."
            )
        return StepResult(
            host.name,
            title,
            f"{intro} with {machine.code.firmware}. {_TEXTS[outcome]}{shell}",
            ok=good_start(machine, outcome) and not lost,
            consequence=lost_words(lost),
            outcome=outcome,
        )

    def write(
        self,
        simulation: Simulation,
        host: SimulatedHost,
        machine: Machine,
        title: str,
        key: tuple[UUID, str],
        value: bytes | None,
        attributes: int | None,
    ) -> StepResult:
        """Set a variable, or delete it where ``value`` is None, in the firmware's shell."""
        assert isinstance(machine, LiveMachine)
        if not machine.guest.has_shell:
            simulation.unmet.append(f"{title} was asked for and left out: no shell to do it in.")
            text = "Left out: the firmware starts no shell here."
            return StepResult(host.name, title, text, ok=False)
        guid, name = key
        if value is not None and len(value) > _LONGEST_VALUE:
            msg = f"{title}: a real guest sets at most {_LONGEST_VALUE} bytes, in its shell"
            raise Refused(msg)
        if not re.fullmatch(r"[A-Za-z0-9_.-]+", name):
            msg = f"{title}: a real guest's shell takes letters and digits in a name, no others"
            raise Refused(msg)
        answer = machine.command(f"setvar {name} -guid {guid} {_data(value, attributes)}".strip())
        if "nable to" in answer or "nvalid" in answer:
            told = " ".join(answer.split("\r\n", 1)[-1].replace(PROMPT, "").split())
            simulation.unmet.append(f"{title} was asked for and not done: {told}")
            return StepResult(host.name, title, f"The firmware does not do it: {told}", ok=False)
        volatile = machine.guest.volatile
        if volatile is not None:
            volatile.pop(key, None) if value is None else volatile.update({key: value})
        remember(simulation, machine.domain, key, value)
        self._set.add((machine.domain, *key))
        return StepResult(
            host.name,
            title,
            "The guest does it in its shell, and the firmware reports success.",
            ok=volatile is None,
        )

    def _lost(self, simulation: Simulation, machine: LiveMachine) -> tuple[str, ...]:
        """Variables that are missing, or that the scenario has set and that have other values.

        Those that the firmware makes for itself, such as MTC, it changes at every start.
        """
        there = {v.name for v in guest_view_of(machine).variables}
        return tuple(
            name
            for guid, name in lost_variables(simulation, machine)
            if name not in there or (machine.domain, guid, name) in self._set
        )


def observed(alive: bool, before: Pages | None, after: Pages | None) -> Outcome:
    """What a power-on came to, from whether the firmware came up and what the store became."""
    if before is None or after is None:
        return Outcome.BOOTS_VOLATILE if alive else Outcome.NO_BOOT
    if alive and before == after:
        return Outcome.BOOTS_VOLATILE
    if not alive:
        return Outcome.NO_BOOT
    return Outcome.BOOTS_INITIALISES if _blank(before) else Outcome.BOOTS


def _blank(contents: Pages) -> bool:
    """Whether there is no variable store: erased or zero behind the volume's header."""
    head = contents.read(0x48, 0x1000 - 0x48)
    return not head.strip(b"\xff") or not head.strip(b"\0")


def _data(value: bytes | None, attributes: int | None) -> str:
    if value is None:
        return "="
    bits = 7 if attributes is None else attributes
    flags = ((_NV, "-nv"), (_BS, "-bs"), (_RT, "-rt"))
    return " ".join([*(flag for bit, flag in flags if bits & bit), f"={value.hex()}"])


def check_playable(scenario: Scenario) -> None:
    """See that a scenario's packages hold firmware that can run.

    Raises:
        Refused: one of them is a synthetic image, or for a processor that is not started here.
    """
    for package in scenario.packages.values():
        if package.board is not None and _is_32_bit(package.code):
            msg = f"the package {package.name} is for 32-bit Arm; a real guest runs AArch64 or x86"
            raise Refused(msg)
        if package.synthetic:
            msg = (
                f"the package {package.name} is a synthetic image, and no firmware to run; with "
                "a real guest play a scenario on real packages, such as debian-same-package"
            )
            raise Refused(msg)


def _is_32_bit(code: bytes) -> bool:
    from ovmfgui.flash.image import Architecture, FlashFile, Format, Role
    from ovmfgui.flash.opening import image_of

    image = image_of([FlashFile("CODE", code, Format.RAW, Role.CODE)])
    return image.architecture is Architecture.ARM
