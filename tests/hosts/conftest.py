"""The installed package ovmf as a tree, and a copy of it to be edited."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """The files of the installed package, as the package has them, links as links."""
    tree = tmp_path_factory.mktemp("old")
    listed = subprocess.run(["dpkg", "-L", "ovmf"], capture_output=True, text=True, check=True)
    for path in listed.stdout.split():
        if Path(path).is_symlink() or Path(path).is_file():
            target = tree / path[1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target, follow_symlinks=False)
    return tree


@pytest.fixture
def new(old, tmp_path):
    """A copy of it that takes no room; what is written goes to a file of its own."""
    shutil.copytree(old, tmp_path / "new", symlinks=True, copy_function=_linked)
    return tmp_path / "new"


def _linked(source, target):
    if Path(source).is_symlink():
        Path(target).symlink_to(Path(source).readlink())
    else:
        os.link(source, target)
