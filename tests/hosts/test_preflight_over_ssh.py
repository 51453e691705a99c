"""Hosts by ``qemu+ssh``, over a real sshd of the test's own."""

import getpass
import json
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from libvirt_hosts import LibvirtHost, qemu_domain, unavailable

from ovmfgui.cli.main import main

SSHD = "/usr/sbin/sshd"


def missing():
    tools = [each for each in (SSHD, "ssh", "nc") if not shutil.which(each)]
    return unavailable() or (
        f"needs {', '.join(tools)} (Debian: openssh-server netcat-openbsd)" if tools else ""
    )


pytestmark = [
    pytest.mark.firmware,
    pytest.mark.skipif(bool(missing()), reason=f"hosts over ssh {missing()}"),
    pytest.mark.xdist_group("libvirt"),
]
_SERVER = """
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
PidFile none
AuthorizedKeysFile {folder}/user.pub
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
StrictModes no
"""


@pytest.fixture(scope="module")
def sshd(tmp_path_factory):
    """Port and key of a server on the loopback interface, which lets in the user it runs as."""
    folder = tmp_path_factory.mktemp("sshd")
    for name in ("host", "user"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True
        )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "config"
    config.write_text(_SERVER.format(port=port, folder=folder))
    Path("/run/sshd").mkdir(exist_ok=True)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([SSHD, "-D", "-e", "-f", config], stderr=log)
    try:
        for _ in range(100):
            with socket.socket() as there:
                if there.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            raise RuntimeError((folder / "log").read_text())
        yield port, folder / "user"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    made = LibvirtHost(tmp_path_factory.mktemp("ssh-host"), "sshhost", {})
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def uri(host, sshd):
    port, key = sshd
    inside = f"{host.folder}/sock/libvirt-sock"
    return (
        f"qemu+ssh://{getpass.getuser()}@127.0.0.1:{port}/system"
        f"?socket={inside}&keyfile={key}&proxy=netcat&no_verify=1&no_tty=1"
    )


def test_preflight_asks_a_host_over_ssh_as_it_does_over_its_socket(host, uri, capsys):
    for name in ("ssh-well", "ssh-short"):
        host.define(qemu_domain(name))
    host.must("start", "--paused", "ssh-well")
    path = host.nvram("ssh-short_VARS.fd")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(Path("/usr/share/OVMF/OVMF_VARS.fd").read_bytes())
    told = {}
    for each in (host.uri, uri):
        status = main(["preflight", each, host.uri, "--json"])
        rows = json.loads(capsys.readouterr().out)["domains"]
        for file in (file for row in rows for file in row["files"]):
            assert file.pop("host") in (each, host.uri)
        told[each] = (status, rows)
    assert told[uri][0] == told[host.uri][0]
    rows = zip(told[uri][1], told[host.uri][1], strict=True)
    differ = [
        (key, row[key], same[key]) for row, same in rows for key in row if row[key] != same[key]
    ]
    assert differ == []
    assert {each["name"] for each in told[uri][1]} == {"ssh-well", "ssh-short"}


def test_collect_brings_the_stores_of_a_host_over_ssh(host, uri, tmp_path, capsys):
    assert main(["collect", uri, "-o", str(tmp_path / "collected")]) == 0, capsys.readouterr()
    capsys.readouterr()
    assert main(["preflight", str(tmp_path / "collected"), host.uri, "--json"]) in (0, 1)
    rows = json.loads(capsys.readouterr().out)["domains"]
    assert {each["name"] for each in rows} == {"ssh-well", "ssh-short"}


def test_a_host_that_lets_nobody_in_is_one_line(host, uri, tmp_path, capsys):
    wrong = uri.replace("keyfile=", f"keyfile={tmp_path}/none")
    assert main(["preflight", wrong, host.uri]) == 2
    told = capsys.readouterr().err
    assert told.splitlines()[-1].startswith("ovmfgui: ")
    assert "Traceback" not in told
    assert "ermission denied" in told or "uthentication" in told, told
