"""What a recording claims costs nothing; what it brings costs what it brings."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from stream_building import EOS, PAGE, be, block_pages, head, name, ram_start

from ovmfgui.cli.main import main

BLOCKS = {"system.flash0": 4 * PAGE}
START = head() + ram_start(BLOCKS)
PART = b"\x02" + be(4, 2)


def page(flags: int, rest: bytes) -> bytes:
    return START + PART + be(8, flags) + name("system.flash0") + rest


def repeated(part: bytes) -> bytes:
    return START + PART + part * (8_000_000 // len(part))


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (page(0x100, be(4, 0xFFFF_FFF0)), 2),
        (page(0x40, b"\1" + be(2, 0xFFFF) + bytes(9)), 2),
        (b"QEVM" + be(4, 3) + b"\x07" + be(4, 0xFFFF_FFFF) + b"pc", 2),
        (head() + ram_start({"system.flash0": 1 << 62}), 1),
        (head() + ram_start({f"flash{n}": 1 << 40 for n in range(4096)}), 1),
        (START + PART + be(8, 0x100_0008) + name("system.flash0") + bytes(PAGE), 2),
        (repeated(be(8, 0)), 2),
        (repeated(be(8, 0x200)), 2),
        (repeated(be(8, 4)), 2),
        (START + PART + be(8, EOS) + bytes(8_000_000), 1),
        (START + (PART + be(8, EOS) + b"\x7e" + be(4, 2)) * 400_000, 1),
        (repeated(b"\x08" + be(2, 1) + be(2, 0)), 2),
        (repeated(be(8, 0x22) + b"\0"), 1),
        (head() + b"\4" + be(4, 1) + name("endless") + be(8, 0) + bytes(8_000_000), 1),
    ],
)
def test_a_claim_costs_no_memory_and_no_time(tmp_path, data: bytes, status: int, capsys):
    path = tmp_path / "file"
    path.write_bytes(data)
    main(["stream", str(path)])  # imports
    capsys.readouterr()
    # The processor's time, as others may use it too; tracing would multiply it.
    started = time.process_time()
    found = main(["stream", str(path)])
    taken = time.process_time() - started
    assert capsys.readouterr().err.count("\n") == (1 if status == 2 else 0)
    tracemalloc.start()
    main(["stream", str(path)])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == status
    assert capsys.readouterr().err.count("\n") == (1 if status == 2 else 0)
    assert peak < 48 << 20
    assert taken < 10


def test_only_pages_that_came_take_memory(tmp_path):
    path = tmp_path / "file"
    blocks = {"system.flash0": 64 << 20, "system.flash1": 64 << 20}
    path.write_bytes(head() + ram_start(blocks) + PART + block_pages("system.flash1", b"x" * PAGE))
    tracemalloc.start()
    assert main(["stream", str(path), "--json"]) == 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20
