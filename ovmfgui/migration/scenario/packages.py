"""A firmware package as a scenario writes it: real files, or synthetic images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui.flash.placement import ARM_VIRT, BOARD_CHIP_SIZES
from ovmfgui.migration.scenario.host import Package
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ovmfgui.flash.placement import Board

_KEYS = ("title", "synthetic", "code", "vars", "unified", "code_path", "vars_path", "records")
_RECORDS = ("new", "old")
_INSTALLED = ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd")
_INSTALLED_ARM = ("/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd")
_INSTALLED_UNIFIED = "/usr/share/ovmf/OVMF.fd"


def package_from(name: str, table: Mapping[str, Any], folder: Path) -> Package:
    """The package that a scenario's table describes.

    Args:
        name: the package's.
        table: ``synthetic``, or ``code`` and ``vars``, or ``unified``; ``title``; ``code_path``
            and ``vars_path``, where the package is installed on a host; ``records``, how its
            firmware appends them.
        folder: what paths of real files are relative to.

    Raises:
        Refused: the table says too little, too much, or names files that cannot be read.
    """
    for key, value in table.items():
        if key not in _KEYS:
            msg = f'"{key}" means nothing here; known are {", ".join(_KEYS)}'
            raise Refused(msg)
        if not isinstance(value, str) and not (key == "unified" and value is True):
            msg = f"{key} has to be text in quotes"
            raise Refused(msg)
    records = table.get("records", "new")
    if records not in _RECORDS:
        msg = f'records is {records!r}; it is "new", or "old" for firmware before edk2-stable202402'
        raise Refused(msg)
    title, code, template = _images(table, folder)
    board = _board(len(code), template)
    code_path, vars_path = _INSTALLED_ARM if board is not None else _INSTALLED
    default = _INSTALLED_UNIFIED if template is None else code_path
    return Package(
        name,
        str(table.get("title", title)),
        code,
        template,
        str(table.get("code_path", default)),
        str(table.get("vars_path", vars_path)) if template is not None else None,
        old_records=records == "old",
        synthetic="synthetic" in table,
        board=board,
    )


def _board(size: int, template: bytes | None) -> Board | None:
    """Arm's virt for CODE of its size; None for x86.

    Raises:
        Refused: it is for a machine that scenarios do not play.
    """
    if size == ARM_VIRT.chip_size and template is not None:
        return ARM_VIRT
    if size in BOARD_CHIP_SIZES:
        msg = (
            f"its CODE has {size >> 20} MiB; scenarios play x86 machines, and Arm's virt with a "
            "CODE of 64 MiB and a store of its own"
        )
        raise Refused(msg)
    return None


def _images(table: Mapping[str, Any], folder: Path) -> tuple[str, bytes, bytes | None]:
    """A title, CODE (or the unified image) and the template (None with a unified image)."""
    if "synthetic" in table and not {"code", "vars"} & set(table):
        return _synthetic(str(table["synthetic"]), joined=table.get("unified") is True)
    unified = table.get("unified")
    if isinstance(unified, str) and not {"code", "vars", "synthetic"} & set(table):
        return Path(unified).name, _contents(unified, folder), None
    if "code" in table and "vars" in table and not {"unified", "synthetic"} & set(table):
        code = str(table["code"])
        return Path(code).name, _contents(code, folder), _contents(str(table["vars"]), folder)
    msg = (
        'say where its images come from, in one of three ways: synthetic = "4m", '
        "code and vars with the paths of files, or unified with the path of one"
    )
    raise Refused(msg)


def _synthetic(build: str, *, joined: bool) -> tuple[str, bytes, bytes | None]:
    from ovmfgui.layout.synthetic import BUILDS, synthetic_package  # builds LZMA volumes

    if build not in BUILDS:
        msg = f'there is no synthetic build "{build}"; known are {", ".join(BUILDS)}'
        raise Refused(msg)
    made = synthetic_package(build)
    if joined:
        return f"{made.name}, unified", made.vars + made.code, None
    return made.name, made.code, made.vars


def _contents(path: str, folder: Path) -> bytes:
    from ovmfgui.flash.source import read_file

    return read_file(folder / path).data
