"""The layouts that firmware builds make stores of."""

from __future__ import annotations

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.pristine import pristine_volume


class StoreLayout(NamedTuple):
    """Where the parts of an NvData volume lie; bytes, offsets from the volume's start.

    Attributes:
        name: as the build is called.
        file_size: of the template that the build makes.
        fv_length: FvLength.
        block_size: of the flash.
        variable_size: of the variable region, volume header included.
        ftw_working_offset: of the FTW working block.
        ftw_working_size: its size.
        ftw_spare_offset: of the FTW spare area.
    """

    name: str
    file_size: int
    fv_length: int
    block_size: int
    variable_size: int
    ftw_working_offset: int
    ftw_working_size: int
    ftw_spare_offset: int

    def volume(self) -> bytes:
        """The volume of an empty store of this layout."""
        return pristine_volume(
            fv_length=self.fv_length,
            block_size=self.block_size,
            variable_size=self.variable_size,
            ftw_working_offset=self.ftw_working_offset,
            ftw_working_size=self.ftw_working_size,
            ftw_spare_offset=self.ftw_spare_offset,
        )

    def file_with(self, volume: bytes, old: bytes) -> bytes:
        """A file that starts with ``volume``; what lies behind the volume in ``old`` stays."""
        if len(old) < self.fv_length:
            # The file was cut off: firmware and QEMU want it as long as the build's template.
            return volume.ljust(self.file_size, b"\0")
        return volume + old[self.fv_length :]


# OvmfPkg/Include/Fdf/VarStore.fdf.inc for 1 and 2 MiB and for 4 MiB; ArmVirtPkg/VarStore.fdf.inc,
# whose flash chip QEMU's machine "virt" makes 64 MiB large.
LAYOUTS = (
    StoreLayout("2M", 0x20000, 0x20000, 0x1000, 0xE000, 0xF000, 0x1000, 0x10000),
    StoreLayout("4M", 0x84000, 0x84000, 0x1000, 0x40000, 0x41000, 0x1000, 0x42000),
    StoreLayout("AAVMF", 64 << 20, 0xC0000, 0x40000, 0x40000, 0x40000, 0x40000, 0x80000),
)


def layout_named(name: str) -> StoreLayout | None:
    """The layout of that name, whatever its case."""
    return next((each for each in LAYOUTS if each.name.casefold() == name.casefold()), None)


def layout_of_size(size: int) -> StoreLayout | None:
    """The layout whose template has ``size`` bytes."""
    return next((each for each in LAYOUTS if each.file_size == size), None)
