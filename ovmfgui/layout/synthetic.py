"""Firmware packages made from nothing: for the demo and the tests, on any machine.

They hold no code that runs. What tells a CODE image's layout is there as a real build has it: the
flash driver's header template and the FTW addresses inside an LZMA volume, the reset vector table
at the end. The store is an empty one as a build makes it.
"""

from __future__ import annotations

import random
from functools import cache
from uuid import UUID

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.flash import building as build
from ovmfgui.flash.placement import FOUR_GIB
from ovmfgui.flash.reset_vector import TABLE_FOOTER
from ovmfgui.flash.structures import (
    FILE_RAW,
    FILE_VOLUME_IMAGE,
    SECTION_FV_IMAGE,
    SECTION_PE32,
    SECTION_RAW,
)
from ovmfgui.layout.constants import Layout
from ovmfgui.layout.modules import EMU_FVB, FTW_DXE, FTW_SMM, FVB_RUNTIME, FVB_SMM, PLATFORM_PEI
from ovmfgui.nvram.pristine import pristine_volume, store_header, volume_header
from ovmfgui.nvram.structures import AUTHENTICATED
from ovmfgui.refusal import Refused

_PEI_MODULE, _DXE_DRIVER, _SEC_CORE = 0x06, 0x07, 0x03
_FVMAIN = UUID("48db5e17-707c-472d-91cd-1613e7ef51b0")
_SECFV = UUID("763bed0d-de9f-48f5-81f1-3e90e1b1a015")
_PEIFV = UUID("6938079b-b503-4e3d-9d24-b28337a25806")
_DXEFV = UUID("7cb8bdc9-f8eb-4f34-aaea-3ee4af6516a1")
_VOLUMES = UUID("9e21fd93-9c72-4c15-8c4b-e77f1db2d792")
_SEC_MAIN = UUID("df1ccef6-f301-4a63-9661-fc6030dcc880")
_VOLUME_TOP = UUID("1ba0062e-c779-4582-8566-336ae8f78f09")
_SECFV_SIZE = 0x34000
_MACHINE_X64 = 0x8664


@dataclass(frozen=True, slots=True)
class Build:
    """What a synthetic build is made of.

    Attributes:
        flash_size: CODE and VARS together, in bytes.
        layout: of the store.
        smm: whether variables are handled in SMM, with no emulated store.
        revision: changes the code, not the layout: another package of the same layout.
    """

    flash_size: int
    layout: Layout
    smm: bool = False
    revision: int = 1


@dataclass(frozen=True, slots=True)
class SyntheticPackage:
    """A CODE image and the VARS template that belongs to it."""

    name: str
    code: bytes
    vars: bytes


def _layout(fv_length: int, variable_size: int) -> Layout:
    """One block of event log, one of FTW working, the rest spare: as OvmfPkg's builds have it."""
    block = 0x1000
    working = variable_size + block
    return Layout(
        fv_length=fv_length,
        block_size=block,
        variable_size=variable_size,
        event_log_offset=variable_size,
        event_log_size=block,
        ftw_working_offset=working,
        ftw_working_size=block,
        ftw_spare_offset=working + block,
        ftw_spare_size=fv_length - working - block,
        store_guid=AUTHENTICATED,
    )


# OvmfPkg/Include/Fdf/OvmfPkgDefines.fdf.inc and VarStore.fdf.inc; "4m-shifted" is 4M with the
# variable region ending a quarter earlier, at equal file sizes.
_SMALL, _LARGE = _layout(0x20000, 0xE000), _layout(0x84000, 0x40000)
_2M, _4M = Build(0x200000, _SMALL), Build(0x400000, _LARGE)
BUILDS = {
    "1m": Build(0x100000, _SMALL),
    "2m": _2M,
    "4m": _4M,
    "4m-next": replace(_4M, revision=2),
    "4m-secboot": replace(_4M, smm=True),
    "2m-secboot": replace(_2M, smm=True),
    "4m-shifted": Build(0x400000, _layout(0x84000, 0x30000)),
}


@cache
def synthetic_package(build_name: str) -> SyntheticPackage:
    """The package of a build in ``BUILDS``; the same bytes every time.

    Raises:
        Refused: there is no such build.
    """
    made = BUILDS.get(build_name)
    if made is None:
        msg = f"there is no synthetic build {build_name!r}; there are {', '.join(BUILDS)}"
        raise Refused(msg)
    return SyntheticPackage(f"synthetic {build_name}", _code(made), _vars(made.layout))


def _vars(layout: Layout) -> bytes:
    return pristine_volume(
        fv_length=layout.fv_length or 0,
        block_size=layout.block_size or 0,
        variable_size=layout.variable_size or 0,
        ftw_working_offset=layout.ftw_working_offset or 0,
        ftw_working_size=layout.ftw_working_size or 0,
        ftw_spare_offset=layout.ftw_spare_offset or 0,
    )


def _code(made: Build) -> bytes:
    layout = made.layout
    size = made.flash_size - (layout.fv_length or 0)
    base = FOUR_GIB - made.flash_size
    noise = random.Random(made.revision)
    inner = build.sections(
        [
            build.section(SECTION_FV_IMAGE, _pei_volume(layout)),
            build.section(SECTION_FV_IMAGE, _dxe_volume(made, base, noise)),
        ]
    )
    main = build.volume(
        size - _SECFV_SIZE,
        [build.file(_VOLUMES, FILE_VOLUME_IMAGE, build.lzma_section(inner))],
        name=_FVMAIN,
    )
    sec = build.sections(
        [
            build.section(SECTION_PE32, executable(noise.randbytes(0x2000))),
            build.ui_section("SecMain"),
        ]
    )
    top = build.file(_VOLUME_TOP, FILE_RAW, _reset_vector())
    return main + build.volume(
        _SECFV_SIZE, [build.file(_SEC_MAIN, _SEC_CORE, sec)], name=_SECFV, last=top
    )


def _module(name: str, guid: UUID, kind: int, code: bytes, data: bytes = b"") -> bytes:
    parts = [
        build.section(SECTION_PE32, executable(code, data)),
        build.ui_section(name),
        build.version_section("1.0"),
    ]
    return build.file(guid, kind, build.sections(parts))


def _number(value: int | None) -> bytes:
    return (value or 0).to_bytes(4, "little")


def _pei_volume(layout: Layout) -> bytes:
    code = b"\xc7\x45\x10" + _number(layout.variable_size)
    platform = _module("PlatformPei", PLATFORM_PEI, _PEI_MODULE, code, AUTHENTICATED.bytes_le)
    return build.volume(0x20000, [platform], name=_PEIFV)


def _dxe_volume(made: Build, base: int, noise: random.Random) -> bytes:
    layout = made.layout
    length, block = layout.fv_length or 0, layout.block_size or 0
    header = volume_header(length, block)
    # The flash driver's template has other attributes and no checksum yet (FvbInfo.c).
    template = header[:0x2C] + _number(0x40C36) + header[0x30:0x32] + b"\0\0" + header[0x34:]
    addresses = b"".join(
        b"\x48\xb8" + _number(base + (offset or 0)) + bytes(4)
        for offset in (0, layout.ftw_working_offset, layout.ftw_spare_offset)
    )
    sizes = b"".join(
        b"\x41\xb8" + _number(size) for size in (layout.ftw_working_size, layout.ftw_spare_size)
    )
    flash = ("FvbServicesSmm", FVB_SMM) if made.smm else ("FvbServicesRuntimeDxe", FVB_RUNTIME)
    ftw = ("SmmFaultTolerantWriteDxe", FTW_SMM) if made.smm else ("FaultTolerantWriteDxe", FTW_DXE)
    modules = [
        _module(*flash, _DXE_DRIVER, addresses, length.to_bytes(8, "little") + template),
        _module(*ftw, _DXE_DRIVER, sizes),
    ]
    if not made.smm:
        store = store_header((layout.variable_size or 0) - len(header))
        # EMU_FVB_SIZE is twice the spare area, whatever lies in front of it.
        emulated = volume_header(2 * (layout.ftw_spare_size or 0), block)
        modules.append(
            _module("EmuVariableFvbRuntimeDxe", EMU_FVB, _DXE_DRIVER, b"\xc3", emulated + store)
        )
    filler = build.section(SECTION_RAW, noise.randbytes(0x40000))
    modules.append(build.file(UUID(int=0x0D1CE0 + made.revision), 0x02, filler))
    return build.volume(0x80000, modules, name=_DXEFV)


def _reset_vector() -> bytes:
    """A jump to itself at 4 GiB - 16, and OVMF's table of GUIDs in front of it, here empty."""
    table = (18).to_bytes(2, "little") + TABLE_FOOTER.bytes_le
    end = table + bytes(0x10) + b"\xfa\xf4\xeb\xfd" + b"\x90" * 12
    return end.rjust(0x238, b"\x90")


def executable(code: bytes, data: bytes = b"") -> bytes:
    """A PE32+ image for X64 with a .text and a .data section, as far as readers look at it."""
    align = 0x20
    headers = 0x200
    text = code.ljust(-(-len(code) // align) * align, b"\xcc")
    rest = data.ljust(-(-max(len(data), 1) // align) * align, b"\0")
    dos = b"MZ" + bytes(0x3A) + (0x40).to_bytes(4, "little")
    coff = b"PE\0\0" + _MACHINE_X64.to_bytes(2, "little") + (2).to_bytes(2, "little") + bytes(12)
    coff += (0xF0).to_bytes(2, "little") + (0x22).to_bytes(2, "little")
    optional = (0x20B).to_bytes(2, "little") + bytes(2) + _number(len(text)) + _number(len(rest))
    optional += bytes(4) + _number(headers)
    table = b""
    start = headers
    for name, body, flags in ((b".text", text, 0x60000020), (b".data", rest, 0xC0000040)):
        fields = (len(body), start, len(body), start)
        table += name.ljust(8, b"\0") + b"".join(map(_number, fields)) + bytes(12) + _number(flags)
        start += len(body)
    return (dos + coff + optional.ljust(0xF0, b"\0") + table).ljust(headers, b"\0") + text + rest
