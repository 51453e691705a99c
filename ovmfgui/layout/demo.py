"""The built-in pair of images: a synthetic package, its store as a guest would have left it."""

from __future__ import annotations

from functools import cache

from ovmfgui.flash.image import FlashFile, Format, Role

_HARD_DRIVE = "04012a000100000000080000000000000000100000000000a3b1c2d3e4f500112233445566778899"
_SHIM = r"\EFI\debian\shimx64.efi"


def _load_option(title: str, path: bytes) -> bytes:
    """EFI_LOAD_OPTION (UEFI specification, section 3.1.3): active, description, device path."""
    described = title.encode("utf-16-le") + b"\0\0"
    return (1).to_bytes(4, "little") + len(path).to_bytes(2, "little") + described + path


def _file_path() -> bytes:
    """A hard drive partition (GPT) and a file on it, ended (section 10.3)."""
    drive = bytes.fromhex(_HARD_DRIVE) + bytes([2, 2])
    name = _SHIM.encode("utf-16-le") + b"\0\0"
    file = bytes([4, 4]) + (4 + len(name)).to_bytes(2, "little") + name
    return drive + file + bytes([0x7F, 0xFF, 4, 0])


@cache
def demo_files() -> tuple[FlashFile, FlashFile]:
    """CODE and VARS of the demo; the store holds boot entries, and a setting changed twice."""
    # Only here: they need a compressor and the editor, and few want them.
    from ovmfgui.layout.synthetic import synthetic_package
    from ovmfgui.nvram.editor import Editor
    from ovmfgui.nvram.vendors import GLOBAL

    package = synthetic_package("4m")
    data = package.vars
    for name, value in (
        ("PlatformLang", b"en\0"),
        ("Timeout", (3).to_bytes(2, "little")),
        ("Boot0000", _load_option("debian", _file_path())),
        ("BootOrder", (0).to_bytes(2, "little")),
        ("Timeout", (0).to_bytes(2, "little")),
        ("BootNext", (0).to_bytes(2, "little")),
        ("Timeout", (5).to_bytes(2, "little")),
    ):
        data = Editor(data).set_variable(name, GLOBAL, value).after
    data = Editor(data).delete_variable("BootNext", GLOBAL).after
    return (
        FlashFile("demo/OVMF_CODE_4M.fd", package.code, Format.RAW, Role.CODE),
        FlashFile("demo/guest_VARS.fd", data, Format.RAW, Role.VARS),
    )


@cache
def other_demo_files() -> tuple[FlashFile, FlashFile]:
    """A pair to hold the demo against: same sizes, other inner boundaries, other variables."""
    # Only here: they need a compressor and the editor, and few want them.
    from ovmfgui.layout.synthetic import synthetic_package
    from ovmfgui.nvram.editor import Editor
    from ovmfgui.nvram.vendors import GLOBAL

    package = synthetic_package("4m-shifted")
    data = package.vars
    for name, value in (
        ("PlatformLang", b"de\0"),
        ("Timeout", (10).to_bytes(2, "little")),
        ("Lang", b"ger\0"),
    ):
        data = Editor(data).set_variable(name, GLOBAL, value).after
    return (
        FlashFile("other/OVMF_CODE_4M.fd", package.code, Format.RAW, Role.CODE),
        FlashFile("other/guest_VARS.fd", data, Format.RAW, Role.VARS),
    )
