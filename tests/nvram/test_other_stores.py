"""Variables from U-Boot's and VMware's files, and from whatever else a file may be."""

import io
import lzma
import struct
import subprocess
import sys
import tarfile
import zlib
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peers import peer
from stores import OTHER, VENDOR, pristine, real_store, record, store_of

from ovmfgui.nvram import vendors
from ovmfgui.nvram.ec2 import crc32c
from ovmfgui.nvram.exchange import Variable
from ovmfgui.nvram.exchange_formats import read_variables
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.record import encode_name
from ovmfgui.nvram.uboot import from_uboot
from ovmfgui.nvram.vmware import from_vmware
from ovmfgui.refusal import Refused

DATA = Path(__file__).parents[1] / "data" / "uefi-vars"
UBOOT = (DATA / "ubootefi.var").read_bytes()


def uboot_entry(name, data, *, attributes=7, seconds=0, guid=VENDOR):
    raw = struct.pack("<IIQ", len(data), attributes, seconds) + guid.bytes_le
    raw += encode_name(name) + data
    return raw + bytes(-len(raw) % 8)


def uboot(*entries, revision=1):
    body = b"".join(entries)
    head = bytes(8) + b"UbEfiVa" + bytes([revision])
    return head + struct.pack("<II", 24 + len(body), zlib.crc32(body)) + body


def test_u_boots_store():
    assert read_variables("ubootefi.var", UBOOT) == (
        Variable("BootOrder", vendors.GLOBAL, 7, b"\0\0\1\0"),
        Variable("Timeout", vendors.GLOBAL, 7, b"\5\0"),
    )


def test_u_boots_own_attribute_and_time():
    data = uboot(
        uboot_entry("A", b"xyz", attributes=0x80000007),
        uboot_entry("db", b"q", attributes=0x27, seconds=1_700_000_000),
        uboot_entry("Old", b"q", attributes=0x27, seconds=1 << 60),
    )
    first, second, third = from_uboot(data + b"behind")
    assert first == Variable("A", VENDOR, 7, b"xyz")
    # 2023-11-14T22:13:20
    assert second.timestamp == bytes.fromhex("e7070b0e160d1400") + bytes(8)
    assert third.timestamp == bytes(16)


@pytest.mark.parametrize(
    "data",
    [
        UBOOT[:20],
        UBOOT[:-1],
        UBOOT[:60] + b"x" + UBOOT[61:],
        uboot(revision=2),
        uboot(uboot_entry("A", b"")[:30]),
        uboot(struct.pack("<IIQ", 1 << 30, 7, 0) + VENDOR.bytes_le + encode_name("A")),
    ],
)
def test_u_boots_store_cut_damaged_or_of_another_revision_is_refused(data):
    with pytest.raises(Refused, match="U-Boot"):
        read_variables("x", data)


@given(st.binary(max_size=80))
def test_any_entries_of_u_boot_are_read_or_refused(body):
    try:
        variables = from_uboot(uboot(body))
    except Refused:
        return
    assert sum(len(each.data) for each in variables) <= len(body)


def vmware_entry(name, data, *, attributes=7, guid=VENDOR):
    raw = encode_name(name)
    return (
        guid.bytes_le + struct.pack("<III", attributes, len(raw) + len(data), len(raw)) + raw + data
    )


def vmware(*entries, length=None):
    body = b"".join(entries)
    region = b"VMWNVRAM" + struct.pack("<II", 0, 16 + len(body) if length is None else length)
    return b"MRVN\1\0\0\0" + bytes(0x200) + region + body + b"\xff" * 99


def test_vmwares_nvram_where_the_last_of_a_name_counts():
    data = vmware(
        vmware_entry("BootOrder", b"\0\0"),
        vmware_entry("db", bytes(40) + b"lists", attributes=0x27, guid=OTHER),
        vmware_entry("BootOrder", b"\1\0"),
    )
    assert read_variables("a.nvram", data) == (
        Variable("BootOrder", VENDOR, 7, b"\1\0"),
        Variable("db", OTHER, 0x27, b"lists", bytes(16)),
    )


@pytest.mark.parametrize(
    "data",
    [
        vmware(length=1 << 20),
        vmware(length=3),
        vmware(vmware_entry("A", b"xx")[:-3]),
        vmware(VENDOR.bytes_le + struct.pack("<III", 7, 1 << 30, 4) + encode_name("A")),
        vmware(VENDOR.bytes_le + struct.pack("<III", 7, 2, 4) + encode_name("A")),
    ],
)
def test_vmwares_nvram_of_another_form_is_refused(data):
    with pytest.raises(Refused, match="VMware"):
        read_variables("x", data)


def test_vmwares_nvram_without_variables():
    with pytest.raises(Refused, match="without EFI variables"):
        from_vmware(b"MRVN" + bytes(99))


def test_another_store_is_a_source_packed_or_not():
    data = store_of(record("A", b"x"), record("B", b"y"))
    expected = tuple(Variable.of_record(r) for r in read_store(data).live)
    assert len(expected) == 2
    assert read_variables("VARS.fd", data) == expected
    assert read_variables("VARS.fd.xz", lzma.compress(data)) == expected
    assert len(read_variables("x", real_store("ovmf-4m-lived"))) == 45


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"QU1aTlVFRkk" + b"A" * 99, "EC2.*base64"),
        (b"AMZNUEFI" + bytes(3), "EC2.*cut off"),
        (b"AMZNUEFI" + bytes(99), "EC2.*checksum"),
        (b"\x1f\x8b" + bytes(99), "gzip"),
        (b"KDMV" + bytes(99), "VMDK"),
        (bytes(4096), "without variables"),
        (b"U-Boot 2024.01 (Jan)", "U-Boot"),
        (b"nothing at all", "none of the formats"),
    ],
)
def test_what_is_none_of_the_formats_is_called_by_name(data, name):
    with pytest.raises(Refused, match=name) as refusal:
        read_variables("file", data)
    assert "\n" not in str(refusal.value)


def test_an_empty_store_has_no_variables():
    assert read_variables("x", pristine()) == ()


def archive(name, data):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    return made.getvalue()


def test_virtualboxes_nvram():
    assert len(read_variables("a.nvram", archive("efi/nvram", real_store("ovmf-4m-lived")))) == 45
    with pytest.raises(Refused, match="no variable store"):
        read_variables("a.nvram", archive("efi/nvram", b"x" * 999))
    with pytest.raises(Refused, match="tar xf"):
        read_variables("a.nvram", archive("VARS.fd", real_store("ovmf-4m-lived")))
    with pytest.raises(Refused, match="tar archive"):
        read_variables("a.nvram", archive("efi/nvram", bytes(4096))[:600])


@pytest.fixture(scope="module")
def ec2(tmp_path_factory):
    """A real store as virt-firmware writes it for EC2, and where its dictionary is installed."""
    folder = tmp_path_factory.mktemp("ec2")
    store, blob = folder / "VARS.fd", folder / "uefi-data"
    store.write_bytes(real_store("ovmf-4m-lived"))
    (program,) = peer("bin/virt-fw-vars")
    subprocess.run([program, "-i", store, "--output-aws", blob], check=True, capture_output=True)
    (dictionary,) = peer("lib/python3*/site-packages/virt/firmware/aws/dict.v0")
    return blob.read_bytes(), str(dictionary.parents[3])


def test_ec2s_data_that_virt_firmware_wrote_has_the_stores_variables(ec2, monkeypatch):
    blob, packages = ec2
    monkeypatch.setattr(sys, "path", [packages])
    # virt-firmware knows one variable of a name; of two vendors' TestA it keeps the last.
    found = {v.name: v for v in read_variables("uefi-data", blob)}
    expected = {r.name: r for r in read_store(real_store("ovmf-4m-lived")).live}
    assert found.keys() == expected.keys()
    assert all(found[key].guid == expected[key].guid for key in expected)
    assert all(found[key].data == expected[key].data for key in expected)
    assert all(found[key].attributes == expected[key].attributes for key in expected)
    assert read_variables("decoded", b64decode(blob)) == tuple(found.values())


def test_ec2s_data_without_its_dictionary_says_what_to_install(ec2, monkeypatch):
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr("ovmfgui.nvram.ec2._SYSTEM_PACKAGES", ())
    with pytest.raises(Refused, match="python-uefivars or virt-firmware"):
        read_variables("uefi-data", ec2[0])


@pytest.mark.parametrize("version", [0, 1])
def test_ec2s_data_that_is_damaged_behind_its_checksum(ec2, monkeypatch, version):
    monkeypatch.setattr(sys, "path", [ec2[1]])
    rest = version.to_bytes(4, "little") + b64decode(ec2[0])[16:-9]
    blob = b"AMZNUEFI" + crc32c(rest).to_bytes(4, "little") + rest
    with pytest.raises(Refused, match="version 1" if version else "cut off"):
        read_variables("uefi-data", blob)


def test_the_checksum_is_that_of_the_rfc():
    assert crc32c(bytes(32)) == 0x8A9136AA  # RFC 3720, appendix B.4
