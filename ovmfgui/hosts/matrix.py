"""Every CODE against every variable store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.flash.image import FlashFile, Image, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.source import read_file
from ovmfgui.layout.expects import expectation
from ovmfgui.layout.fit import judge
from ovmfgui.layout.pairing import Pairing
from ovmfgui.machine.locating import located
from ovmfgui.progress import silent
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.layout.verdict import Expectation, Verdict
    from ovmfgui.progress import Report


@dataclass(frozen=True)
class Code:
    """A CODE image, read once for all the stores that it meets."""

    image: Image
    expects: Expectation

    @property
    def path(self) -> str:
        """The path of its file, or of the first of them."""
        return self.image.files[0].path

    @property
    def size(self) -> int:
        """Bytes of its chip."""
        return self.image.files[0].size


@dataclass(frozen=True)
class Matrix:
    """The verdicts; ``cells[i][j]`` is on ``codes[i]`` with ``stores[j]``.

    ``passed_over`` has one line for every file that is neither.
    """

    codes: tuple[Code, ...]
    stores: tuple[FlashFile, ...]
    cells: tuple[tuple[Verdict, ...], ...]
    passed_over: tuple[str, ...]


def verdict_on(code: Code, store: FlashFile) -> Verdict:
    """The verdict on one of each."""
    pair = Pairing(code.expects, code.image.architecture, code.size, store.data, vars_space=1)
    return judge(pair)


def matrix(paths: Sequence[str | Path], report: Report = silent) -> Matrix:
    """Judge every CODE against every store that is found in files, folders and descriptors.

    Args:
        paths: what to look at; a folder stands for the images in it, not below it.
        report: told of progress as (done, total, what), in files; may raise to cancel.

    Raises:
        Refused: nothing to compare.
    """
    codes, stores, passed_over = gather(paths, report)
    if not codes or not stores:
        missing = "CODE image" if not codes else "variable store"
        msg = f"there is no {missing} in {', '.join(map(str, paths))}; name one, or its folder"
        raise Refused(msg)
    cells = tuple(tuple(verdict_on(code, store) for store in stores) for code in codes)
    return Matrix(codes, stores, cells, passed_over)


def gather(
    paths: Sequence[str | Path], report: Report = silent
) -> tuple[tuple[Code, ...], tuple[FlashFile, ...], tuple[str, ...]]:
    """The CODE images and the stores, each file once whatever links lead to it."""
    codes: list[Code] = []
    stores: list[FlashFile] = []
    passed_over: list[str] = []
    found = _files(paths)
    for index, path in enumerate(found):
        report(index, len(found), f"reading {path}")
        try:
            file = read_file(path)
        except Refused as refusal:
            passed_over.append(str(refusal))
            continue
        if file.role in (Role.VARS, Role.BLANK):
            stores.append(file)
        elif file.role is Role.CODE:
            codes.append(_code(file))
        else:
            passed_over.append(f"{path} is a unified image: CODE and store are in one file already")
    return tuple(codes), tuple(stores), tuple(passed_over)


def _code(file: FlashFile) -> Code:
    image = image_of([file])
    expects = expectation(image)
    assert expects is not None
    return Code(image, expects)


def _files(paths: Sequence[str | Path]) -> tuple[str, ...]:
    """Each file once, under its own name rather than a link's where both were found."""
    chosen: dict[Path, str] = {}
    for offer in located(paths):
        for path in offer.paths:
            real = Path(path).resolve()
            if real not in chosen or real.name == Path(path).name:
                chosen[real] = path
    return tuple(chosen.values())


@dataclass(frozen=True)
class PackagePair:
    """A CODE and a template of one package folder that belong together."""

    code: Code
    store: FlashFile


def package_pairs(folder: str | Path) -> tuple[PackagePair, ...]:
    """The pairs of a package: each CODE with the stores that fit it, or with all where none does.

    Raises:
        Refused: the folder holds no pair.
    """
    codes, stores, _passed_over = gather([folder])
    pairs: list[PackagePair] = []
    for code in codes:
        fitting = [s for s in stores if verdict_on(code, s).fit.well]
        pairs.extend(PackagePair(code, store) for store in fitting or stores)
    if not pairs:
        msg = f"{folder} holds no CODE with a variable store"
        raise Refused(msg)
    return tuple(pairs)
