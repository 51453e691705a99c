"""A pair to hold the demo pair against: same sizes, other inner boundaries, other variables."""

from __future__ import annotations

from functools import cache

from ovmfgui.flash.image import FlashFile, Format, Role


@cache
def example_files() -> tuple[FlashFile, FlashFile]:
    """CODE and VARS of a build that shifts the FTW areas; for pictures."""
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
