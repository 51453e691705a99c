"""A package of firmware, whatever form it has, under the paths that domains know its files by."""

from __future__ import annotations

import os
from contextlib import contextmanager
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_NAMES
from ovmfgui.dataclass import dataclass, replace
from ovmfgui.flash.image import Role
from ovmfgui.flash.source import read_file
from ovmfgui.hosts.debian_package import installed_files_of, is_deb, unpack_deb
from ovmfgui.machine.definition import is_definition
from ovmfgui.machine.folder import TO_NOTHING, PassedOver, looked_through, looks_like_an_image
from ovmfgui.machine.host_tree import HostTree
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_ROLES = ("CODE", "VARS")


class Form(StrEnum):
    """What the names of a package's files are."""

    TREE = "tree"
    """Whole paths, as on the host that has it installed."""
    FOLDER = "folder"
    """Paths within a folder that nobody said the place of."""
    PAIR = "pair"
    """A CODE and its store, whatever they are called."""


@dataclass(frozen=True)
class Package:
    """The files of a package.

    Attributes:
        name: as a person named it.
        place: what stands before the names of its files in an answer.
        form: what the names of its files are.
        files: images by name, and where their bytes lie here, links followed.
        definitions: of machines, descriptors among them, in the same way.
        others: names of what is neither.
        passed_over: why nothing is said of the others.
    """

    name: str
    place: str
    form: Form
    files: Mapping[str, str]
    definitions: Mapping[str, str]
    others: frozenset[str]
    passed_over: tuple[PassedOver, ...]

    def shown(self, named: str) -> str:
        """A file as an answer calls it."""
        if self.form is Form.PAIR:
            return self.files[named]
        return f"{self.place.rstrip('/')}/{named.lstrip('/')}"

    def at(self, path: str) -> str | None:
        """The name of the file that a host calls ``path``; None where the package has none such."""
        known = (*self.files, *self.others)
        if path in known or self.form is Form.TREE:
            return path if path in known else None
        ends = [each for each in known if path.endswith(f"/{each.lstrip('/')}")]
        return max(ends, key=len, default=None)

    def own_name(self, named: str) -> str:
        """What the file is called that a name leads to."""
        return self._own_names[self.files[named]]

    @cached_property
    def _own_names(self) -> dict[str, str]:
        own: dict[str, str] = {}
        for named, real in self.files.items():
            if real not in own or real.endswith(f"/{named.lstrip('/')}"):
                own[real] = named
        return own


@contextmanager
def opened_package(name: str) -> Iterator[Package]:
    """A package by what a person names; what is unpacked of it goes afterwards.

    Args:
        name: a .deb, a tree of a host's files, a folder of firmware, ``CODE,VARS``, or the name of
            an installed Debian package.

    Raises:
        Refused: it is none of these.
    """
    path = Path(name)
    if not name:
        msg = "a package without a name; name a .deb, an unpacked tree, a folder, or CODE,VARS"
        raise Refused(msg)
    if path.is_dir():
        form = Form.TREE if (path / "usr").is_dir() else Form.FOLDER
        yield _walked(name, name, form)
    elif path.is_file() and is_deb(name):
        with TemporaryDirectory(prefix="ovmfgui-package-") as scratch:
            unpack_deb(name, scratch)
            yield _walked(name, scratch, Form.TREE)
    elif "," in name and not path.exists():
        yield _pair(name)
    elif "/" not in name and not path.exists():
        yield _installed(name)
    else:
        what = "is no package" if path.exists() else "does not exist"
        msg = f"{name} {what}; name a .deb, an unpacked tree, a folder of firmware, or CODE,VARS"
        raise Refused(msg)


def counterpart(named: str, here: Package, there: Package) -> str | None:
    """What another package calls the file of this name; None where it has none such.

    A folder has no place on a host: what lies in it is found by the end of its path, as is what
    was named as a pair.
    """
    if here.form is there.form or named in there.files:
        return named if named in there.files else None
    if there.form is Form.PAIR:
        name = Path(named).name
        return next((role for role, path in there.files.items() if Path(path).name == name), None)
    plain = Path(here.files[named]).name if here.form is Form.PAIR else named.lstrip("/")
    longer = [each for each in there.files if each.endswith(f"/{plain}")]
    shorter = [each for each in there.files if f"/{plain}".endswith(f"/{each.lstrip('/')}")]
    return min(longer, key=len, default=None) or max(shorter, key=len, default=None)


def _pair(name: str) -> Package:
    paths = name.split(",")
    if len(paths) != 2 or not all(map(os.path.isfile, paths)):
        msg = f"{name} is no pair; name two files, CODE,VARS"
        raise Refused(msg)
    if read_file(paths[0]).role is not Role.CODE:
        paths.reverse()
    return Package(name, "", Form.PAIR, dict(zip(_ROLES, paths, strict=True)), {}, frozenset(), ())


def _installed(name: str) -> Package:
    files = [path for path in installed_files_of(name) if Path(path).is_file()]
    json = [path for path in files if path.endswith(".json")]
    definitions = {path: os.path.realpath(path) for path in json if is_definition(path)}
    # What is no descriptor may be a JSON store.
    named = (path for path in files if looks_like_an_image(path) or path in json)
    images = {path: os.path.realpath(path) for path in named if path not in definitions}
    others = frozenset(files) - set(images) - set(definitions)
    return Package(name, "", Form.TREE, images, definitions, others, ())


def _walked(name: str, folder: str, form: Form) -> Package:
    if folder == "/":
        msg = "/ is this whole machine; name an installed package, or its folder"
        raise Refused(msg)
    tree = HostTree(folder)

    def real(named: str) -> str:
        # A link of another host's tree never leads to a file of this machine.
        whole = f"{folder}/{named}"
        return tree.path(named) if form is Form.TREE else os.path.realpath(whole)

    def names(paths: Iterable[str]) -> list[str]:
        start = "/" if form is Form.TREE else ""
        return [f"{start}{os.path.relpath(path, folder)}" for path in paths]

    found = looked_through(folder)
    over = {each.path: each for each in found.passed_over}
    to_nothing = [p for p in over if Path(p).is_symlink() and looks_like_an_image(p)]
    images = names((*found.images, *to_nothing))
    files = {named: where for named in images if Path(where := real(named)).is_file()}
    for path, named in zip((*found.images, *to_nothing), images, strict=True):
        if named in files:
            over.pop(path, None)
        else:
            over[path] = PassedOver(path, TO_NOTHING, failed=True)
    linked = [p for p in over if Path(p).is_symlink() and not Path(p).is_file()]
    for link, path in zip(names(linked), linked, strict=True):
        more = _under_link(link, real, files)
        if len(files) + len(more) > MOST_NAMES:
            reason = f"would bring more than the {MOST_NAMES:,} names that are looked at"
            over[path] = PassedOver(path, reason, failed=True)
        else:
            files |= more
    definitions = {named: real(named) for named in names(found.definitions)}
    plain = (path for path, each in over.items() if each.reason != TO_NOTHING)
    others = frozenset(names(plain)) - set(files)
    passed_over = (replace(e, path=f"{name}{e.path[len(folder) :]}") for e in over.values())
    return Package(name, name, form, files, definitions, others, tuple(passed_over))


def _under_link(
    link: str, real: Callable[[str], str], files: Mapping[str, str]
) -> Mapping[str, str]:
    """The files of a folder under the name that a link gives it."""
    top = f"{real(link)}/"
    return {f"{link}/{path[len(top) :]}": path for path in files.values() if path.startswith(top)}
