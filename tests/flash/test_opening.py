import lzma
import os

import pytest
from debian_firmware import (
    AAVMF,
    CODE_2M,
    CODE_4M,
    CODE_AA64,
    CODE_IA32,
    OVMF,
    UNIFIED_2M,
    VARS_2M,
    VARS_4M,
    VARS_4M_MS,
    VARS_AA64_BLANK,
    VARS_AA64_MS,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_images import memory_file, pair_image
from tiling import assert_tiles

from ovmfgui.flash.image import Architecture, FlashFile, Format, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.region import Kind, innermost, of_kind
from ovmfgui.flash.role import role_of
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.machine.opening import open_image
from ovmfgui.refusal import Refused
from ovmfgui.span import Place, Span

EVERY_IMAGE = [*sorted(OVMF.glob("*.fd")), *sorted(AAVMF.glob("*.fd")), UNIFIED_2M]


@pytest.mark.firmware
@pytest.mark.parametrize("path", EVERY_IMAGE, ids=lambda path: path.name)
def test_every_byte_of_every_installed_image_has_one_place(path):
    image = open_image([path])
    assert_tiles(image, image.map)
    assert [f for f in image.findings if f.severity != "info"] == []


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("path", "role", "architecture"),
    [
        (CODE_4M, Role.CODE, Architecture.X64),
        (CODE_IA32, Role.CODE, Architecture.IA32),
        (CODE_AA64, Role.CODE, Architecture.AARCH64),
        (VARS_4M, Role.VARS, None),
        (VARS_AA64_MS, Role.VARS, None),
        (VARS_AA64_BLANK, Role.BLANK, None),
        (UNIFIED_2M, Role.UNIFIED, Architecture.X64),
    ],
)
def test_roles_and_architectures(path, role, architecture):
    image = open_image([path])
    assert (image.role, image.architecture) == (role, architecture)


@pytest.mark.firmware
@pytest.mark.parametrize("turned", [False, True])
def test_a_pair_opens_in_any_order_with_qemus_addresses(turned):
    paths = [VARS_4M_MS, CODE_4M]
    image = open_image(paths[::-1] if turned else paths)
    assert image.role is Role.PAIR
    assert [f.role for f in image.files] == [Role.CODE, Role.VARS]
    bases = {r.place.space: r.address for r in image.map if r.span.start == 0}
    assert bases == {0: 0xFFC84000, 1: 0xFFC00000}


@pytest.mark.firmware
def test_a_wrong_pair_lies_where_qemu_would_put_it():
    image = open_image([CODE_4M, VARS_2M])
    assert [r.address for r in image.map if r.place.space == 1] == [0xFFC64000]


@pytest.mark.firmware
def test_arm_chips_lie_at_fixed_addresses():
    image = open_image([CODE_AA64, VARS_AA64_MS])
    bases = {r.place.space: r.address for r in image.map if r.span.start == 0}
    assert bases == {0: 0, 1: 0x4000000}
    assert image.map[0].kind is Kind.RESET_VECTOR


@pytest.mark.firmware
def test_the_reset_vector_table_and_tdx_metadata_are_regions():
    image = open_image([CODE_2M])
    names = {r.name for r in of_kind(image.map, Kind.METADATA)}
    assert {"SEV-ES reset block", "TDX metadata ranges", "SEV metadata ranges"} <= names
    path = innermost(image.map, Place(0, Span(image.files[0].size - 16, 16)))
    assert path[-1].name == "reset vector"
    assert path[-1].address == 0xFFFFFFF0


def test_a_vars_file_alone_has_no_address():
    image = image_of([memory_file(synthetic_package("4m").vars)])
    assert image.map[0].address is None


def test_two_images_of_one_kind_are_no_pair():
    code = memory_file(synthetic_package("4m").code, "a.fd")
    with pytest.raises(Refused, match="make no pair"):
        image_of([code, code])


def test_three_files_are_refused():
    code = memory_file(synthetic_package("4m").code, "a.fd")
    with pytest.raises(Refused, match="3 files"):
        image_of([code, code, code])


def test_an_xz_file_is_unpacked(tmp_path):
    path = tmp_path / "vars.fd.xz"
    path.write_bytes(lzma.compress(synthetic_package("2m").vars))
    image = open_image([path])
    assert image.files[0].format is Format.XZ
    assert image.files[0].data == synthetic_package("2m").vars


def _fifo(path):
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: p.write_bytes(b""), "is empty"),
        (lambda p: p.mkdir(), "holds no flash image"),
        (lambda p: p.write_text("hello\n" * 1000), "is not a flash image"),
        (lambda p: None, "does not exist"),
        (_fifo, "a device or a pipe"),
        (lambda p: p.write_bytes(b"QFI\xfb" + bytes(10)), "qcow2"),
        (lambda p: p.write_bytes(b"\xfd7zXZ\0" + bytes(100)), "damaged xz"),
        (lambda p: p.write_bytes(lzma.compress(bytes(100))[:-8]), "ends too early"),
        (lambda p: os.truncate(os.open(p, os.O_CREAT | os.O_RDWR), 1 << 33), "measures"),
    ],
    ids=["empty", "folder", "text", "missing", "pipe", "qcow2", "bad xz", "cut xz", "huge"],
)
def test_what_cannot_be_opened_gets_one_line(tmp_path, make, words):
    path = tmp_path / "input"
    make(path)
    with pytest.raises(Refused, match=words) as refusal:
        open_image([path])
    assert "\n" not in str(refusal.value)
    assert str(path) in str(refusal.value)


@pytest.mark.parametrize("path", ["/dev/zero", "/proc/self/status"])
def test_devices_and_proc_files_are_refused_at_once(path):
    with pytest.raises(Refused):
        open_image([path])


def test_nothing_in_a_file_name_breaks_the_refusal():
    with pytest.raises(Refused):
        open_image(["bad\0name"])


PAIR = pair_image("4m", "4m")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, PAIR.files[0].size - 1), st.binary(min_size=1, max_size=12)),
        min_size=1,
        max_size=30,
    )
)
def test_mutated_images_still_tile_and_never_raise(changes):
    data = bytearray(PAIR.files[0].data)
    for offset, new in changes:
        # Most of the image is free space; aim at what has structure.
        start = offset % 0x300 if offset % 3 else offset % 0x60000
        data[start : start + len(new)] = new
    mutated = bytes(data)
    image = image_of([FlashFile("mutated", mutated, Format.RAW, role_of(mutated) or Role.CODE)])
    assert_tiles(image, image.map)
