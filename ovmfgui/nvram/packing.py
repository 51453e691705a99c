"""Flash contents into files of the format that they came in, or that a new file's name asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.flash.image import Format
from ovmfgui.flash.json_text import is_json_store
from ovmfgui.flash.source import read_file, read_regular
from ovmfgui.nvram.saving import create, save
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.flash.image import FlashFile

_ENDINGS = {".xz": Format.XZ, ".qcow2": Format.QCOW2, ".json": Format.JSON}


def format_for(path: str | Path) -> Format:
    """The format that a file's name asks for: xz, qcow2 and JSON by their endings, else raw."""
    return _ENDINGS.get(Path(path).suffix.casefold(), Format.RAW)


def packed(data: bytes, form: Format, *, path: str | Path = "", like: bytes = b"") -> bytes:
    """What a file of format ``form`` stores for the flash contents ``data``.

    Args:
        data: the flash contents.
        form: the format.
        path: of the file, for messages.
        like: the file as it is, whose format's own settings are kept; empty for a new one.

    Raises:
        Refused: this file cannot be written.
    """
    match form:
        case Format.RAW:
            return data
        case Format.JSON:
            return data if is_json_store(data) else _as_json(data, path)
        case Format.XZ:
            import lzma

            # Flash is mostly padding: a higher preset costs seconds and saves nothing.
            return lzma.compress(data, preset=1)
        case Format.QCOW2:
            # Imported here: it brings subprocess and tempfile, which a quick start can do without.
            from ovmfgui.flash.qcow2 import pack_qcow2

            return pack_qcow2(str(path), data, like)


def _as_json(data: bytes, path: str | Path) -> bytes:
    """The variables of a flash store as QEMU's uefi-vars device keeps them."""
    from ovmfgui.nvram.json_making import json_of
    from ovmfgui.nvram.reading import read_store

    store = read_store(data)
    if store.volume is None:
        msg = f"{path} is to be JSON, and there is no variable store to write so"
        raise Refused(msg)
    return json_of(store.live).text.encode()


def save_flash(file: FlashFile, data: bytes, *, backup: bool = True) -> Path | None:
    """Give an opened file other flash contents, in the format that it has; see ``saving.save``.

    Args:
        file: as it was opened, or as it was after the last save.
        data: its new flash contents.
        backup: keep the old file as PATH.bak; later saves of one session pass False.

    Returns:
        The backup's path, None where none was made.

    Raises:
        Refused: it could not be done; the file is as it was.
    """
    if file.format in (Format.RAW, Format.JSON):
        return save(file.path, data, expected=file.data, backup=backup)
    # Packed bytes are not kept after opening; what they unpack to tells as well.
    stored = read_regular(file.path)
    now = read_file(file.path)
    if (now.data, now.format) != (file.data, file.format):
        msg = f"{file.path} has been changed by another program since it was read; open it again"
        raise Refused(msg)
    new = packed(data, file.format, path=file.path, like=stored)
    return save(file.path, new, expected=stored, backup=backup)


def create_flash(path: str | Path, data: bytes) -> None:
    """Write flash contents to a new file, in the format that its name asks for.

    Raises:
        Refused: there is such a file already, or it could not be written.
    """
    create(path, packed(data, format_for(path), path=path))


def write_flash(path: str | Path, data: bytes) -> None:
    """Write flash contents into a file, a new one or over an old one with its format's settings.

    Raises:
        Refused: it could not be written, or is being written by another program; it is as it was.
    """
    if not Path(path).exists():
        create_flash(path, data)
        return
    stored = read_regular(Path(path))
    save(path, packed(data, format_for(path), path=path, like=stored), expected=stored)
