"""Loaders on every medium that a person may name: the same chain, step by step."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from debian_firmware import VARS_4M, VARS_4M_MS
from synthetic_iso import iso_image

from ovmfgui.budgets import MOST_SBAT_LINES
from ovmfgui.cli.main import main
from ovmfgui.nvram import vendors
from ovmfgui.nvram.editor import Editor
from ovmfgui.refusal import Refused
from ovmfgui.trust import binary, boot_chain, fat
from ovmfgui.trust.medium import is_medium, opened_volumes
from ovmfgui.trust.sbat import read_sbat

pytestmark = pytest.mark.firmware

SHIM = Path("/usr/lib/shim/shimx64.efi.signed")
MM = Path("/usr/lib/shim/mmx64.efi.signed")
GRUB = Path("/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    top = tmp_path_factory.mktemp("medium") / "tree"
    for name, file in (
        ("EFI/BOOT/BOOTX64.EFI", SHIM),
        ("EFI/BOOT/grubx64.efi", GRUB),
        ("EFI/BOOT/mmx64.efi", MM),
        ("EFI/debian/shimx64.efi", SHIM),
    ):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, top / name)
    (top / "startup.nsh").write_text("reset")
    return top


@pytest.fixture(scope="module")
def esp(tree):
    image = tree.parent / "esp.img"
    with image.open("wb") as made:
        made.truncate(40 << 20)
    subprocess.run(["mkfs.vfat", image], check=True, capture_output=True)
    subprocess.run(["mcopy", "-s", "-i", image, tree / "EFI", "::"], check=True)
    return image


def partitioned(esp, kind):
    """The partition at 1 MiB of a disk; 4 MiB behind it."""
    data = bytearray(1 << 20) + esp.read_bytes() + bytes(4 << 20)
    data[510:512] = b"\x55\xaa"
    sectors = esp.stat().st_size // 512
    if kind == "mbr":
        data[446:462] = (
            bytes((0, 0, 2, 0, 0xEF, 0, 0, 0))
            + (2048).to_bytes(4, "little")
            + (sectors).to_bytes(4, "little")
        )
        return bytes(data)
    data[446:462] = bytes((0, 0, 2, 0, 0xEE, 0, 0, 0)) + (1).to_bytes(4, "little") + b"\xff" * 4
    header = b"EFI PART" + bytes(64) + (2).to_bytes(8, "little")
    header += (128).to_bytes(4, "little") + (128).to_bytes(4, "little")
    data[512 : 512 + len(header)] = header
    system = bytes.fromhex("28732ac11ff8d211ba4b00a0c93ec93b")
    entry = (
        system + bytes(16) + (2048).to_bytes(8, "little") + (2047 + sectors).to_bytes(8, "little")
    )
    # The second entry: the first is empty.
    data[1024 + 128 : 1024 + 128 + len(entry)] = entry
    return bytes(data)


@pytest.fixture(scope="module")
def media(tree, esp):
    folder = tree.parent
    found = {"folder": tree, "the folder EFI": tree / "EFI", "esp": esp}
    for kind in ("gpt", "mbr"):
        found[kind] = folder / f"{kind}.img"
        found[kind].write_bytes(partitioned(esp, kind))
    found["qcow2"] = folder / "gpt.qcow2"
    convert = ["qemu-img", "convert", "-O", "qcow2", found["gpt"], found["qcow2"]]
    subprocess.run(convert, check=True, capture_output=True)
    files = {"LIVE/VMLINUZ": MM.read_bytes(), "README": b"x"}
    found["el torito"] = folder / "cd.iso"
    found["el torito"].write_bytes(iso_image(files, esp.read_bytes()))
    whole = {p.relative_to(tree).as_posix().upper(): p.read_bytes() for p in tree.rglob("*.*")}
    found["iso tree"] = folder / "plain.iso"
    found["iso tree"].write_bytes(iso_image(whole, None))
    return found


KINDS = ("folder", "the folder EFI", "esp", "gpt", "mbr", "qcow2", "el torito", "iso tree")


@pytest.mark.parametrize("kind", KINDS)
def test_the_chain_of_every_medium(kind, media, capsys):
    path = str(media[kind])
    assert is_medium(path)
    main(["secureboot", str(VARS_4M_MS), "--efi", path, "--json"])
    document = json.loads(capsys.readouterr().out)
    (row,) = document["stores"]
    default, other = row["chains"]
    assert default["default"]
    assert not other["default"]
    names = [stage["path"].partition(" on ")[0].lower() for stage in default["stages"]]
    assert names[:2] == ["/efi/boot/bootx64.efi", "/efi/boot/grubx64.efi"]
    assert [stage["by"] for stage in default["stages"][:2]] == ["firmware", "shim"]
    assert default["starts"] is True
    assert row["starts"] is True
    assert document["binary"]["starts"] is True
    # Beside the second shim there is no grub: what it starts is not known.
    assert other["starts"] is None
    assert "grubx64.efi" in other["why"]
    if kind == "el torito":
        assert default["stages"][2]["path"] == "/LIVE/VMLINUZ on ISO 9660"


def test_a_medium_of_which_the_second_step_is_refused(tree, tmp_path, capsys):
    copy = tmp_path / "tree"
    shutil.copytree(tree, copy)
    subprocess.run(["sbattach", "--remove", copy / "EFI/BOOT/grubx64.efi"], check=True)
    assert main(["secureboot", str(VARS_4M_MS), "--efi", str(copy)]) == 1
    text = capsys.readouterr().out
    assert "shim refuses /EFI/BOOT/grubx64.efi" in " ".join(text.split())
    main(["secureboot", str(VARS_4M), "--efi", str(copy), "--json"])
    (row,) = json.loads(capsys.readouterr().out)["stores"]
    assert row["chains"][0]["starts"] is True


def test_what_is_not_looked_at_is_told_and_is_not_well(tree, tmp_path, capsys, monkeypatch):
    copy = tmp_path / "tree"
    shutil.copytree(tree, copy)
    (copy / "closed").mkdir()
    (copy / "EFI/BOOT/grubia32.efi").write_bytes(b"MZ and no more")
    listed = os.scandir

    def scandir(folder):
        if str(folder).endswith("/closed"):
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(os, "scandir", scandir)  # root may list everything
    monkeypatch.setattr(boot_chain, "MOST_LOADERS", 4)
    assert main(["secureboot", str(VARS_4M_MS), "--efi", str(copy)]) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert f"⚠ not looked at: {copy}/closed cannot be listed: Permission denied" in text
    assert "/EFI/debian/shimx64.efi and whatever follows on" in text
    main(["secureboot", str(VARS_4M_MS), "--efi", str(copy), "--json"])
    (row,) = json.loads(capsys.readouterr().out)["stores"]
    assert row["starts"] is True
    assert len(row["unread"]) == 3
    # The loader that a boot entry names is one of those that were not looked at.
    file = tmp_path / "VARS.fd"
    file.write_bytes(with_entry("\\EFI\\debian\\shimx64.efi", VARS_4M_MS.read_bytes()))
    assert main(["secureboot", str(file), "--efi", str(copy)]) == 1
    why = "not known: Boot0007 names /EFI/debian/shimx64.efi, which was not looked at"
    assert f"? {why}" in " ".join(capsys.readouterr().out.split())
    main(["secureboot", str(file), "--efi", str(copy), "--json"])
    (row,) = json.loads(capsys.readouterr().out)["stores"]
    assert row["starts"] is None


def with_entry(path, store, *, active=True):
    """A store whose first boot entry names a file, and whose second is a disk."""
    node = b"\x04\x04" + (4 + 2 * len(path) + 2).to_bytes(2, "little")
    node += path.encode("utf-16-le") + b"\0\0" + b"\x7f\xff\x04\0"
    head = (1 if active else 0).to_bytes(4, "little") + len(node).to_bytes(2, "little")
    option = head + "Own\0".encode("utf-16-le") + node
    editor = Editor(store)
    editor.go_on(editor.set_variable("Boot0007", vendors.GLOBAL, option, 7))
    order = (7).to_bytes(2, "little")
    editor.go_on(editor.set_variable("BootOrder", vendors.GLOBAL, order, 7))
    return editor.data


def test_the_boot_entry_decides_which_loader_counts(tree, tmp_path, capsys):
    """The default loader starts, and the one that the entry names is not known to."""
    file = tmp_path / "VARS.fd"
    base = VARS_4M_MS.read_bytes()
    for data, starts, entries in (
        (base, True, [None, None]),
        (with_entry("\\EFI\\debian\\SHIMX64.efi", base), None, [None, "Boot0007"]),
        (with_entry("\\EFI\\debian\\SHIMX64.efi", base, active=False), True, [None, None]),
        (with_entry("\\EFI\\gone\\grub.efi", base), True, [None, None]),
    ):
        file.write_bytes(data)
        main(["secureboot", str(file), "--efi", str(tree), "--json"])
        (row,) = json.loads(capsys.readouterr().out)["stores"]
        assert row["starts"] is starts
        assert [chain["entry"] for chain in row["chains"]] == entries


def test_what_holds_no_loader_is_refused_in_a_line(tmp_path, capsys, esp, monkeypatch):
    empty = tmp_path / "empty.img"
    with empty.open("wb") as made:
        made.truncate(8 << 20)
    fat12 = tmp_path / "fat.img"
    shutil.copy(empty, fat12)
    subprocess.run(["mkfs.vfat", fat12], check=True, capture_output=True)
    (tmp_path / "folder").mkdir()
    (tmp_path / "note.txt").write_text("none")
    for path in (empty, fat12, tmp_path / "folder", tmp_path / "note.txt", tmp_path / "gone"):
        assert main(["secureboot", str(VARS_4M_MS), "--efi", str(path)]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.count("\n") == 1
        assert str(path) in told.err
    monkeypatch.setattr(fat.shutil, "which", lambda _name: None)
    with (
        pytest.raises(Refused, match="mtools, which reads it, is missing"),
        opened_volumes(str(esp)),
    ):
        pass


def problem_with(path):
    """Why a medium cannot be used; empty where it can."""
    try:
        with opened_volumes(str(path)):
            return ""
    except Refused as refusal:
        return str(refusal)


def test_damaged_media_end(tmp_path, media):
    """Every cut and every zeroed part of the structures ends in an answer or one line."""
    for kind in ("gpt", "mbr", "el torito", "iso tree", "esp"):
        whole = media[kind].read_bytes()
        for number, at in enumerate((0, 446, 512, 1024, 0x8000, 0x8800, 0x9000, 0xA000, 1 << 20)):
            data = bytearray(whole[: 3 << 20])
            data[at : at + 512] = (b"\0" if number % 2 else b"\xff") * 512
            damaged = tmp_path / "damaged.img"
            damaged.write_bytes(data)
            assert "\n" not in problem_with(damaged)


def test_more_lines_of_sbat_than_are_read_are_no_answer():
    for end in (b"\n", b"\r"):
        lines = (b"sbat,1" + end) * (MOST_SBAT_LINES - 1)
        assert read_sbat(lines + b"grub,3") == {"sbat": 1, "grub": 3}
        with pytest.raises(ValueError, match="more than the 4,096 lines"):
            read_sbat(lines + b"sbat,1" + end + b"grub,3")


def test_more_certificates_of_a_signature_than_are_read_are_no_answer(monkeypatch):
    data = SHIM.read_bytes()
    most = max(len(each.chain) for each in binary.binary_of("shim", data).signatures)
    monkeypatch.setattr(binary, "MOST_CERTIFICATES", most)
    assert binary.binary_of("shim", data).signatures
    monkeypatch.setattr(binary, "MOST_CERTIFICATES", most - 1)
    with pytest.raises(Refused, match="shim cannot be used: a signature has more than"):
        binary.binary_of("shim", data)
