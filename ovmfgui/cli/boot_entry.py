"""What the commands that change boot entries have in common."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.cli.store_argument import opened_store
from ovmfgui.cli.store_edit import finish, limits_argument
from ovmfgui.nvram.boot_options import BootEditor
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from ovmfgui.nvram.edit import Edit


def number_argument(text: str) -> int:
    """The number of a boot entry: Boot0003, or 0003 as its name has it.

    Raises:
        Refused: it is neither.
    """
    match = re.fullmatch(r"(?:Boot)?([0-9A-Fa-f]{1,4})", text.strip())
    if match is None:
        msg = f"{text!r} is no boot entry: give Boot0003, or 0003 (in hex)"
        raise Refused(msg)
    return int(match[1], 16)


def edit_boot(arguments: Namespace, change: Callable[[BootEditor], Edit]) -> int:
    """Open the store, change its boot entries, and save as the arguments say."""
    opened = opened_store(arguments.vars, write=True)
    editor = BootEditor(
        opened.file.data, limits=limits_argument(arguments), compact=arguments.compact
    )
    return finish(opened, change(editor), arguments)
