"""Which sizes QEMU starts with."""

from __future__ import annotations

import pytest

from ovmfgui.pflash.qemu_words import cannot_open, launch_refusal


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ((0x37C000, 0x84000), ""),
        ((0x37C000, 0x20000), ""),
        ((0x1E0000, 100_000), "system firmware block device pflash1 has invalid size 100352"),
        ((0, 0x84000), "pflash0 has invalid size 0"),
        ((8 << 20,), ""),
        ((8 << 20, 0x1000), "combined size of system firmware exceeds 8388608 bytes"),
    ],
)
def test_qemu_looks_at_sizes_alone(sizes: tuple[int, ...], words: str):
    refusal = launch_refusal(sizes)
    assert words in refusal
    assert bool(words) is bool(refusal)


def test_a_missing_file_is_named_twice():
    assert cannot_open(1, "/x", read_only=False) == (
        "qemu-system-x86_64: -drive if=pflash,unit=1,format=raw,file=/x: "
        "Could not open '/x': No such file or directory"
    )
