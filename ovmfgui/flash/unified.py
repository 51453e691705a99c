"""A unified image is its VARS and its CODE one behind the other: taking apart, putting together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.flash.image import Image, Role
from ovmfgui.flash.region import Kind
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.flash.image import FlashFile


class Parts(NamedTuple):
    """The contents of the two files."""

    code: bytes
    vars: bytes


def split(image: Image) -> Parts:
    """Take a unified image apart where its NvData volume ends.

    Raises:
        Refused: it is no unified image, or its store does not lie at the start.
    """
    file = image.files[0]
    if image.role is not Role.UNIFIED:
        msg = f"{file.path} is no unified image; only one with VARS and CODE in it can be split"
        raise Refused(msg)
    first, second = image.map[0], image.map[1] if len(image.map) > 1 else None
    if first.kind is not Kind.NV_VOLUME or second is None or second.kind is not Kind.VOLUME:
        msg = f"{file.path} does not begin with a variable store that CODE follows"
        raise Refused(msg)
    end = first.span.end
    parts = Parts(file.data[end:], file.data[:end])
    assert join(parts.code, parts.vars) == file.data
    return parts


def join(code: bytes, store: bytes) -> bytes:
    """VARS first, as an OVMF build concatenates them (OvmfPkg/OvmfPkgX64.fdf, [FD.OVMF])."""
    return store + code


def join_pair(image: Image) -> bytes:
    """The unified image that a pair makes.

    Raises:
        Refused: it is no pair, or one for a machine whose chips lie apart.
    """
    if image.role is not Role.PAIR:
        msg = f"{image.files[0].path} is no pair; give one CODE and one VARS"
        raise Refused(msg)
    code, store = _pair(image)
    if image.architecture is None or not image.architecture.is_x86:
        msg = f"{code.path}: only on x86 do CODE and VARS lie side by side in one image"
        raise Refused(msg)
    return join(code.data, store.data)


def _pair(image: Image) -> tuple[FlashFile, FlashFile]:
    return image.files[0], image.files[1]
