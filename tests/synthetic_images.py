"""Synthetic packages as opened images."""

from ovmfgui.flash.image import FlashFile, Format, Image
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.role import role_of
from ovmfgui.layout.synthetic import synthetic_package


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
