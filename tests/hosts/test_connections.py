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


def test_words_of_virsh_that_are_no_utf8(tmp_path):
    program = tmp_path / "virsh"
    program.write_bytes(b"#!/bin/sh\nprintf 'error: no \\351t\\351\\n' >&2; exit 1\n")
    program.chmod(0o755)
    with pytest.raises(Refused, match="no \ufffdt\ufffd"), VirshConnection(URI, str(program)):
        pass


@pytest.fixture
def faltering(tmp_path):
    """A virsh, and a function that has it fail the calls for many domains: (times, words)."""
    program = tmp_path / "virsh"

    def falter(times, words, stdout=""):
        program.write_text(
            "#!/bin/sh\nfor last; do :; done\n"
            f'case "$last" in *domname*) echo >> "$0.calls"\n'
            f'if [ "$(wc -l < "$0.calls")" -le {times} ]; then\n'
            f"printf '%s' '{stdout}'; echo 'error: {words}' >&2; exit 1; fi ;; esac\n"
            f'exec {shutil.which("virsh")} "$@"\n'
        )
        program.chmod(0o755)
        return VirshConnection(URI, str(program))

    return falter


@pytest.mark.skipif(shutil.which("virsh") is None, reason="needs virsh")
def test_a_connection_that_was_dropped_is_made_once_more(faltering):
    with faltering(1, "failed to connect to the hypervisor") as connection:
        assert [each.name for each in connection.domains()] == ["test"]


@pytest.mark.skipif(shutil.which("virsh") is None, reason="needs virsh")
@pytest.mark.parametrize(
    ("words", "stdout"),
    [
        ("failed to connect to the hypervisor", ""),
        ("Disconnected from test:///default due to end of file", "test"),
    ],
)
def test_domains_that_a_host_did_not_answer_for_are_not_taken_for_none(faltering, words, stdout):
    with (
        faltering(9, words, stdout) as connection,
        pytest.raises(Refused, match=words),
    ):
        connection.domains()


def test_folders_are_no_uris(tmp_path):
    assert isinstance(connection_to(str(tmp_path)), TreeConnection)
    assert not isinstance(connection_to("qemu+ssh://host/system"), TreeConnection)
