"""The library's front door: open images, check them, edit and save a store, play a scenario.

>>> from ovmfgui import api
>>> api.check("OVMF_CODE_4M.fd", "guest_VARS.fd").fit

What cannot be used raises ``Refused``, whose text is one line: what, where, what to do. Nothing
here imports Qt, and importing this module is cheap: what a call needs is loaded by that call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.progress import Report, silent
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from ovmfgui.flash.image import Image
    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.migration.simulation.step import Replay
    from ovmfgui.nvram.variable_store import VariableStore

__all__ = ["Refused", "check", "open", "open_store", "play"]


def open(  # noqa: A001 (meant to be read as api.open)
    *files: str | Path, report: Report = silent
) -> Image:
    """Open flash files and read their structure.

    Args:
        files: a CODE and its VARS in any order, one unified, CODE or VARS file; raw, xz or qcow2.
            A definition (libvirt domain XML, QEMU firmware descriptor or command line, Proxmox
            configuration) or a folder stands for the files that it names.
        report: told of progress as (done, total, what); may raise to cancel.

    Returns:
        The files, the map of their regions, and what was noticed about them.

    Raises:
        Refused: a file cannot be used, or the files do not belong together.
    """
    from ovmfgui.machine.opening import open_image

    return open_image(files, report)


def check(first: Image | str | Path, *more: str | Path) -> Verdict:
    """Do CODE and the variable store fit, and what happens when a machine starts with them?

    Args:
        first: what ``open`` returned, the first file, or the definition of a machine, in which
            what is declared (mapping, format, SMM, …) decides as much as the bytes do.
        more: where a file was given first, the other one; see ``open``.

    Returns:
        ``fit`` and ``outcome`` are the answer, ``summary`` and ``advice`` say it in words,
        ``differences`` are the constants on which the two do not agree.

    Raises:
        Refused: one of the two is missing or cannot be used, or the store is cut off.
    """
    from ovmfgui.flash.image import Image
    from ovmfgui.layout.fit import check_image

    if not isinstance(first, Image):
        from ovmfgui.layout.machine_verdict import check_machine
        from ovmfgui.machine.opening import open_machine

        machine = open_machine((first, *more))
        return check_image(open(first, *more)) if machine is None else check_machine(machine)
    if more:
        msg = "an opened image is checked by itself; to check other files, give only files"
        raise Refused(msg)
    return check_image(first)


def open_store(
    path: str | Path, *, code: str | Path | None = None, compact: bool = False
) -> VariableStore:
    """Open a variable store, to read and to change as firmware would.

    Args:
        path: a VARS file or a unified image (raw, xz or qcow2), or a JSON store.
        code: the firmware that uses it: the largest variable it takes is read from there. Without
            it, or where it does not tell, that of builds of this layout is taken.
        compact: where a variable finds no room, drop superseded and deleted records first.

    Raises:
        Refused: a file cannot be read, or holds no variable store or no CODE.
    """
    from ovmfgui.nvram.variable_store import VariableStore

    if code is None:
        return VariableStore(path, compact=compact)
    from ovmfgui.layout.limits import limits_of_file

    return VariableStore(path, limits=limits_of_file(code), compact=compact)


def play(
    scenario: str | Path,
    *,
    engine: Literal["model", "qemu", "both"] = "model",
    guest: Literal["idle", "real"] = "idle",
) -> Replay:
    """Play a migration scenario.

    Args:
        scenario: a shipped scenario's name (``ovmfgui replay --list``), or a TOML file's path.
        engine: the emulated flash chips, real QEMU, or both, compared in every checkpoint.
        guest: what runs in a real QEMU: nothing, or the firmware itself (10 to 25 s a boot).

    Returns:
        The steps with both hosts as they were after each, and the outcome.

    Raises:
        Refused: there is no such scenario, an action asks for what cannot be, or QEMU is missing.
    """
    from ovmfgui.migration.engine.playing import Engine, GuestKind
    from ovmfgui.migration.engine.playing import play as play_with
    from ovmfgui.migration.scenario.file import load
    from ovmfgui.migration.scenario.shipped import find

    try:
        wanted, runs = Engine(engine), GuestKind(guest)
    except ValueError as error:
        choices = f"engine is one of {', '.join(Engine)}, guest one of {', '.join(GuestKind)}"
        msg = f"{error}; {choices}"
        raise Refused(msg) from None
    return play_with(load(find(str(scenario))), wanted, guest=runs)
