"""Reads mutated images one after the other, in a process of its own with bounded memory.

``python mutate.py FIRST LAST FILE``: a line for every seed that raised, took too long or left a
byte without a place; nothing where all went well.
"""

from __future__ import annotations

import random
import resource
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tiling import assert_tiles

from ovmfgui.flash.image import FlashFile, Format, Image, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.role import role_of
from ovmfgui.layout.inspection import inspect

MOST_BYTES = 1 << 30
MOST_SECONDS = 5.0
_NASTY = (b"\xff" * 8, bytes(8), b"\xff\xff\xff\x7f", b"\x01\0\0\0", b"\x18\0\0", b"_FVH", b"\x80")


def starts(image: Image) -> list[int]:
    """Where structures begin in the first file: what lies there is worth damaging."""
    found = {
        region.span.start for root in image.map for region in root.walk() if not region.place.space
    }
    return sorted(found)


def mutated(data: bytes, places: list[int], chance: random.Random) -> bytes:
    """The bytes with some damage, most of it in headers; now and then cut short."""
    changed = bytearray(data)
    for _count in range(chance.randint(1, 12)):
        if chance.random() < 0.8:
            at = chance.choice(places) + chance.randrange(0x50)
        else:
            at = chance.randrange(len(changed))
        new = chance.choice((*_NASTY, chance.randbytes(chance.randint(1, 4))))
        changed[at : at + len(new)] = new
    if chance.random() < 0.1:
        del changed[chance.randrange(1, len(changed)) :]
    return bytes(changed[: len(data)])


def problem(data: bytes) -> str:
    """What went wrong with an image; empty where nothing did."""
    start = time.perf_counter()
    try:
        file = FlashFile("mutated", data, Format.RAW, role_of(data) or Role.CODE)
        inspection = inspect(image_of([file]))
        assert_tiles(inspection.image, inspection.map)
    except Exception:  # noqa: BLE001 (whatever it is is what is looked for)
        return traceback.format_exc()
    seconds = time.perf_counter() - start
    return f"took {seconds:.1f} s" if seconds > MOST_SECONDS else ""


def main() -> None:
    first, last, path = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    data = path.read_bytes()
    role = role_of(data)
    assert role is not None
    places = starts(inspect(image_of([FlashFile(str(path), data, Format.RAW, role)])).image)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    for seed in range(first, last):
        found = problem(mutated(data, places, random.Random(seed)))
        if found:
            sys.stdout.write(f"seed {seed}: {found}\n")


if __name__ == "__main__":
    main()
