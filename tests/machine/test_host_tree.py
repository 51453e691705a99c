"""Trees of other hosts: links and definitions stay inside."""

import pytest

from ovmfgui.machine.host_tree import THIS_MACHINE, HostTree, tree_of


def test_this_machine_means_what_it_says():
    assert THIS_MACHINE.path("/usr/share/x.fd") == "/usr/share/x.fd"
    assert HostTree("/srv/tree").path("relative.fd") == "relative.fd"


def test_links_are_followed_inside_the_tree(tmp_path):
    share = tmp_path / "usr/share/OVMF"
    share.mkdir(parents=True)
    (share / "real.fd").write_bytes(b"x")
    (share / "absolute.fd").symlink_to("/usr/share/OVMF/real.fd")
    (share / "relative.fd").symlink_to("../OVMF/real.fd")
    (share / "outside.fd").symlink_to("../../../../../../../etc/passwd")
    (tmp_path / "usr/alias").symlink_to("share")
    tree = HostTree(str(tmp_path))
    for name in ("absolute.fd", "relative.fd", "real.fd"):
        assert tree.path(f"/usr/share/OVMF/{name}") == str(share / "real.fd")
    assert tree.path("/usr/alias/OVMF/real.fd") == str(share / "real.fd")
    assert tree.path("/usr/share/OVMF/outside.fd") == str(tmp_path / "etc/passwd")
    assert tree.path("/../../etc/x") == str(tmp_path / "etc/x")


def test_a_loop_of_links_ends(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert HostTree(str(tmp_path)).path("/a").startswith(str(tmp_path))


@pytest.mark.parametrize(
    ("definition", "root"),
    [
        ("/usr/share/qemu/firmware/60.json", "/"),
        ("/srv/t/usr/share/qemu/firmware/60.json", "/srv/t"),
        ("/srv/t/etc/libvirt/qemu/web.xml", "/srv/t"),
        ("/srv/t/etc/libvirt/qemu/autostart/web.xml", "/srv/t"),
        ("/srv/t/var/log/libvirt/qemu/web.log", "/srv/t"),
        ("/srv/t/etc/pve/nodes/a/qemu-server/100.conf", "/srv/t"),
        ("/home/me/web.xml", "/"),
    ],
)
def test_where_a_definition_lies_tells_its_tree(definition, root):
    assert tree_of(definition).root == root
    assert tree_of(definition, "/other").root == "/other"
