"""The role that collects a fleet, run over local connections against several roots."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from made_hosts import NVRAM, domain, package, store_of

from ovmfgui.hosts.host_folder import read_host
from ovmfgui.hosts.preflight import preflight
from ovmfgui.layout.verdict import Outcome
from ovmfgui.resources import resource_path

ANSIBLE = Path(sys.executable).with_name("ansible-playbook")
ROOTS = {"alpha": ("4m", "web"), "beta": ("4m-next", "mail"), "gamma": ("2m", "news")}


def root_of(folder, build, name):
    store = f"{NVRAM}/{name}_VARS.fd"
    xml = domain(name).definition
    for path, data in (
        package(build) | {store: store_of(build), f"/etc/libvirt/qemu/{name}.xml": xml}
    ).items():
        target = folder / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def play(tmp_path, *arguments):
    program = tmp_path / "ovmfgui"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m ovmfgui "$@"\n')
    program.chmod(0o755)
    lines = [
        f"{name} ansible_connection=local ovmfgui_collect_source={tmp_path}/roots/{name}"
        for name in ROOTS
    ]
    (tmp_path / "inventory").write_text("\n".join(lines) + "\n")
    command = [ANSIBLE, "-i", tmp_path / "inventory", resource_path("ansible/collect.yml")]
    values = {
        "ovmfgui_collect_into": tmp_path / "fleet",
        "ovmfgui_collect_program": program,
        "ansible_python_interpreter": sys.executable,
    }
    for name, value in values.items():
        command += ["-e", f"{name}={value}"]
    settings = {"ANSIBLE_HOME": str(tmp_path / ".ansible"), "TMPDIR": str(tmp_path / "tmp")}
    # Ansible starts Python for each step; what `collect` reaches is measured by its own tests.
    settings |= {"COVERAGE_PROCESS_START": "", "COVERAGE_PROCESS_CONFIG": ""}
    (tmp_path / "tmp").mkdir(exist_ok=True)
    return subprocess.run(
        [*map(str, command), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **settings, "LC_ALL": "C.UTF-8"},
    )


@pytest.fixture
def roots(tmp_path):
    for name, (build, guest) in ROOTS.items():
        root_of(tmp_path / "roots" / name, build, guest)
    return tmp_path


def test_every_host_is_collected_and_judged(roots):
    done = play(roots)
    assert done.returncode == 0, done.stdout + done.stderr
    hosts = {name: read_host(str(roots / "fleet" / name)) for name in ROOTS}
    assert {n: [d.name for d in h.domains] for n, h in hosts.items()} == {
        "alpha": ["web"],
        "beta": ["mail"],
        "gamma": ["news"],
    }
    assert preflight(hosts["alpha"], hosts["beta"]).rows[0].next_power_on is Outcome.BOOTS
    assert preflight(hosts["alpha"], hosts["gamma"]).rows[0].next_power_on is Outcome.NO_BOOT
    assert sorted(p.name for p in (roots / "fleet").iterdir()) == sorted(ROOTS)
    assert not list((roots / "tmp").glob("ovmfgui-*"))
    again = play(roots)
    assert again.returncode == 0, again.stdout + again.stderr


def test_a_host_that_fails_is_told_and_the_others_are_collected(roots):
    (roots / "roots/beta/etc/libvirt/qemu/mail.xml").unlink()
    (roots / "roots/beta/etc/libvirt/qemu").rmdir()
    done = play(roots)
    assert done.returncode != 0
    assert "no tree of a host's files" in done.stdout
    assert sorted(p.name for p in (roots / "fleet").iterdir()) == ["alpha", "gamma"]
