"""Real libvirt hosts: a libvirtd each in namespaces of its own, with its own firmware package.

They need root, Debian's libvirt-daemon-system and QEMU; guests run under TCG and stay paused.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

from made_hosts import domain_xml

LIBVIRTD = "/usr/sbin/libvirtd"

_INSIDE = """
set -eu
hostname "$NAME"
ip link set lo up 2>/dev/null || true
mount --bind "$DIR/etc" /etc/libvirt
mount --bind "$DIR/lib" /var/lib/libvirt
mount --bind "$DIR/log" /var/log/libvirt
mount --bind "$DIR/cache" /var/cache/libvirt
mkdir -p /run/libvirt
mount --bind "$DIR/run" /run/libvirt
for pair in $MOUNTS; do mount --bind "${pair%%=*}" "${pair##*=}"; done
exec /usr/sbin/libvirtd --pid-file "$DIR/libvirtd.pid"
"""

_DAEMON = """
unix_sock_dir = "{folder}/sock"
auth_unix_rw = "none"
auth_unix_ro = "none"
host_uuid = "{uuid}"
keepalive_interval = -1
"""

_DRIVER = """
user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
namespaces = []
cgroup_controllers = []
stdio_handler = "file"
"""


_UNSHARED = ("unshare", "-m", "-n", "-u", "--propagation", "private")


def unavailable():
    """Why there can be none here; empty where there can."""
    if os.geteuid():
        return "needs root"
    if (
        shutil.which("unshare")
        and subprocess.run([*_UNSHARED, "true"], capture_output=True).returncode
    ):
        return "needs a root that may make namespaces"
    missing = [each for each in (LIBVIRTD, "virsh", "unshare") if not shutil.which(each)]
    return f"needs {', '.join(missing)} (Debian: libvirt-daemon-system)" if missing else ""


def qemu_domain(name, code="OVMF_CODE_4M.fd", template="OVMF_VARS_4M.fd", features="", **said):
    """A domain that TCG runs, with nothing but flash."""
    xml = domain_xml(
        name, code=f"/usr/share/OVMF/{code}", template=f"/usr/share/OVMF/{template}", **said
    )
    devices = "<devices><emulator>/usr/bin/qemu-system-x86_64</emulator></devices>"
    xml = xml.replace(b"type='kvm'", b"type='qemu'").replace(
        b"</name>", b"</name><memory unit='MiB'>128</memory><vcpu>1</vcpu>"
    )
    return xml.replace(
        b"</domain>", f"<features><acpi/>{features}</features>{devices}</domain>".encode()
    )


_KNOWN = "cache/qemu/capabilities"
_CAPABILITIES: list[Path] = []
"""The folder in which libvirt keeps them; of the first host of this process."""


class LibvirtHost:
    """A host; ``mounts`` puts folders over its own ones: {"/usr/share/OVMF": folder}."""

    def __init__(self, folder, name, mounts):
        self.folder, self.name = Path(folder), name
        for each in ("etc", "lib", "log/qemu", "cache", "run", "sock"):
            (self.folder / each).mkdir(parents=True)
        # What an earlier host has learned of each QEMU by starting it, which takes ten seconds.
        for known in _CAPABILITIES[:1]:
            shutil.copytree(known, self.folder / _KNOWN)
        shutil.copytree("/etc/libvirt", self.folder / "etc", dirs_exist_ok=True)
        said = _DAEMON.format(folder=self.folder, uuid=uuid4())
        (self.folder / "etc/libvirtd.conf").write_text(said)
        (self.folder / "etc/qemu.conf").write_text(_DRIVER)
        pairs = " ".join(f"{here}={there}" for there, here in mounts.items())
        self.uri = f"qemu+unix:///system?socket={self.folder}/sock/libvirt-sock"
        with (self.folder / "out").open("wb") as out:
            self.daemon = subprocess.Popen(
                [*_UNSHARED, "bash", "-c", _INSIDE],
                env={**os.environ, "DIR": str(self.folder), "NAME": name, "MOUNTS": pairs},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self._wait()
        if not _CAPABILITIES:
            self.virsh("domcapabilities")
            _CAPABILITIES.append(self.folder / _KNOWN)

    def _wait(self):
        for _ in range(240):
            if self.virsh("version").returncode == 0:
                return
            if self.daemon.poll() is not None:
                break
            time.sleep(0.25)
        raise RuntimeError((self.folder / "out").read_text())

    def virsh(self, *arguments):
        command = ["virsh", "-q", "-c", self.uri, *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=120, env={**os.environ, "LC_ALL": "C"}
        )

    def must(self, *arguments):
        done = self.virsh(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def define(self, xml):
        path = self.folder / "domain.xml"
        path.write_bytes(xml)
        self.must("define", path)

    def nvram(self, name):
        """Where a file under the host's /var/lib/libvirt/qemu/nvram lies here."""
        return self.folder / "lib/qemu/nvram" / name

    def start_paused(self, *names):
        """Start domains side by side: each waits for its QEMU most of the time."""
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda name: self.must("start", "--paused", name), names))

    def stop(self):
        """End the host and its machines at once; nobody looks at it afterwards."""
        self.daemon.kill()
        self.daemon.wait()
        for each in (self.folder / "run/qemu").glob("*.pid"):
            with contextlib.suppress(ProcessLookupError, ValueError):
                os.kill(int(each.read_text()), signal.SIGKILL)
