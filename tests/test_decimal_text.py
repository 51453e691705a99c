"""More digits than Python turns into a number are no number, wherever they are read."""

import pytest

from ovmfgui.decimal_text import decimal
from ovmfgui.hosts.libvirt_xml import volume_size
from ovmfgui.migration.explain.explaining import explain
from ovmfgui.pflash.trace import read_trace
from ovmfgui.trust.sbat import SbatLevel, read_sbat

MANY = "9" * 5000


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), (str(2**64 - 1), 2**64 - 1), ("", None), ("-1", None), (MANY, None)],
)
def test_numbers(text, number):
    assert decimal(text) == number


def test_the_size_of_a_volume():
    assert volume_size("<volume><capacity>512</capacity></volume>") == 512
    assert volume_size(f"<volume><capacity>{MANY}</capacity></volume>") is None


def test_sbat():
    assert read_sbat(f"sbat,{MANY}\nshim,4\n".encode()) == {"shim": 4}
    level = SbatLevel.of_variable(f"sbat,1,{MANY}\nshim,4\n".encode())
    assert level is not None
    assert (level.order, level.least) == (0, {"sbat": 1, "shim": 4})


def test_a_line_of_a_trace():
    line = "pflash_io_write system.flash0: offset:0x0 size:{} value:0x60 wcycle:0"
    assert len(list(read_trace([line.format(1), line.format(MANY)]))) == 1


@pytest.mark.parametrize(
    ("message", "meant"),
    [
        ("system firmware block device pflash0 has invalid size {}", "invalid-size"),
        ("combined size of system firmware exceeds {} bytes", "combined-size"),
        ("device requires {} bytes, block backend provides {} bytes", "backend-size"),
    ],
)
def test_a_message(message, meant):
    assert [each.message.id for each in explain(message.format("540673", "1"))] == [meant]
    # No first digits of it either: QEMU never said that number.
    assert explain(message.format(MANY, MANY)) == ()
