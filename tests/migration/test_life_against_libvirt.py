"""What libvirt itself does to a store, step by step, and what the model says that it does."""

import shutil
import subprocess
from pathlib import Path

import pytest
from libvirt_hosts import LibvirtHost, unavailable
from made_hosts import domain_xml
from played import STORE, play

pytestmark = [
    pytest.mark.firmware,
    pytest.mark.skipif(bool(unavailable()), reason=f"a libvirt host of its own {unavailable()}"),
    pytest.mark.xdist_group("libvirt-life"),
]

SHARE = Path("/usr/share/OVMF")
CODE, TEMPLATE = SHARE / "OVMF_CODE_4M.fd", SHARE / "OVMF_VARS_4M.fd"
FRAME = f"""
[packages.p]
code = "{CODE}"
vars = "{TEMPLATE}"
records = "old"
code_path = "{CODE}"
vars_path = "{TEMPLATE}"
[hosts.a]
packages = ["p"]
[hosts.b]
packages = ["p"]
"""
BEGIN = ('define host="a"', "start", 'set-variable name="X" text="hello"', "power-off")
DISK = (
    "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
    "<source file='{}'/><target dev='vda' bus='virtio'/></disk>"
)


def qemu_domain(name, disk=""):
    """A domain that TCG runs, with flash and at most one disk."""
    xml = domain_xml(name, code=str(CODE), template=str(TEMPLATE)).replace(b"'kvm'", b"'qemu'")
    devices = f"<devices><emulator>/usr/bin/qemu-system-x86_64</emulator>{disk}</devices>"
    xml = xml.replace(b"</name>", b"</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>")
    return xml.replace(b"</domain>", f"<features><acpi/></features>{devices}</domain>".encode())


@pytest.fixture(scope="module")
def hosts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("h")
    made = []
    try:
        for name in ("a", "b"):
            shutil.copytree(SHARE, folder / f"package-{name}", symlinks=False)
            mounts = {str(SHARE): folder / f"package-{name}"}
            made.append(LibvirtHost(folder / name, f"host{name}", mounts))
        yield made
    finally:
        for host in made:
            host.stop()


@pytest.fixture(scope="module")
def stored():
    """The store as the guest leaves it in the stories."""
    return play(*BEGIN, frame=FRAME).steps[-1].snapshot.host("a").file(STORE).contents.tobytes()


class Real:
    """The stories' domain on two libvirt hosts, off, its store as the guest left it."""

    def __init__(self, hosts, name, stored, disk=""):
        self.a, self.b = hosts
        self.name, self.stored = name, stored
        self.template = TEMPLATE.read_bytes()
        self.a.define(qemu_domain(name, disk))
        self.store(self.a).parent.mkdir(parents=True, exist_ok=True)
        self.store(self.a).write_bytes(stored)

    def store(self, host):
        return host.nvram(f"{self.name}_VARS.fd")

    def word(self, host):
        """What the store's file holds."""
        if not self.store(host).exists():
            return "absent"
        return _word(self.store(host).read_bytes(), self.stored, self.template)

    def words(self):
        return self.word(self.a), self.word(self.b)

    def off(self, host):
        """Ended without a word to the guest, before it has run for long."""
        host.must("destroy", self.name)


def _word(data, stored, template):
    return {stored: "the guest's", template: "the template"}.get(data, "another")


def modelled(*actions):
    """The stores after each action of the model, on both hosts, and the replay."""
    replay = play(*BEGIN, *actions, frame=FRAME)
    start = play(*BEGIN, frame=FRAME).steps[-1].snapshot.host("a").file(STORE).contents.tobytes()
    template = TEMPLATE.read_bytes()
    found = []
    for step in replay.steps[len(BEGIN) + 1 :]:
        files = [step.snapshot.host(name).file(STORE) for name in ("a", "b")]
        found.append(
            tuple(_word(f.contents.tobytes(), start, template) if f else "absent" for f in files)
        )
    return found, replay


def test_an_offline_move(hosts, stored):
    real = Real(hosts, "moved", stored)
    real.a.must("migrate", "moved", "--offline", "--persistent", "--p2p", real.b.uri)
    seen = [real.words()]
    real.b.must("start", "--paused", "moved")
    seen.append(real.words())
    said, _ = modelled('move-offline to="b"', 'start host="b"')
    assert [said[0], said[1]] == seen == [
        ("the guest's", "absent"),
        ("the guest's", "the template"),
    ]  # fmt: skip
    # Done right: the file is carried before the start.
    real.off(real.b)
    shutil.copyfile(real.store(real.a), real.store(real.b))
    real.b.must("start", "--paused", "moved")
    carried, _ = modelled('move-offline to="b"', 'copy-store to="b"\nhost="a"', 'start host="b"')
    assert carried[-1] == real.words() == ("the guest's", "the guest's")


def test_a_start_without_store_and_template(hosts, stored):
    real = Real(hosts, "no-template", stored)
    real.a.must("migrate", "no-template", "--offline", "--persistent", "--p2p", real.b.uri)
    template = real.b.folder.parent / "package-b" / TEMPLATE.name
    away = template.rename(template.with_suffix(".away"))
    try:
        refused = real.b.virsh("start", "--paused", "no-template")
    finally:
        away.rename(template)
    replay = play(
        *BEGIN,
        'move-offline to="b"',
        'start host="b"',
        frame=FRAME.replace("[hosts.b]", "[packages.o]\nsynthetic='2m'\n[hosts.b]").replace(
            '[hosts.b]\npackages = ["p"]', '[hosts.b]\npackages = ["o"]'
        ),
    )
    said = replay.steps[-1].qemu.replace("vm1", "no-template")
    assert refused.returncode
    assert refused.stderr.strip() == said


def test_save_and_restore(hosts, stored, tmp_path):
    real = Real(hosts, "saved", stored)
    file = tmp_path / "guest.save"
    real.a.must("start", "saved", "--paused")
    real.a.must("save", "saved", file, "--running")
    seen = [real.words()[0]]
    real.a.must("start", "--paused", "--reset-nvram", "saved")
    seen.append(real.words()[0])
    real.off(real.a)
    real.a.must("restore", file, "--paused")
    seen.append(real.words()[0])
    real.a.must("resume", "saved")
    seen.append(real.words()[0])
    actions = ("relaunch", "save", "reset-nvram", "power-off", "restore")
    said = [a for a, _ in modelled(*actions)[0]]
    # relaunch, save, made anew, started, off, restored, running again
    assert [said[1], said[3], said[5], said[6]] == seen
    assert seen == ["the guest's", "the template", "the template", "the guest's"]
    real.off(real.a)


def test_a_save_file_on_another_host_and_one_of_a_newer_libvirt(hosts, stored, tmp_path):
    real = Real(hosts, "carried", stored)
    file = tmp_path / "guest.save"
    real.a.must("start", "carried", "--paused")
    real.a.must("save", "carried", file, "--running")
    real.a.must("migrate", "carried", "--offline", "--persistent", "--p2p", real.b.uri)
    newer = bytearray(file.read_bytes())
    # virQEMUSaveHeader: magic of 16 bytes, version, length, was_running, format.
    newer[28:32] = (6).to_bytes(4, "little")
    (tmp_path / "newer.save").write_bytes(newer)
    refused = real.b.virsh("restore", tmp_path / "newer.save")
    frame = FRAME.replace("[hosts.a]", '[hosts.a]\nlibvirt = "11.3"')
    path = tmp_path / "newer.save"
    replay = play(*BEGIN, "relaunch", f'save file="{path}" sparse=true', 'move-offline to="b"',
                  'copy-save to="b"', 'restore host="b"', frame=frame)  # fmt: skip
    assert refused.stderr.strip() == replay.steps[-1].qemu
    assert real.words() == ("the guest's", "absent")
    real.b.must("restore", file, "--paused")
    seen = [real.words()[1]]
    real.b.must("resume", "carried")
    said, _ = modelled("relaunch", "save", 'move-offline to="b"', 'copy-save to="b"',
                       'restore host="b"')  # fmt: skip
    # Made from the template, filled, running again.
    assert [said[-2][1], said[-1][1]] == [*seen, real.words()[1]]
    assert said[-1][1] == "the guest's"
    real.off(real.b)


def test_a_store_that_is_gone_at_the_restore(hosts, stored, tmp_path):
    """It is made from the template, and filled from the save file when the guest goes on."""
    real = Real(hosts, "gone", stored)
    real.a.must("start", "gone", "--paused")
    real.a.must("save", "gone", tmp_path / "guest.save")
    real.store(real.a).unlink()
    real.a.must("restore", tmp_path / "guest.save")
    seen = [real.words()[0]]
    real.a.must("resume", "gone")
    assert [*seen, real.words()[0]] == ["the template", "the guest's"]
    real.off(real.a)


def test_a_reset_under_a_managed_save(hosts, stored, tmp_path):
    real = Real(hosts, "managed", stored)
    real.a.must("start", "managed", "--paused")
    real.a.must("managedsave", "managed", "--running")
    real.a.must("start", "--paused", "--reset-nvram", "managed")
    seen = [real.words()[0]]
    real.a.must("resume", "managed")
    seen.append(real.words()[0])
    said = [a for a, _ in modelled("relaunch", "managed-save", "reset-nvram")[0]]
    assert [said[2], said[-1]] == seen == ["the template", "the guest's"]
    # The way around it that the lesson names.
    real.a.must("managedsave", "managed")
    real.store(real.a).write_bytes(stored)
    real.a.must("start", "--force-boot", "--paused", "--reset-nvram", "managed")
    chip = tmp_path / "chip"
    dump = f'pmemsave 0xffc00000 0x{len(stored):x} "{chip}"'
    assert not real.a.must("qemu-monitor-command", "managed", "--hmp", dump).strip()
    assert chip.read_bytes() == real.template
    assert real.words()[0] == "the template"


def test_undefine_and_define_again(hosts, stored):
    real = Real(hosts, "undefined", stored)
    real.a.must("start", "--paused", "undefined")
    real.off(real.a)
    assert "cannot undefine domain with nvram" in real.a.virsh("undefine", "undefined").stderr
    real.a.must("undefine", "undefined", "--keep-nvram")
    seen = [real.words()[0]]
    real.a.define(qemu_domain("undefined"))
    real.a.must("start", "--paused", "undefined")
    seen.append(real.words()[0])
    real.off(real.a)
    real.a.must("start", "--paused", "--reset-nvram", "undefined")
    seen.append(real.words()[0])
    real.off(real.a)
    real.a.must("undefine", "undefined", "--nvram")
    seen.append(real.words()[0])
    actions = ("undefine keep_nvram=true", 'define host="a"', "start", "power-off", "reset-nvram",
               "power-off", "undefine")  # fmt: skip
    said = [a for a, _ in modelled(*actions)[0]]
    # undefined, defined, started, off, made anew, started, off, undefined
    assert [said[0], said[2], said[5], said[7]] == seen
    assert seen == ["the guest's", "the guest's", "the template", "absent"]


def test_undefine_of_what_has_something_in_keeping(hosts, stored):
    real = Real(hosts, "kept", stored)
    real.a.must("start", "--paused", "kept")
    real.a.must("managedsave", "kept")
    refused = real.a.virsh("undefine", "kept", "--nvram")
    words = "Refusing to undefine while domain managed save image exists"
    assert words in refused.stderr
    with pytest.raises(Exception, match=words):
        modelled("relaunch", "managed-save", "undefine")


def test_a_disk_only_snapshot_has_no_store(hosts, stored, tmp_path):
    disk = tmp_path / "disk.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "1M"], check=True)
    real = Real(hosts, "disks", stored, DISK.format(disk))
    real.a.must("start", "--paused", "disks")
    inside = real.a.virsh("snapshot-create-as", "disks", "whole")
    assert "internal snapshots of a VM with pflash based firmware" in inside.stderr
    real.a.must("snapshot-create-as", "disks", "before", "--disk-only")
    taken = real.a.must("snapshot-dumpxml", "disks", "before")
    disks = taken[taken.index("<disks>") : taken.index("</disks>")]
    assert disks.count("<disk ") == 1
    assert "VARS" not in disks
    assert {path.name for path in tmp_path.iterdir()} == {"disk.qcow2", "disk.before"}
    assert real.words()[0] == "the guest's"
    real.off(real.a)
    refused = real.a.virsh("undefine", "disks", "--nvram")
    words = "cannot delete inactive domain with 1 snapshots"
    assert words in refused.stderr
    with pytest.raises(Exception, match=words):
        modelled("snapshot-disks", "undefine")


def test_savevm_wants_a_store_in_qcow2(hosts, stored):
    """libvirt 9 forbids it; QEMU's own words, by its monitor."""
    real = Real(hosts, "savevm", stored)
    real.a.must("start", "--paused", "savevm")
    said = real.a.must("qemu-monitor-command", "savevm", "--hmp", "savevm before").strip()
    model = modelled("relaunch", "snapshot")[1].steps[-1].qemu
    # libvirt names its block devices itself, and the model has QEMU's own name.
    assert said.split("'")[::2] == model.split("'")[::2]
