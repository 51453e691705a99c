"""What lies under the paths of one package once another one is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.finding import Finding, Severity
from ovmfgui.flash.image import Format
from ovmfgui.hosts.package import Form, counterpart
from ovmfgui.hosts.package_finding import PackageFinding
from ovmfgui.nvram.reading import read_store
from ovmfgui.wording import exact_size_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.hosts.matrix import FileRead, StoreRead
    from ovmfgui.hosts.package_reading import ReadPackage


def path_findings(here: ReadPackage, there: ReadPackage) -> Iterator[PackageFinding]:
    """Templates and images that are missing, links that lead elsewhere, other sizes and formats.

    CODE that is missing is not among them: a domain that uses it does not start at all, which is
    told apart.
    """
    compared: set[tuple[str, str]] = set()
    for name in sorted(here.package.files):
        own = here.file(name)
        if own is None:
            continue
        other_name = counterpart(name, here.package, there.package)
        other = None if other_name is None else _of_kind(name, here, there).get(other_name)
        if other is None or other_name is None:
            yield from _missing(name, here, there)
            continue
        if (own.path, other.path) not in compared:
            compared.add((own.path, other.path))
            for finding in _changed(own, other):
                yield PackageFinding(here.package.shown(name), finding)
            yield from _keys(name, here.stores.get(name), there.stores.get(other_name), here)
        yield from _elsewhere(name, other, here, there)


def _of_kind(name: str, here: ReadPackage, there: ReadPackage) -> Mapping[str, FileRead]:
    """The images of the other package that are of the same kind as one of this."""
    if name in here.codes:
        return {each: code.file for each, code in there.codes.items()}
    if name in here.stores:
        return {each: store.file for each, store in there.stores.items()}
    return there.unified


def _missing(name: str, here: ReadPackage, there: ReadPackage) -> Iterator[PackageFinding]:
    if name in here.codes or there.package.form is Form.PAIR:
        return
    path = here.package.shown(name)
    if name in here.stores:
        text = (
            f"{path}: {there.package.name} has no variable store under this path: a domain that "
            "makes its store from this template does not start"
        )
        yield PackageFinding(path, Finding("template-missing", Severity.ERROR, text))
    else:
        text = (
            f"{path}: {there.package.name} has no unified image under this path: a machine that "
            "maps it (-bios, or as one chip) does not start"
        )
        yield PackageFinding(path, Finding("image-missing", Severity.ERROR, text))


def _changed(own: FileRead, other: FileRead) -> Iterator[Finding]:
    if own.size != other.size and own.format is not Format.JSON:
        text = (
            f"{other.path} measures {exact_size_text(other.size)}, it was "
            f"{exact_size_text(own.size)}: a running guest does not come from one to the other, "
            "and stores of the old size stay as they are"
        )
        yield Finding("size-changed", Severity.ERROR, text)
    if own.format is not other.format:
        text = (
            f"{other.path} is {other.format}, it was {own.format}: definitions declare a format, "
            f"and go on to call it {own.format}"
        )
        yield Finding("format-changed", Severity.ERROR, text)


def _keys(
    name: str, own: StoreRead | None, other: StoreRead | None, here: ReadPackage
) -> Iterator[PackageFinding]:
    """Machines made from a template have its keys, and Secure Boot on where it has some."""
    if own is None or other is None or own.file.sha256 == other.file.sha256:
        return
    had, has = _enrolled(own), _enrolled(other)
    if had == has:
        return
    text = (
        f"{other.path} holds no platform key any more: Secure Boot is off in machines made from it"
        if had
        else f"{other.path} holds a platform key now: machines made from it start signed programs "
        "only"
    )
    kind = "keys-lost" if had else "keys-gained"
    yield PackageFinding(here.package.shown(name), Finding(kind, Severity.ERROR, text))


def _enrolled(store: StoreRead) -> bool:
    return any(record.name == "PK" and record.data for record in read_store(store.data).live)


def _elsewhere(
    name: str, other: FileRead, here: ReadPackage, there: ReadPackage
) -> Iterator[PackageFinding]:
    """A link whose file is still there, and that leads to another one now."""
    own_name = here.package.own_name(name)
    if own_name == name:
        return
    same = counterpart(own_name, here.package, there.package)
    target = None if same is None else there.file(same)
    if target is None or target.sha256 == other.sha256:
        return
    path = here.package.shown(name)
    text = (
        f"{path} leads to {own_name} and under this path {there.package.name} has what is in "
        f"{other.path}: a domain that names it starts something else"
    )
    yield PackageFinding(path, Finding("link-elsewhere", Severity.ERROR, text))
