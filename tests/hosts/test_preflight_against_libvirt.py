"""preflight's answers, and what two real libvirt hosts then do."""

import shutil
import subprocess
from pathlib import Path

import pytest
from libvirt_hosts import LibvirtHost, qemu_domain, unavailable

from ovmfgui.hosts.preflight import preflight
from ovmfgui.hosts.reaching import connection_to, two_hosts
from ovmfgui.layout.verdict import Outcome

pytestmark = [
    pytest.mark.firmware,
    pytest.mark.skipif(bool(unavailable()), reason=f"a libvirt host of its own {unavailable()}"),
    pytest.mark.xdist_group("libvirt"),
]

SHARE = Path("/usr/share/OVMF")
FLASH = "readonly='yes' type='pflash'"
ROM = "readonly='yes' type='rom'"


AUTO = (
    b"<domain type='qemu'><name>auto</name><memory unit='MiB'>128</memory><vcpu>1</vcpu>"
    b"<os firmware='efi'><type arch='x86_64' machine='pc-q35-7.2'>hvm</type><firmware>"
    b"<feature enabled='no' name='secure-boot'/></firmware></os><features><acpi/></features>"
    b"<devices><emulator>/usr/bin/qemu-system-x86_64</emulator></devices></domain>"
)
DOMAINS = {
    "same": qemu_domain("same", "OVMF_CODE_4M.secboot.fd", features="<smm state='on'/>"),
    "smaller-code": qemu_domain("smaller-code", "OVMF_CODE_4M.snakeoil.fd"),
    "code-gone": qemu_domain("code-gone", "OVMF_CODE_4M.ms.fd"),
    "template-gone": qemu_domain("template-gone", template="OVMF_VARS_4M.snakeoil.fd"),
    "template-smaller": qemu_domain("template-smaller", template="OVMF_VARS_4M.ms.fd"),
    "store-left-behind": qemu_domain("store-left-behind"),
    "store-of-other-size": qemu_domain("store-of-other-size"),
    "two-m": qemu_domain("two-m", "OVMF_CODE.fd", "OVMF_VARS.fd"),
    "rom": qemu_domain("rom", "unified.fd", loader=ROM, nvram=""),
    "rom-larger": qemu_domain("rom-larger", "unified-larger.fd", loader=ROM, nvram=""),
    "stateless": qemu_domain("stateless", loader=f"{FLASH} stateless='yes'", nvram=""),
    "i440": qemu_domain("i440", board="pc-i440fx-7.2"),
    "auto": AUTO,
}


def packages(folder):
    """The same package with what an upgrade can do to it."""
    here, there = folder / "package-a", folder / "package-b"
    shutil.copytree(SHARE, here, symlinks=False)
    unified = (SHARE / "OVMF_VARS.fd").read_bytes() + (SHARE / "OVMF_CODE.fd").read_bytes()
    larger = (SHARE / "OVMF_VARS_4M.fd").read_bytes() + (SHARE / "OVMF_CODE_4M.fd").read_bytes()
    (here / "unified.fd").write_bytes(unified)
    (here / "unified-larger.fd").write_bytes(unified)
    shutil.copytree(here, there)
    (there / "unified-larger.fd").write_bytes(larger)
    shutil.copy(SHARE / "OVMF_CODE.fd", there / "OVMF_CODE_4M.snakeoil.fd")
    (there / "OVMF_CODE_4M.ms.fd").unlink()
    (there / "OVMF_VARS_4M.snakeoil.fd").unlink()
    shutil.copy(SHARE / "OVMF_VARS.fd", there / "OVMF_VARS_4M.ms.fd")
    return here, there


@pytest.fixture(scope="module")
def hosts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("h")
    a_files, b_files = packages(folder)
    a = LibvirtHost(folder / "a", "hosta", {"/usr/share/OVMF": a_files})
    try:
        b = LibvirtHost(folder / "b", "hostb", {"/usr/share/OVMF": b_files})
        try:
            for xml in DOMAINS.values():
                a.define(xml)
            a.start_paused(*DOMAINS)
            b.nvram("").mkdir(parents=True, exist_ok=True)
            shutil.copy(SHARE / "OVMF_VARS_4M.ms.fd", b.nvram("store-left-behind_VARS.fd"))
            shutil.copy(SHARE / "OVMF_VARS.fd", b.nvram("store-of-other-size_VARS.fd"))
            yield a, b
        finally:
            b.stop()
    finally:
        a.stop()


@pytest.fixture(scope="module")
def answers(hosts):
    a, b = hosts
    pools = [host.must("pool-list", "--all", "--name") for host in hosts]
    with two_hosts(a.uri, b.uri) as (one, other):
        found = preflight(one, other)
    assert [host.must("pool-list", "--all", "--name") for host in hosts] == pools
    return {row.name: row for row in found.rows}


def test_every_domain_has_a_row(answers):
    assert set(answers) == set(DOMAINS)
    assert {row.state for row in answers.values()} == {"paused"}


@pytest.mark.parametrize("name", DOMAINS)
def test_libvirt_accepts_and_refuses_what_preflight_says(hosts, answers, name, tmp_path):
    a, b = hosts
    row = answers[name]
    moved = a.virsh(
        *("migrate", name, "--live", "--p2p", "--persistent", b.uri),
        *("--migrateuri", f"unix://{tmp_path}/m"),
    )
    assert row.live.answer == ("accepted" if moved.returncode == 0 else "refused"), moved.stderr
    if moved.returncode:
        _same_words(row, moved.stderr + _log(b, name))
        return
    b.must("destroy", name)
    started = b.virsh("start", "--paused", name)
    refused = row.next_power_on is Outcome.REFUSED_BY_QEMU
    assert refused == (started.returncode != 0), started.stderr


def _same_words(row, said):
    """The line that names the file, the block or the machine type stands in what was printed."""
    first = row.live.reason.splitlines()[0].removeprefix("qemu-system-x86_64: ")
    assert first.removesuffix(": Invalid argument") in said


def _log(host, name):
    path = host.folder / "log/qemu" / f"{name}.log"
    return path.read_text() if path.exists() else ""


@pytest.mark.parametrize("name", DOMAINS)
def test_moved_switched_off_it_starts_or_not(hosts, answers, name):
    """What libvirt does with the definition alone (``migrate --offline`` carries no more)."""
    a, b = hosts
    xml = DOMAINS[name]
    b.virsh("destroy", name)
    b.virsh("undefine", "--keep-nvram", name)
    stays = name.startswith("store-")
    if not stays:
        b.nvram(f"{name}_VARS.fd").unlink(missing_ok=True)
    b.define(xml)
    started = b.virsh("start", "--paused", name)
    assert (started.returncode != 0) == (answers[name].offline_move is Outcome.REFUSED_BY_QEMU), (
        started.stderr
    )
    if started.returncode == 0 and not stays and b.nvram(f"{name}_VARS.fd").exists():
        here = a.nvram(f"{name}_VARS.fd")
        assert "offline-move-loses-variables" in [f.id for f in answers[name].findings] or (
            not here.exists()
        )


def test_stores_are_read_as_they_are(hosts, answers):
    a, _b = hosts
    for name in ("same", "two-m", "auto"):
        data = a.nvram(f"{name}_VARS.fd").read_bytes()
        assert answers[name].store.size == len(data)


def test_collect_leaves_nothing_on_the_host_when_interrupted(hosts, tmp_path):
    import os
    import signal
    import sys
    import time

    a, _b = hosts
    command = [sys.executable, "-m", "ovmfgui", "collect", a.uri, "-o", str(tmp_path / "out")]
    for end in (signal.SIGINT, signal.SIGTERM):
        # A shell that starts jobs in the background has them ignore Ctrl+C, and so would this.
        running = subprocess.Popen(
            command,
            stderr=subprocess.DEVNULL,
            env=os.environ,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        for _ in range(200):
            if "ovmfgui-" in a.must("pool-list", "--name"):
                break
            time.sleep(0.02)
        running.send_signal(end)
        assert running.wait(60) == 130
        assert "ovmfgui-" not in a.must("pool-list", "--all", "--name")
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("active", [True, False])
def test_pools_of_the_host_are_read_through_and_stay_as_they_are(hosts, tmp_path, active):
    a, _b = hosts
    folder = "/var/lib/libvirt/qemu/nvram"
    a.must("pool-define-as", "theirs", "dir", "--target", folder)
    try:
        if active:
            a.must("pool-start", "theirs")
        before = a.must("pool-list", "--all")
        with connection_to(a.uri) as connection:
            assert "same_VARS.fd" in (connection.files_in(folder) or {})
            data = connection.read(f"{folder}/same_VARS.fd")
        assert data == a.nvram("same_VARS.fd").read_bytes()
        assert a.must("pool-list", "--all") == before
    finally:
        a.virsh("pool-destroy", "theirs")
        a.must("pool-undefine", "theirs")
