"""The store that a command is given: a file, or the definition of the machine that uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.output import complain
from ovmfgui.machine.store_path import store_path
from ovmfgui.nvram.store_file import StoreFile, open_store

if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_store(parser: ArgumentParser, name: str = "vars", metavar: str = "VARS") -> None:
    """Declare the argument that names a store."""
    parser.add_argument(
        name,
        metavar=metavar,
        help="a VARS file, a unified image, a JSON store, or the definition of the machine whose "
        "store is meant",
    )


def opened_store(named: str, *, write: bool = False) -> StoreFile:
    """Open the store; of a definition that of its machine, and say which file that is.

    Raises:
        Refused: there is none, or it cannot be read.
    """
    return open_store(path_of_store(named, write=write))


def path_of_store(named: str, *, write: bool = False) -> str:
    """The store's path, which is said where it is not what was named.

    Raises:
        Refused: the machine keeps no store in a file, or it does not exist.
    """
    path = store_path(named, write=write)
    if path != named:
        complain(f"{named} keeps its variables in {path}")
    return path
