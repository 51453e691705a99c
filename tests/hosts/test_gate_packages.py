"""What the gate takes for a package: a .deb, a tree, a folder, a pair, an installed package."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from edited_packages import CODE, SHARE, failed, put, smm_dropped

from ovmfgui.cli.main import main
from ovmfgui.hosts.gate import gate
from ovmfgui.refusal import Refused

pytestmark = pytest.mark.firmware


def built(tree, path):
    control = tree / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(
        "Package: made\nVersion: 1\nArchitecture: all\nMaintainer: nobody <n@example.org>\n"
        "Description: firmware\n"
    )
    subprocess.run(["dpkg-deb", "-b", "-Zgzip", "-z1", tree, path], check=True, capture_output=True)
    shutil.rmtree(control)
    return str(path)


def test_packages_of_every_form(old, new, tmp_path):
    before = built(new, tmp_path / "old.deb")
    assert gate(str(new), before).well
    assert gate(before, "ovmf").well
    assert gate(str(new / SHARE), str(old / SHARE)).well
    within = gate(str(new / SHARE), before)
    assert failed(within) == {("path", "image-missing")}
    smm_dropped(new)
    after = built(new, tmp_path / "new.deb")
    found = gate(after, before)
    assert ("template", "lost") in failed(found)
    assert str(tmp_path / "new.deb/usr/share/OVMF") in next(c.path for c in found.cases)


def test_a_pair(old, new):
    def pair(tree):
        return f"{tree / SHARE}/OVMF_CODE_4M.fd,{tree / SHARE}/OVMF_VARS_4M.fd"

    assert gate(pair(new), pair(old)).well
    assert gate(pair(new), str(old)).well
    (new / CODE).rename(new / f"{SHARE}/BUILD.fd")
    other = pair(new).replace("OVMF_CODE_4M", "BUILD")
    assert gate(other, pair(old)).well
    backwards = ",".join(reversed(other.split(",")))
    assert gate(backwards, pair(old)).well
    put(new, f"{SHARE}/BUILD.fd", (old / f"{SHARE}/OVMF_CODE.fd").read_bytes())
    assert ("template", "live-refused") in failed(gate(other, pair(old)))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("broken.deb", b"!<arch>\ndebian-binary   1"),
        ("empty.deb", b""),
        ("plain.txt", b"a text"),
    ],
)
def test_what_is_no_package_is_refused(old, tmp_path, name, data, capsys):
    (tmp_path / name).write_bytes(data)
    assert main(["gate", str(tmp_path / name), "--old", str(old)]) == 2
    assert main(["gate", str(old), "--old", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.count(name) >= 2


def tarred(*members):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, kind, pax in members:
            member = tarfile.TarInfo(name)
            member.type = kind
            member.pax_headers.update(pax)
            archive.addfile(member)
    return stream.getvalue()


def chain_of_long_names():
    """Each says that the next one's name is long, 3,000 times."""
    member = tarfile.TarInfo("././@LongLink")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 2
    return (member.tobuf(tarfile.GNU_FORMAT) + b"a\0" + bytes(510)) * 3000 + bytes(1024)


@pytest.mark.parametrize(
    "data",
    [
        tarred(("a", tarfile.REGTYPE, {"path": "./a\0b"})),
        tarred(("a", tarfile.DIRTYPE, {"path": "./a\0b/c"})),
        tarred(("a", tarfile.SYMTYPE, {"linkpath": "/a\0b"})),
        tarred(("a", tarfile.LNKTYPE, {"linkpath": "/etc/passwd"})),
        tarred(("a", tarfile.SYMTYPE, {"linkpath": "a"}), ("a/x", tarfile.REGTYPE, {})),
        tarred(("a" * 300, tarfile.REGTYPE, {})),
        tarred(("d", tarfile.REGTYPE, {}), ("d/e", tarfile.REGTYPE, {})),
        tarred(("d", tarfile.DIRTYPE, {}), ("d", tarfile.REGTYPE, {})),
        tarred(("a", tarfile.REGTYPE, {"size": "-99999999999"})),
        tarred(("a", tarfile.REGTYPE, {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"})),
        chain_of_long_names(),
        b"",
    ],
    ids=[
        "NUL in a name", "NUL in a folder's", "NUL in a link's", "hard link to what is not in it",
        "link to itself", "long name", "below a file", "file and folder", "negative size",
        "sparse without a map", "chain of long names", "empty",
    ],
)  # fmt: skip
def test_a_tar_that_nobody_meant_is_refused_in_a_line(old, tmp_path, data, capsys):
    path = tmp_path / "odd.deb"
    path.write_bytes(b"!<arch>\n")
    for name, contents in (("debian-binary", b"2.0\n"), ("control.tar", b""), ("data.tar", data)):
        with path.open("ab") as file:
            head = f"{name:16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(contents):<10}`\n"
            file.write(head.encode() + contents)
    assert main(["gate", str(path), "--old", str(old)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "odd.deb cannot be unpacked: " in line
    assert "ovmfgui-package-" not in line


def test_nothing_old_is_refused(old, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refused, match="no image"):
        gate(str(old), str(tmp_path / "empty"))
    assert not gate(str(tmp_path / "empty"), str(old)).well
    for name in ("no-such-package", "/nowhere/at/all", "/", "a,b", ""):
        with pytest.raises(Refused):
            gate(str(old), name)


def test_a_cut_deb_is_refused(new, tmp_path):
    path = built(new, tmp_path / "whole.deb")
    data = Path(path).read_bytes()
    (tmp_path / "cut.deb").write_bytes(data[: len(data) // 2])
    with pytest.raises(Refused, match="cannot be unpacked"):
        gate(path, str(tmp_path / "cut.deb"))


def test_a_deb_writes_nothing_outside_of_its_folder(new, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (new / "usr/share/out").symlink_to(outside)
    first = built(new, tmp_path / "first.deb")
    assert gate(first, first).well
    # A tar that goes through the link that it has brought along.
    from ovmfgui.hosts.debian_package import write_members

    tar = tmp_path / "evil.tar"
    script = (
        f"ln -s {outside} link; tar cf {tar} link; rm link; mkdir link; echo x > link/f; "
        f"tar rf {tar} link/f"
    )
    subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True)
    from ovmfgui.machine.host_tree import HostTree

    (tmp_path / "into").mkdir()
    with tar.open("rb") as stream:
        write_members("evil", stream, HostTree(str(tmp_path / "into")))
    assert not list(outside.iterdir())
