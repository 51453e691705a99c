"""Command lines as they are found: in a shell, a process list, /proc/PID/cmdline, a log."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.machine.command_line import (
    architecture_of_program,
    is_program,
    machine_of_arguments,
)
from ovmfgui.machine.model import (
    Kind,
    Machine,
    Mapping,
    Statement,
    StoreKind,
    WithoutUefi,
)
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator


_BARE_JSON = re.compile(r"""(?<=\s)\{"[^'\s]*\}(?=\s|$)""")
"""A JSON argument as a list of processes shows it: without the quotes that a shell needs."""
_NEXT_COMMAND = ("|", "||", "&", "&&", ";")


def looks_like_command(text: str) -> bool:
    """Whether a text holds a command line of QEMU."""
    if "qemu-system-" in text or "qemu-kvm" in text or "/kvm" in text:
        return any(f"-{option}" in text for option in ("machine", "M ", "drive", "pflash", "bios"))
    stripped = text.lstrip()
    return stripped.startswith(("-drive ", "-machine ", "-blockdev ", "-pflash ", "-bios "))


def parse_command(path: str, text: str) -> Machine:
    """The machine of the last QEMU command line in a text.

    Args:
        path: for messages.
        text: a command, a shell script, a log of libvirt's, or NUL-separated words.

    Raises:
        Refused: there is none.
    """
    words = text.rstrip("\0").split("\0") if "\0" in text else _last_command(path, text)
    start = next((i for i, word in enumerate(words) if is_program(word)), None)
    program = "" if start is None else words[start]
    arguments = words if start is None else words[start + 1 :]
    base = Machine(Kind.QEMU, architecture=architecture_of_program(program), source=path)
    made = _beside(machine_of_arguments(arguments, base), path)
    if made.firmware is None and made.store.path == "":
        what = made.name or "this QEMU"
        msg = f"{path}: {what} is given no firmware (no pflash, no -bios): it starts with SeaBIOS"
        raise WithoutUefi(msg)
    return made


def _beside(made: Machine, path: str) -> Machine:
    """The machine with relative paths that lead to nothing here taken from the command's folder.

    A script is started in its own folder, most often.
    """
    folder = Path(path).parent

    def found(named: str) -> str:
        there = folder / named
        return str(there) if not Path(named).exists() and there.is_file() else named

    firmware, store = made.firmware, made.store
    if store.how is StoreKind.FLASH and store.path:
        made = replace(made, store=replace(store, path=found(store.path)))
    if firmware is None:
        return made
    named = found(firmware.path)
    if firmware.how is Mapping.ROM and "/" not in named and not Path(named).exists():
        odd = Statement(f"-bios {named}", "QEMU looks for it in folders of its own")
        made = replace(made, not_understood=(*made.not_understood, odd))
    return replace(made, firmware=replace(firmware, path=named))


def _last_command(path: str, text: str) -> list[str]:
    # From the end: the last start counts, and a log may hold thousands.
    for command in reversed([line for line in _joined(text) if looks_like_command(line)]):
        try:
            words = shlex.split(_BARE_JSON.sub(_quoted, command))
        except ValueError as error:
            msg = f"{path}: QEMU's command line ends within a quote ({error})"
            raise Refused(msg) from None
        for part in reversed(list(_commands(words))):
            if any(is_program(word) for word in part) or part[0].startswith("-"):
                return part
    msg = f"{path} holds no command line of QEMU"
    raise Refused(msg)


def _quoted(match: re.Match[str]) -> str:
    return f"'{match[0]}'"


def _commands(words: list[str]) -> Iterator[list[str]]:
    """One after another those that a shell would start, none of them empty."""
    part: list[str] = []
    for word in words:
        if word not in _NEXT_COMMAND:
            part.append(word.removesuffix(";"))
        if part and (word in _NEXT_COMMAND or word.endswith(";")):
            yield part
            part = []
    if part:
        yield part


def _joined(text: str) -> Iterator[str]:
    """Lines with those joined that end in a backslash."""
    parts: list[str] = []
    for line in text.splitlines():
        stripped = line.rstrip()
        if stripped.endswith("\\"):
            parts.append(stripped[:-1])
            continue
        parts.append(stripped)
        yield " ".join(parts)
        parts = []
    if parts:
        yield " ".join(parts)
