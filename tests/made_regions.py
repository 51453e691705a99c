"""A pair's map by hand: small, with all that the flash map has to cope with."""

from ovmfgui.flash.region import Kind, Region
from ovmfgui.gui.widgets.map_model import Part
from ovmfgui.span import Place, Span

CODE_SIZE, VARS_SIZE = 0x10_0000, 0x2_0000
BASE = 0x1_0000_0000 - CODE_SIZE - VARS_SIZE


def region(
    name: str, kind: Kind, start: int, size: int, *inside: Region, space=1, **more
) -> Region:
    return Region(name, kind, Place(space, Span(start, size)), children=tuple(inside), **more)


def code_regions() -> tuple[Region, ...]:
    def here(name, kind, start, size, *inside, **more):
        return region(name, kind, start, size, *inside, space=0, **more)

    unpacked = region(
        "unpacked contents",
        Kind.DECOMPRESSED,
        0,
        0x8000,
        region("PEIFV", Kind.VOLUME, 0, 0x2000, space=2),
        region("DXEFV", Kind.VOLUME, 0x2000, 0x6000, space=2),
        space=2,
    )
    body = here("compressed body", Kind.BODY, 0x90, 0x4F70, unpacked)
    section = here(
        "LZMA", Kind.SECTION, 0x78, 0x4F88, here("section header", Kind.HEADER, 0x78, 0x18), body
    )
    file = here(
        "volumes", Kind.FILE, 0x60, 0x4FA0, here("file header", Kind.HEADER, 0x60, 0x18), section
    )
    main = here(
        "FVMAIN_COMPACT",
        Kind.VOLUME,
        0,
        0xF0000,
        here("volume header", Kind.HEADER, 0, 0x60),
        file,
        here("free", Kind.FREE, 0x5000, 0xEB000),
        used=0x5000,
    )
    security = here("SECFV", Kind.VOLUME, 0xF0000, 0x10000, used=0x10000)
    return (main.at_address(BASE + VARS_SIZE), security.at_address(BASE + VARS_SIZE + 0xF0000))


def store_regions(records: int = 6) -> tuple[Region, ...]:
    parts = [region("variable store header", Kind.HEADER, 0x48, 0x1C)]
    at = 0x64
    for number in range(records):
        kind = Kind.DEAD_VARIABLE if number % 3 == 1 else Kind.VARIABLE
        parts.append(region(f"Boot{number:04}", kind, at, 0x40, used=0x40))
        at += 0x40
    parts.append(region("free space", Kind.FREE, at, 0xE000 - at))
    store = region("variable store", Kind.STORE, 0x48, 0xDFB8, *parts, used=0x1C + records * 0x40)
    variables = region(
        "variable region",
        Kind.VARIABLE_REGION,
        0,
        0xE000,
        region("volume header", Kind.HEADER, 0, 0x48),
        store,
        used=at,
    )
    volume = region(
        "NvData volume",
        Kind.NV_VOLUME,
        0,
        VARS_SIZE,
        variables,
        region("event log", Kind.EVENT_LOG, 0xE000, 0x1000, used=0),
        region("FTW working block", Kind.FTW_WORKING, 0xF000, 0x1000, used=32),
        region("FTW spare area", Kind.FTW_SPARE, 0x10000, 0x10000, used=0),
    )
    return (volume.at_address(BASE),)


def pair_parts(records: int = 6) -> tuple[Part, ...]:
    return (
        Part("CODE", "CODE.fd", CODE_SIZE, code_regions()),
        Part("VARS", "VARS.fd", VARS_SIZE, store_regions(records)),
    )


def named(parts: tuple[Part, ...], name: str) -> Region:
    roots = (root for part in parts for root in part.regions)
    return next(step for root in roots for step in root.walk() if step.name == name)
