import json
import os

import pytest
from made_hosts import NVRAM, collected, domain, package, store_of

from ovmfgui.hosts.host_folder import read_host
from ovmfgui.hosts.preflight import preflight
from ovmfgui.hosts.storage import LOCAL, SHARED, storage_of_mounts, storage_of_pools
from ovmfgui.hosts.tree_connection import TreeConnection

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
filer:/vm /var/lib/libvirt/qemu nfs4 rw,vers=4.2 0 0
tmpfs /var/lib/libvirt/qemu/dump tmpfs rw 0 0
overlay /srv overlay rw 0 0
//nas/share /mnt/with\\040space cifs rw 0 0
# filer:/old /var/lib nfs defaults 0 0
/dev/sdb1 none swap sw 0 0
broken
"""


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        (NVRAM, SHARED),
        ("/var/lib/libvirt/qemu", SHARED),
        ("/var/lib/libvirt/qemu-other", LOCAL),
        ("/var/lib/libvirt", LOCAL),
        ("/var/lib/libvirt/qemu/dump/x", LOCAL),
        ("/srv/vm", None),
        ("/mnt/with space/vm", SHARED),
    ],
)
def test_the_nearest_mount_decides(folder, expected):
    assert storage_of_mounts(MOUNTS, folder) == expected


def test_a_later_mount_lies_over_an_earlier_one():
    assert storage_of_mounts("a /vm nfs\nb /vm xfs\n", "/vm") == LOCAL
    assert storage_of_mounts("", "/vm") is None


def test_pools():
    kinds = {"/vm": "netfs", "/vm/here": "dir", "/disk": "fs", "/any": "dir"}
    assert storage_of_pools(kinds, "/vm/here/deeper") == SHARED
    assert storage_of_pools(kinds, "/disk") == LOCAL
    assert storage_of_pools(kinds, "/any") is None


def test_this_machine_tells_its_mounts(tmp_path):
    with open("/proc/self/mounts") as table:  # noqa: PTH123
        expected = storage_of_mounts(table.read(), os.path.realpath(tmp_path))
    assert TreeConnection("/").storage_of(str(tmp_path)) == expected


def test_another_hosts_tree_is_known_by_its_fstab(tmp_path):
    (tmp_path / "etc").mkdir()
    connection = TreeConnection(str(tmp_path))
    assert connection.storage_of(NVRAM) is None
    (tmp_path / "etc/fstab").write_text(MOUNTS)
    assert connection.storage_of(NVRAM) == SHARED
    assert connection.storage_of("/var") is None


def test_the_row_tells_it_and_what_it_means(tmp_path):
    store = {f"{NVRAM}/vm_VARS.fd": store_of("4m")}
    files = package("4m") | store
    for name, storage in (("shared", {NVRAM: SHARED}), ("local", {NVRAM: LOCAL}), ("dark", {})):
        collected(tmp_path / name, files, [domain("vm")], storage=storage)
    collected(tmp_path / "b", package("4m"))
    other = read_host(str(tmp_path / "b"))
    texts = {}
    for name, expected in (("shared", SHARED), ("local", LOCAL), ("dark", "unknown")):
        (row,) = preflight(read_host(str(tmp_path / name)), other).rows
        assert row.store.storage == expected
        texts[name] = next(f.text for f in row.findings if f.id == "offline-move-loses-variables")
    assert "Mount the storage there" in texts["shared"]
    assert "shared storage" not in texts["local"]


def test_an_older_collection_is_still_read(tmp_path):
    collected(tmp_path / "a", package("4m"), [domain("vm")])
    path = tmp_path / "a/host.json"
    said = json.loads(path.read_text())
    del said["storage"]
    path.write_text(json.dumps(said))
    assert read_host(str(tmp_path / "a")).storage == {}
