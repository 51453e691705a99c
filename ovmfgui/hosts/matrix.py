"""Every CODE against every variable store, and the machines that definitions make."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.flash.decompress import begin_unpacking
from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.source import read_file
from ovmfgui.flash.standard_input import STANDARD_INPUT
from ovmfgui.layout.expects import expectation
from ovmfgui.layout.fit import judge
from ovmfgui.layout.machine_verdict import check_machine
from ovmfgui.layout.modules import front_padding
from ovmfgui.layout.pairing import Pairing
from ovmfgui.machine.definition import is_definition, read_definition
from ovmfgui.machine.folder import PassedOver, looked_through
from ovmfgui.machine.host_tree import tree_of
from ovmfgui.machine.opening import open_machine
from ovmfgui.nvram.reading import read_store
from ovmfgui.progress import silent
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ovmfgui.flash.image import Architecture
    from ovmfgui.layout.verdict import Expectation, Verdict
    from ovmfgui.machine.opening import OpenedMachine
    from ovmfgui.progress import Report


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file that was read, without its contents: path, SHA-256 and bytes of the flash in it."""

    path: str
    sha256: str
    size: int
    format: Format


@dataclass(frozen=True, slots=True)
class Code:
    """A CODE image, read once for all the stores that it meets; its contents are let go.

    ``padding`` is in bytes, in front of what the build made; ``kept`` is what a verdict looks at:
    all of an x86 image with padding at an end, else the last 16 bytes, where an x86 starts.
    """

    file: FileRead
    architecture: Architecture | None
    expects: Expectation
    padding: int
    kept: bytes

    @property
    def path(self) -> str:
        """Path of its file."""
        return self.file.path

    @property
    def size(self) -> int:
        """Bytes of its chip."""
        return self.file.size


@dataclass(frozen=True, slots=True)
class StoreRead:
    """A variable store; stores are mostly empty, so hundreds are kept packed."""

    file: FileRead
    blank: bool
    packed: bytes

    @property
    def path(self) -> str:
        """Path of its file."""
        return self.file.path

    @property
    def size(self) -> int:
        """Bytes of its chip."""
        return self.file.size

    @property
    def data(self) -> bytes:
        """The bytes of its chip, unpacked at each call."""
        return zlib.decompress(self.packed)


@dataclass(frozen=True, slots=True)
class MachineVerdict:
    """What becomes of the machine that a definition makes, at its next power-on."""

    path: str
    machine: OpenedMachine
    verdict: Verdict


@dataclass(frozen=True)
class Gathered:
    """What was found in files, folders and definitions.

    ``passed_over`` has everything that the rest says nothing of, with its reason; unified images,
    which are no side of a pair, are among it.
    """

    codes: tuple[Code, ...]
    stores: tuple[StoreRead, ...]
    definitions: tuple[str, ...]
    passed_over: tuple[PassedOver, ...]
    unified: tuple[FileRead, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """The verdicts; ``cells[i][j]`` is on ``codes[i]`` with ``stores[j]``."""

    codes: tuple[Code, ...]
    stores: tuple[StoreRead, ...]
    cells: tuple[tuple[Verdict, ...], ...]
    machines: tuple[MachineVerdict, ...]
    passed_over: tuple[PassedOver, ...]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """All of them, the machines' last."""
        return (*(v for row in self.cells for v in row), *(m.verdict for m in self.machines))


def verdict_on(code: Code, data: bytes) -> Verdict:
    """The verdict on one CODE with a store's contents."""
    pair = Pairing(
        code.expects,
        code.architecture,
        code.size,
        data,
        vars_space=1,
        code_data=code.kept,
        padding=code.padding,
    )
    return judge(pair)


def matrix(
    paths: Sequence[str | Path],
    report: Report = silent,
    *,
    all_pairs: bool = False,
    root: str | None = None,
) -> Matrix:
    """Judge every CODE against every store, and every machine that is defined.

    Args:
        paths: what to look at; a folder stands for all in it and below it.
        report: told of progress as (done, total, what), in files; may raise to cancel.
        all_pairs: whether the files that definitions name meet every other one too, and not only
            each other.
        root: the tree of the host that the definitions are from.

    Raises:
        Refused: nothing to compare.
    """
    found = gather(paths, report, all_pairs=all_pairs, root=root)
    machines, failed = _machines(found.definitions, root)
    codes, stores = found.codes, found.stores
    passed_over = (*found.passed_over, *failed)
    if not (machines or (codes and stores)):
        missing = "CODE image" if not codes else "variable store"
        more = f" ({passed_over[0].line})" if passed_over else ""
        where = ", ".join(map(str, paths))
        msg = f"there is no {missing} in {where}{more}; name one, or its folder"
        raise Refused(msg)
    return Matrix(codes, stores, _cells(codes, stores), machines, passed_over)


def _cells(
    codes: tuple[Code, ...], stores: tuple[StoreRead, ...]
) -> tuple[tuple[Verdict, ...], ...]:
    """A store at a time, each read once; equal files are judged once."""
    known: dict[tuple[str, str], Verdict] = {}
    for store in {store.file.sha256: store for store in stores}.values():
        data = store.data
        for code in codes:
            key = code.file.sha256, store.file.sha256
            if key not in known:
                known[key] = verdict_on(code, data)
    return tuple(
        tuple(known[code.file.sha256, store.file.sha256] for store in stores) for code in codes
    )


def _machines(
    definitions: Iterable[str], root: str | None
) -> tuple[tuple[MachineVerdict, ...], tuple[PassedOver, ...]]:
    machines: list[MachineVerdict] = []
    failed: list[PassedOver] = []
    for path in definitions:
        try:
            opened = open_machine([path], root)
            assert opened is not None
            machines.append(MachineVerdict(path, opened, check_machine(opened)))
        except Refused as refusal:
            failed.append(PassedOver(path, str(refusal), failed=True))
    return tuple(machines), tuple(failed)


def gather(
    paths: Sequence[str | Path],
    report: Report = silent,
    *,
    all_pairs: bool = False,
    root: str | None = None,
) -> Gathered:
    """The CODE images and the stores, each file once whatever links lead to it.

    Args:
        paths: files, folders, definitions.
        report: told of progress, in files; may raise to cancel.
        all_pairs: whether to read what definitions name beside what was named itself.
        root: the tree of the host that the definitions are from.
    """
    files, definitions, passed_over = _sorted_out(paths)
    if all_pairs:
        files += [path for each in definitions for path in files_of(each, root)]
    named = frozenset(map(str, paths))
    return gather_files(files, definitions, passed_over, named=named, report=report)


def gather_files(
    files: Sequence[str],
    definitions: Sequence[str],
    passed: Iterable[PassedOver],
    *,
    named: frozenset[str] = frozenset(),
    known: dict[str, Code] | None = None,
    report: Report = silent,
) -> Gathered:
    """What files hold that were looked for already.

    Args:
        files: which may be images.
        definitions: of machines.
        passed: what was passed over before.
        named: those that a person named: what is no image among them is a failure.
        known: CODE that was read before, by SHA-256; what is read is put there.
        report: told of progress, in files; may raise to cancel.
    """
    gathering = _Gathering([], [], [], list(passed), {} if known is None else known)
    found = _each_once(files)
    for index, path in enumerate(found):
        report(index, len(found), f"reading {path}")
        # The other core unpacks the next while this one is read.
        begin_unpacking(*found[index + 1 : index + 2])
        gathering.read(path, named=path in named)
    return Gathered(
        tuple(gathering.codes),
        tuple(gathering.stores),
        tuple(definitions),
        tuple(gathering.passed_over),
        tuple(gathering.unified),
    )


@dataclass(frozen=True, slots=True)
class _Gathering:
    """What was found so far; see ``Gathered``. ``known`` is CODE by its SHA-256."""

    codes: list[Code]
    stores: list[StoreRead]
    unified: list[FileRead]
    passed_over: list[PassedOver]
    known: dict[str, Code]

    def read(self, path: str, *, named: bool) -> None:
        """Look into one file; its contents, 64 MiB on ARM, are let go before the next is read."""
        try:
            file = read_file(path)
        except Refused as refusal:
            failed = named or ".fd" in Path(path).name.lower() or _system(refusal)
            self.passed_over.append(PassedOver(path, str(refusal), failed))
            return
        read = FileRead(path, file.sha256, file.size, file.format)
        if file.role is Role.VARS and (why := _cut_off(file)):
            self.passed_over.append(PassedOver(path, why, failed=True))
        elif file.role in (Role.VARS, Role.BLANK):
            packed = zlib.compress(file.data, 1)
            self.stores.append(StoreRead(read, file.role is Role.BLANK, packed))
        elif file.role is Role.CODE:
            self.codes.append(_code(file, read, self.known))
        else:
            self.unified.append(read)
            reason = "is a unified image: CODE and store are in one file already"
            self.passed_over.append(PassedOver(path, reason))


def _system(refusal: Refused) -> bool:
    """Whether the system did not let a file be read."""
    return isinstance(refusal.__cause__, OSError) or "does not exist" in str(refusal)


def _code(file: FlashFile, read: FileRead, known: dict[str, Code]) -> Code:
    same = known.get(read.sha256)
    if same is None:
        image = image_of([file])
        expects = expectation(image)
        assert expects is not None
        padding = front_padding(image.map, unified=False)
        tail = file.data[-16:]
        # Elsewhere what is beside the build decides nothing, and its chips have 64 MiB.
        x86 = image.architecture is not None and image.architecture.is_x86
        kept = file.data if x86 and (padding or len(set(tail)) == 1) else tail
        same = Code(read, image.architecture, expects, padding, kept)
        known[read.sha256] = same
    return replace(same, file=read)


def _cut_off(file: FlashFile) -> str:
    """Why no verdict on a store would be worth anything; empty where it is whole."""
    volume = read_store(file.data).volume
    if volume is None or volume.fv_length <= file.size or not volume.checksum_ok:
        return ""
    return f"is cut off: its volume says 0x{volume.fv_length:X} bytes, it holds 0x{file.size:X}"


def _sorted_out(paths: Sequence[str | Path]) -> tuple[list[str], list[str], list[PassedOver]]:
    """Files, definitions, and what the folders hold besides."""
    files: list[str] = []
    definitions: list[str] = []
    passed_over: list[PassedOver] = []
    for path in map(str, paths):
        if Path(path).is_dir():
            found = looked_through(path)
            files.extend(found.images)
            definitions.extend(found.definitions)
            passed_over.extend(found.passed_over)
        else:
            (definitions if is_definition(path) else files).append(path)
    return files, definitions, passed_over


def files_of(definition: str, root: str | None = None) -> list[str]:
    """The files that a definition's machine has: CODE, and its store or the template of it."""
    try:
        machine = read_definition(definition, root)
    except Refused:
        return []
    if machine is None:
        return []
    tree = tree_of("" if definition == STANDARD_INPUT else definition, root)
    firmware = "" if machine.firmware is None else tree.path(machine.firmware.path)
    store = tree.path(machine.store.path) if machine.store.path else ""
    if not Path(store).is_file() and machine.store.template:
        store = tree.path(machine.store.template)
    return [path for path in (firmware, store) if path and Path(path).is_file()]


def _each_once(paths: Sequence[str]) -> tuple[str, ...]:
    """Each file once, under its own name rather than a link's where both were found."""
    chosen: dict[Path, str] = {}
    for path in paths:
        real = Path(os.path.realpath(path))
        if real not in chosen or real.name == Path(path).name:
            chosen[real] = path
    return tuple(chosen.values())
