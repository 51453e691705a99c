"""What differs between QEMU releases in the cfi01 chip."""

from __future__ import annotations

from enum import StrEnum

from ovmfgui.dataclass import dataclass


class BufferPlacing(StrEnum):
    """When a write to buffer opens its block buffer.

    ``DIRECT``: there is none, data goes into the array at once (up to 7.2.8). ``COUNT``: at the
    cycle that carries the count (7.2.9 on). ``DATA``: at the first data write, and only where
    more than one is announced (10.0).
    """

    DIRECT = "direct"
    COUNT = "count"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Generation:
    """The traits of QEMU's hw/block/pflash_cfi01.c that changed between releases.

    Attributes:
        name: the release it is known from, as a scenario names it.
        versions: the releases it stands for, in words.
        buffer: see ``BufferPlacing``.
        counter_wraps: whether the counter runs on to 2**64-1 behind the last data write.
        romd_after_load: whether an arriving chip derives its read mode from the command state;
            otherwise its reads give the array whatever command is open.
    """

    name: str
    versions: str
    buffer: BufferPlacing
    counter_wraps: bool
    romd_after_load: bool


QEMU_7_2_0 = Generation("7.2.0", "7.2.0 to 7.2.8", BufferPlacing.DIRECT, True, False)
QEMU_7_2 = Generation("7.2", "7.2.9 to 7.2.22, Debian 12", BufferPlacing.COUNT, True, False)
QEMU_10_0 = Generation("10.0", "10.0, Debian 13", BufferPlacing.DATA, False, True)

GENERATIONS = (QEMU_7_2_0, QEMU_7_2, QEMU_10_0)


def generation_named(name: str) -> Generation | None:
    """The generation of that name, None where there is none."""
    return next((g for g in GENERATIONS if g.name == name), None)


def generation_of(version: tuple[int, ...]) -> Generation:
    """The generation that a QEMU of this version belongs to, as far as is known.

    Releases between 7.2 and 10.0 are taken for the older one.
    """
    if version >= (10, 0):
        return QEMU_10_0
    return QEMU_7_2 if version >= (7, 2, 9) else QEMU_7_2_0
