"""Both ways to ask libvirt, on its own test driver, which needs no host and no rights."""

import shutil
from importlib.util import find_spec

import pytest

from ovmfgui.hosts.libvirt_python import LibvirtPythonConnection
from ovmfgui.hosts.reaching import connection_to
from ovmfgui.hosts.tree_connection import TreeConnection
from ovmfgui.hosts.virsh import VirshConnection
from ovmfgui.refusal import Refused

URI = "test:///default"
WAYS = [
    pytest.param(
        VirshConnection,
        marks=pytest.mark.skipif(shutil.which("virsh") is None, reason="needs virsh"),
    ),
    pytest.param(
        LibvirtPythonConnection,
        marks=pytest.mark.skipif(find_spec("libvirt") is None, reason="needs libvirt-python"),
    ),
]


@pytest.mark.parametrize("way", WAYS)
def test_domains_and_machine_types(way):
    with way(URI) as connection:
        (only,) = connection.domains()
        types = connection.machine_types()
    assert (only.name, only.state) == ("test", "running")
    assert b"<name>test</name>" in (only.definition or b"")
    assert b"<name>test</name>" in (only.live or b"")
    assert types is None or types


@pytest.mark.parametrize("way", WAYS)
def test_host_that_does_not_answer(way, tmp_path):
    uri = f"qemu+unix:///system?socket={tmp_path}/none"
    with pytest.raises(Refused) as refused, way(uri):
        pass
    assert str(refused.value).startswith(uri)
    assert "\n" not in str(refused.value)


def test_without_virsh():
    with pytest.raises(Refused, match="libvirt-clients"), VirshConnection(URI, "no-such-virsh"):
        pass


def test_folders_are_no_uris(tmp_path):
    assert isinstance(connection_to(str(tmp_path)), TreeConnection)
    assert not isinstance(connection_to("qemu+ssh://host/system"), TreeConnection)
