"""A store without its values."""

import lzma
from pathlib import Path

import pytest
from debian_firmware import VARS_2M_MS, VARS_4M, VARS_4M_MS
from stores import real_store

from ovmfgui.hosts.store_structure import PUBLIC, structure_of
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.nvram.reading import read_store

DATA = Path(__file__).parents[1] / "data"


@pytest.mark.firmware
@pytest.mark.parametrize("path", [VARS_2M_MS, VARS_4M_MS, VARS_4M])
def test_names_and_places_stay(path):
    data = path.read_bytes()
    bare = structure_of(data)
    assert bare is not None
    one, other = read_store(data), read_store(bare)
    assert [(r.key, r.span, r.status) for r in one.records] == [
        (r.key, r.span, r.status) for r in other.records
    ]
    for before, after in zip(one.records, other.records, strict=True):
        assert after.data == (before.data if before.name in PUBLIC else bytes(len(before.data)))


@pytest.mark.parametrize("name", ["ovmf-4m-lived", "ovmf-2m-ms-lived", "aavmf-lived"])
def test_no_value_is_left_anywhere(name):
    data = real_store(name)
    secrets = [r.data for r in read_store(data).records if r.name not in PUBLIC and len(r.data) > 8]
    assert secrets
    bare = structure_of(data)
    assert bare is not None
    assert not any(secret in bare for secret in secrets if len(secret.strip(b"\0")) > 8)


def test_values_of_deleted_records_go_too():
    data = bytearray(real_store("ovmf-4m-lived"))
    live = [r for r in read_store(bytes(data)).records if r.status == "live"]
    record = next(r for r in live if r.name not in PUBLIC and any(r.data))
    data[record.header_span.start + 2] = 0x3C  # VAR_DELETED (MdeModulePkg VariableFormat.h)
    bare = structure_of(bytes(data))
    assert bare is not None
    assert not any(bare[record.data_span.start : record.data_span.end])


def test_old_copies_in_the_spare_area_go():
    data = bytearray(synthetic_package("4m").vars)
    area = read_store(bytes(data)).ftw
    assert area is not None
    assert area.spare is not None
    data[area.spare.start + 100 : area.spare.start + 106] = b"secret"
    bare = structure_of(bytes(data))
    assert bare is not None
    assert b"secret" not in bare


def test_what_stands_in_free_space_is_not_given_away():
    data = bytearray(synthetic_package("4m").vars)
    end = read_store(bytes(data)).end
    data[end + 4096 : end + 4102] = b"secret"
    assert structure_of(bytes(data)) is None


def test_padding_with_contents_is_not_given_away():
    data = synthetic_package("4m").vars
    assert structure_of(data + b"secret".ljust(4096, b"\0")) is None


@pytest.mark.parametrize("data", [b"", b"QFI\xfb" + bytes(1000), b"no store" * 1000])
def test_what_is_no_store_is_not_given_away(data):
    assert structure_of(data) is None


def test_a_blank_store_has_no_values():
    assert structure_of(b"\xff" * 0x84000) == b"\xff" * 0x84000


def test_a_store_with_a_write_under_way_is_not_given_away():
    assert structure_of(real_store("ovmf-2m-ftw-record-only")) is None


def damaged():
    return sorted(DATA.rglob("*.fd.xz"))


@pytest.mark.parametrize("path", damaged(), ids=lambda path: path.stem)
def test_a_store_is_judged_as_before_or_not_given_away(path):
    data = lzma.decompress(path.read_bytes())
    bare = structure_of(data)
    if bare is not None:
        assert {f.id for f in read_store(data).findings} == {
            f.id for f in read_store(bare).findings
        }
