"""Which hosts a path stands for, where folders on the way cannot be searched."""

from pathlib import Path

import pytest

from ovmfgui.hosts import naming
from ovmfgui.hosts.crossing import hosts_in
from ovmfgui.refusal import Refused


@pytest.fixture
def closed(tmp_path, monkeypatch):
    """A folder without permission to search it, for whoever runs the test: root has it always."""
    folder = tmp_path / "closed"
    folder.mkdir()

    def denying(real):
        def asked(path, *more, **named):
            if folder in path.parents:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *more, **named)

        return asked

    for name in ("exists", "is_dir", "is_file"):
        monkeypatch.setattr(Path, name, denying(getattr(Path, name)))
    return folder


def test_a_folder_that_cannot_be_searched_is_no_host(closed):
    with pytest.raises(Refused, match="is no host"):
        hosts_in(str(closed))
    assert not naming.has_in_it(closed, naming.DESCRIPTION)
    assert not naming.is_there(str(closed / "host"))


def test_beside_one_that_cannot_be_searched_the_others_are_found(closed, tmp_path):
    (tmp_path / "one/etc/libvirt/qemu").mkdir(parents=True)
    assert hosts_in(str(tmp_path)) == (str(tmp_path / "one"),)
