"""Files that are no flash image are called by name, with the next step."""

import gzip
import io
import lzma
import subprocess
import tarfile
import zipfile

import pytest
from debian_firmware import VARS_4M_MS

from ovmfgui.flash.image import Format
from ovmfgui.flash.source import read_file
from ovmfgui.refusal import Refused

pytestmark = pytest.mark.firmware
STORE = VARS_4M_MS.read_bytes() if VARS_4M_MS.exists() else b""


def zipped() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("VARS.fd", STORE)
    return made.getvalue()


def tarred(name: str = "VARS.fd") -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(STORE)
        archive.addfile(info, io.BytesIO(STORE))
    return made.getvalue()


@pytest.mark.parametrize(
    ("make", "name", "step"),
    [
        (lambda: gzip.compress(STORE), "a gzip file", "gunzip"),
        (zipped, "a zip archive", "unzip"),
        (tarred, "a tar archive", "tar xf"),
        (lambda: b"\x28\xb5\x2f\xfd" + bytes(99), "a zstd file", "zstd -d"),
        (lambda: b"\x3a\xff\x26\xed" + STORE, "an Android sparse image", "simg2img"),
        (lambda: bytes(8) + b"UbEfiVa\1" + bytes(99), "ubootefi.var", "vars import"),
        (lambda: b"MRVN" + bytes(99), "VMware's NVRAM", "vars import"),
        (lambda: b"QU1aTlVFRkk" + b"A" * 99, "EC2", "vars import"),
        (lambda: tarred("efi/nvram"), "VirtualBox", "efi/nvram"),
        (lambda: b"MZ" + bytes(999), "an EFI binary", "--efi"),
        (lambda: b"\xea" * 999 + b"SeaBIOS (version rel-1.16)", "SeaBIOS", "OVMF"),
        (lambda: bytes(99) + b"x" + b"LARCHIVE" + bytes(99), "coreboot", "cbfstool"),
        (lambda: b"x" * 99 + b"U-Boot 2024.01 (Jan)", "U-Boot", "ubootefi.var"),
    ],
)
def test_it_is_called_by_name(make, name, step, tmp_path):
    path = tmp_path / "file.fd"
    path.write_bytes(make())
    with pytest.raises(Refused) as refusal:
        read_file(path)
    assert name in str(refusal.value)
    assert step in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("form", ["vmdk", "vdi", "vhdx", "qed", "qcow", "vpc"])
def test_disk_images_as_qemu_makes_them(form, tmp_path):
    path = tmp_path / "vars.img"
    subprocess.run(["qemu-img", "convert", "-O", form, VARS_4M_MS, path], check=True)
    with pytest.raises(Refused, match="qemu-img convert -O raw"):
        read_file(path)


@pytest.mark.parametrize("cluster", [4096, 65536])
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_a_qcow2_that_was_cut_short_is_no_blank_template(cluster, kept, tmp_path):
    path = tmp_path / "vars.qcow2"
    convert = ["qemu-img", "convert", "-O", "qcow2", "-o", f"cluster_size={cluster}"]
    subprocess.run([*convert, VARS_4M_MS, path], check=True)
    assert read_file(path).data == STORE
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(Refused, match=r"cut short|behind the file's end"):
        read_file(path)


def test_a_compressed_qcow2_is_read(tmp_path):
    path = tmp_path / "vars.qcow2"
    subprocess.run(["qemu-img", "convert", "-c", "-O", "qcow2", VARS_4M_MS, path], check=True)
    assert read_file(path).data == STORE
    whole = path.read_bytes()
    path.write_bytes(whole[:300_000])
    with pytest.raises(Refused, match="cut short"):
        read_file(path)


def test_all_streams_of_an_xz_file_or_none(tmp_path):
    path = tmp_path / "vars.fd.xz"
    half = len(STORE) // 2
    two = lzma.compress(STORE[:half]) + bytes(8) + lzma.compress(STORE[half:]) + bytes(4)
    path.write_bytes(two)
    file = read_file(path)
    assert (file.data, file.format) == (STORE, Format.XZ)
    path.write_bytes(lzma.compress(STORE) + b"trailing")
    with pytest.raises(Refused, match=r"8 bytes behind its xz stream"):
        read_file(path)
    path.write_bytes(lzma.compress(STORE[:half]) + lzma.compress(STORE[half:])[:-9])
    with pytest.raises(Refused, match="ends too early"):
        read_file(path)
