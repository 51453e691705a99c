"""The hook under a real libvirtd: what starts, what does not, and what comes from another host."""

import shutil
import signal
import time
from pathlib import Path

import pytest
from libvirt_hosts import LibvirtHost, qemu_domain, unavailable

from ovmfgui.hosts.hook_script import Policy, hook_path, install, uninstall
from ovmfgui.layout.synthetic import synthetic_package

pytestmark = [
    pytest.mark.firmware,
    pytest.mark.skipif(bool(unavailable()), reason=f"a libvirt host of its own {unavailable()}"),
    pytest.mark.xdist_group("libvirt"),
]
SHARE = Path("/usr/share/OVMF")


class HookedHost(LibvirtHost):
    """A host whose /etc/libvirt lies where ``--root`` finds it."""

    @property
    def root(self):
        root = self.folder / "root"
        if not root.exists():
            root.mkdir()
            hooks = self.folder / "etc/hooks"
            hooks.mkdir(parents=True, exist_ok=True)
            (hooks / "qemu.d").symlink_to(root / "etc/libvirt/hooks/qemu.d")
        return str(root)

    def hook(self, policy):
        install(self.root, policy)
        self.reload()

    def reload(self):
        """What 'systemctl reload libvirtd' does; until then libvirt calls no hook."""
        self.daemon.send_signal(signal.SIGHUP)
        time.sleep(1)

    def give(self, name, data):
        path = self.nvram(f"{name}_VARS.fd")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def start(self, name):
        """Whether it starts, and libvirt's words; it is switched off again."""
        done = self.virsh("start", "--paused", name)
        self.virsh("destroy", name)
        return done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def hosts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hook")
    packages = {}
    for name in "ab":
        packages[name] = folder / f"package-{name}"
        shutil.copytree(SHARE, packages[name])
    (packages["b"] / "OVMF_CODE_4M.ms.fd").unlink()
    a = HookedHost(folder / "a", "hooka", {"/usr/share/OVMF": packages["a"]})
    try:
        b = HookedHost(folder / "b", "hookb", {"/usr/share/OVMF": packages["b"]})
        try:
            yield a, b
        finally:
            b.stop()
    finally:
        a.stop()


@pytest.fixture
def host(hosts):
    a = hosts[0]
    a.hook(Policy.REFUSE)
    yield a
    uninstall(a.root)
    a.reload()


STORES = {
    "well": ("4m", True),
    "shifted": ("4m-shifted", False),
    "short": ("2m", True),
}


def test_starts(host):
    for name in STORES:
        host.define(qemu_domain(f"hook-{name}"))
        host.give(f"hook-{name}", synthetic_package(STORES[name][0]).vars)
    host.define(qemu_domain("hook-none"))
    assert host.start("hook-none")[0]
    assert host.nvram("hook-none_VARS.fd").exists()
    for name, (_build, starts) in STORES.items():
        started, words = host.start(f"hook-{name}")
        assert started is starts, words
        if not starts:
            assert f"would overwrite variables in /var/lib/libvirt/qemu/nvram/hook-{name}" in words
            assert "policy=warn" in words


def test_what_does_not_boot(host):
    name = "hook-smm"
    host.define(qemu_domain(name, "OVMF_CODE_4M.secboot.fd", features="<smm state='on'/>"))
    host.give(name, (SHARE / "OVMF_VARS.fd").read_bytes())
    started, words = host.start(name)
    assert not started
    assert "does not boot with" in words
    assert "OVMF_CODE_4M.secboot.fd" in words


def test_a_reset_is_judged_by_the_store_that_is_there(host):
    """libvirt asks the hook before it makes the new store, and does not say that it will."""
    name = "hook-reset"
    host.define(qemu_domain(name))
    host.give(name, synthetic_package("4m-shifted").vars)
    done = host.virsh("start", "--paused", "--reset-nvram", name)
    assert done.returncode
    assert "would overwrite variables" in done.stderr
    assert "--reset-nvram" in done.stderr
    host.nvram(f"{name}_VARS.fd").unlink()
    assert host.start(name)[0]


@pytest.mark.parametrize("policy", [Policy.WARN, Policy.OFF, None])
def test_without_refusal_it_starts(host, policy):
    name = f"hook-let-{policy}"
    host.define(qemu_domain(name))
    host.give(name, synthetic_package("4m-shifted").vars)
    assert not host.start(name)[0]
    if policy is None:
        uninstall(host.root)
        host.reload()
    else:
        install(host.root, policy)
    assert host.start(name)[0]


def test_a_fault_of_the_hook_stops_no_domain(host):
    name = "hook-fault"
    host.define(qemu_domain(name))
    host.give(name, synthetic_package("4m-shifted").vars)
    path = hook_path(host.root)
    path.write_text(path.read_text().replace("ovmfgui.cli.hook_judging", "ovmfgui.gone"))
    assert host.start(name)[0]


def test_libvirt_is_not_kept_waiting(host):
    """A hook that asked libvirt would hang the first start."""
    host.define(qemu_domain("hook-again"))
    for _ in range(3):
        assert host.start("hook-again")[0]
        assert host.must("list", "--all", "--name")


def migrated(a, b, name, folder):
    return a.virsh(
        *("migrate", name, "--live", "--p2p", "--persistent", b.uri),
        *("--migrateuri", f"unix://{folder}/m"),
    )


def test_migrations(hosts, tmp_path):
    a, b = hosts
    b.hook(Policy.REFUSE)
    try:
        a.define(qemu_domain("hook-gone", "OVMF_CODE_4M.ms.fd", features="<smm state='on'/>"))
        a.must("start", "--paused", "hook-gone")
        done = migrated(a, b, "hook-gone", tmp_path)
        a.virsh("destroy", "hook-gone")
        assert done.returncode
        assert "OVMF_CODE_4M.ms.fd, is not on this host" in done.stderr
        # The store that lies there is overwritten by the one that comes: it says nothing.
        a.define(qemu_domain("hook-moves"))
        a.must("start", "--paused", "hook-moves")
        b.give("hook-moves", synthetic_package("4m-shifted").vars)
        done = migrated(a, b, "hook-moves", tmp_path)
        assert done.returncode == 0, done.stderr
        b.must("destroy", "hook-moves")
        # A store there of another size is no proof that CODE has: QEMU tells, in its own words.
        a.define(qemu_domain("hook-size"))
        a.must("start", "--paused", "hook-size")
        b.give("hook-size", (SHARE / "OVMF_VARS.fd").read_bytes())
        done = migrated(a, b, "hook-size", tmp_path)
        a.virsh("destroy", "hook-size")
        assert done.returncode
        logs = "".join(each.read_text() for each in b.folder.rglob("hook-size.log"))
        assert "Size mismatch: system.flash" in logs, logs
        # The same two run on both: that goes.
        a.define(qemu_domain("hook-odd"))
        for each in hosts:
            each.give("hook-odd", (SHARE / "OVMF_VARS.fd").read_bytes())
        a.must("start", "--paused", "hook-odd")
        done = migrated(a, b, "hook-odd", tmp_path)
        assert done.returncode == 0, done.stderr
        b.must("destroy", "hook-odd")
    finally:
        uninstall(b.root)
        b.reload()


def test_a_saved_domain_comes_back(host, tmp_path):
    name = "hook-saved"
    host.define(qemu_domain(name))
    host.must("start", "--paused", name)
    host.must("save", name, "--paused", tmp_path / "saved")
    host.give(name, synthetic_package("4m-shifted").vars)
    host.must("restore", "--paused", tmp_path / "saved")
    host.must("destroy", name)
    host.give(name, synthetic_package("4m-shifted").vars)
    assert not host.start(name)[0]
