import lzma

import pytest

from ovmfgui.layout.demo import demo_files
from ovmfgui.migration.recorded.file_kinds import opener_kind

TRACE = (
    b"pflash_reset system.flash1: reset\n"
    b"pflash_io_write system.flash1: offset:0x0010 size:1 value:0x0050 wcycle:0\n"
)


def written(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    return (str(path),)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("story.toml", b'title = "x"\n', "scenario"),
        ("guest.mig", b"QEVM\x00\x00\x00\x03" + bytes(100), "recording"),
        ("guest.save", b"LibvirtQemudSave" + bytes(100), "recording"),
        ("guest.part", b"LibvirtQemudPart" + bytes(100), "recording"),
        ("flash.log", TRACE, "trace"),
        ("stamped.log", b"4711@1700000000.123456:" + TRACE, "trace"),
        ("other-lines.log", b"cpu_reset 0\n" * 20 + TRACE, "trace"),
        ("empty", b"", ""),
        ("zeroes.fd", bytes(0x20000), ""),
        ("cut.xz", b"\xfd7zXZ\x00\x00", ""),
    ],
)
def test_a_file_is_told_by_its_first_bytes(tmp_path, name, data, kind):
    assert opener_kind(written(tmp_path, name, data)) == kind


@pytest.mark.parametrize(("data", "kind"), [(TRACE, "trace"), (b"QEVM" + bytes(99), "recording")])
def test_what_is_packed_with_xz_is_looked_into(tmp_path, data, kind):
    assert opener_kind(written(tmp_path, "packed.xz", lzma.compress(data))) == kind


def test_images_pairs_folders_and_what_is_missing_are_left_to_the_images(tmp_path):
    for file in demo_files():
        name = file.path.split("/")[-1]
        assert opener_kind(written(tmp_path, name, file.data)) == ""
        assert opener_kind(written(tmp_path, f"{name}.xz", lzma.compress(file.data))) == ""
    assert opener_kind((str(tmp_path),)) == ""
    assert opener_kind((str(tmp_path / "missing"),)) == ""
    two = (*written(tmp_path, "a.mig", b"QEVM"), *written(tmp_path, "b.mig", b"QEVM"))
    assert opener_kind(two) == ""
