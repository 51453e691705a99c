import pytest

from ovmfgui.gui.widgets.byte_inspector import ByteInspector
from ovmfgui.gui.widgets.byte_readings import readings

GLOBAL = bytes.fromhex("61dfe48bca93d211aa0d00e098032b8c")


def reading(data: bytes, name: str) -> str:
    return next(entry.text for entry in readings(data) if entry.name == name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("u8", "0x61 = 97"),
        ("u16 LE", "0xDF61 = 57,185"),
        ("u16 BE", "0x61DF = 25,055"),
        ("u32 LE", "0x8BE4DF61 = 2,347,032,417"),
        ("u64 BE", "0x61DFE48BCA93D211"),
        ("GUID", "8be4df61-93ca-11d2-aa0d-00e098032b8c  EfiGlobalVariable"),
    ],
)
def test_the_same_bytes_are_read_in_every_way(name: str, text: str):
    assert reading(GLOBAL, name) == text


def test_what_there_are_too_few_bytes_for_stays_empty():
    assert reading(b"\x01", "u8") == "1"
    assert reading(b"\x01", "u16 LE") == ""
    assert reading(GLOBAL[:15], "GUID") == ""
    assert all(entry.text == "" for entry in readings(b""))


def test_text_ends_where_it_cannot_be_printed_any_more():
    data = "Boot0001\0more".encode("utf-16-le")
    assert reading(data, "UCS-2") == "“Boot0001”"
    assert reading("x".encode("utf-16-le") * 30, "UCS-2").endswith("…")


def test_the_strip_shows_and_says_what_it_reads(qtbot):
    strip = ByteInspector()
    qtbot.addWidget(strip)
    strip.show_bytes(GLOBAL)
    assert strip.text_of("u8") == "0x61 = 97"
    strip.show_bytes(b"")
    assert strip.text_of("u8") == "–"


def test_it_gives_way_in_a_narrow_pane(qtbot):
    inspector = ByteInspector()
    qtbot.addWidget(inspector)
    wide = inspector.sizeHint().width()
    assert inspector.minimumSizeHint().width() <= 480
    inspector.show_bytes(bytes(range(0xE0, 0x100)))
    assert inspector.sizeHint().width() == wide
    assert inspector.minimumSizeHint().width() <= 480


TIME = bytes.fromhex("e407 03 01 0c 1e 0f 00 00000000 0000 00 00")


@pytest.mark.parametrize(
    ("data", "name", "text"),
    [
        (TIME, "EFI_TIME", "2020-03-01T12:30:15"),
        (b"\xff" * 16, "EFI_TIME", ""),
        (b"\xff" * 8, "i8", "-1"),
        (b"\x00\x80", "i16 LE", "-32,768"),
        (b"\xfe\xff\xff\xff", "i32 LE", "-2"),
        (b"\0\0\0\0\0\0\0\x80", "i64 LE", "-9223372036854775808"),
        (bytes([192, 168, 122, 1]), "IPv4", "192.168.122.1"),
        (bytes.fromhex("525400123456"), "MAC", "52:54:00:12:34:56"),
        ("Grüße\0".encode(), "UTF-8", "“Grüße”"),
        (b"ASCII\xff", "UTF-8", "“ASCII”"),
    ],
)
def test_times_addresses_and_signed_numbers_are_read(data, name, text):
    assert reading(data, name) == text


def test_where_there_is_little_room_it_takes_two_rows_less(qtbot):
    inspector = ByteInspector()
    qtbot.addWidget(inspector)
    whole = inspector.sizeHint().height()
    inspector.fold(True)
    assert inspector.sizeHint().height() < 0.75 * whole
    inspector.fold(False)
    assert inspector.sizeHint().height() == whole
