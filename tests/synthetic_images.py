"""Synthetic packages as opened images."""

from uuid import UUID

from ovmfgui.flash import building as build
from ovmfgui.flash.image import FlashFile, Format, Image, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.role import role_of
from ovmfgui.flash.structures import SECTION_PE32
from ovmfgui.layout.fit import check
from ovmfgui.layout.modules import VIRT_MM
from ovmfgui.layout.synthetic import executable, synthetic_package
from ovmfgui.layout.verdict import Verdict


def memory_file(data: bytes, path: str = "memory") -> FlashFile:
    role = role_of(data)
    assert role is not None
    return FlashFile(path, data, Format.RAW, role)


def code_image(build: str) -> Image:
    return image_of([memory_file(synthetic_package(build).code, f"{build} CODE")])


def vars_image(build: str) -> Image:
    return image_of([memory_file(synthetic_package(build).vars, f"{build} VARS")])


def pair_image(code: str, store: str) -> Image:
    files = (synthetic_package(store).vars, synthetic_package(code).code)
    return image_of(
        [memory_file(data, name) for data, name in zip(files, ("VARS", "CODE"), strict=False)]
    )


def judged(build: str, store: bytes) -> Verdict:
    """The verdict on a synthetic CODE and the bytes of a store."""
    file = FlashFile("vars.fd", store, Format.RAW, Role.VARS)
    return check(code_image(build), image_of([file]))


def device_code() -> bytes:
    """A CODE image that leaves its variables to QEMU's uefi-vars device."""
    parts = [
        build.section(SECTION_PE32, executable(b"\xc3" * 0x40)),
        build.ui_section("VirtMmCommunication"),
    ]
    module = build.file(VIRT_MM, 0x07, build.sections(parts))
    # It ends in code, as an x86 processor wants it.
    return build.volume(0x37C000, [module], name=UUID(int=7))[:-16] + b"\x90" * 16
