"""From firmware to the kernel: the loaders on a medium, and what each makes of the next.

Firmware starts a loader; where that is shim, shim judges the one beside it, and is asked by grub
about the kernel. What a loader reads from file systems that are not on the medium is not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_KERNELS, MOST_LOADERS
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused
from ovmfgui.trust.binary import binary_of, judge
from ovmfgui.trust.boot_entries import loader_entries
from ovmfgui.trust.medium import opened_volumes
from ovmfgui.trust.shim import Shim, judge_by_shim, shim_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ovmfgui.trust.binary import Binary, Judgement
    from ovmfgui.trust.overview import Overview
    from ovmfgui.trust.volume import Volume

_DEFAULT = re.compile(
    r"/efi/boot/boot(x64|ia32|aa64|arm|riscv64|loongarch64)\.efi\Z", re.IGNORECASE
)
_LOADER = re.compile(r"/efi/(?:[^/]+/)+[^/]+\.efi\Z", re.IGNORECASE)
_HELPER = re.compile(r"/(?:mm|fb)(?:x64|ia32|aa64|arm|riscv64)\.efi[^/]*\Z", re.IGNORECASE)
_SECOND = re.compile(r"/(?:grub[^/]*|fb[^/]*)\.efi\Z", re.IGNORECASE)
_KERNEL = re.compile(r"/(?:vmlinuz[^/]*|linux|bzimage)\Z|/efi/linux/[^/]+\.efi\Z", re.IGNORECASE)
_ARCHITECTURE = re.compile(r"(x64|ia32|aa64|arm|riscv64|loongarch64)\.efi\Z", re.IGNORECASE)


class Stage(NamedTuple):
    """One step of a chain.

    Attributes:
        by: who judges: firmware or shim.
        path: of the loader, with the volume that it lies on.
        judgement: see ``Judgement``.
        kernel: whether it is one of the kernels that the loader may start.
    """

    by: str
    path: str
    judgement: Judgement
    kernel: bool = False


class Chain(NamedTuple):
    """What becomes of one loader that firmware can start.

    Attributes:
        stages: in order, as far as they are known.
        starts: whether every step starts; None where a step is not known.
        why: the step that decides, in a sentence.
        default: whether firmware takes it without a boot entry (\\EFI\\BOOT).
        entry: the boot entry of the store that names it; empty where none does.
    """

    stages: tuple[Stage, ...]
    starts: bool | None
    why: str
    default: bool
    entry: str = ""


class _Loader(NamedTuple):
    volume: Volume
    path: str
    binary: Binary

    @property
    def named(self) -> str:
        return f"{self.path} on {self.volume.name}"


class Loaders(NamedTuple):
    """The loaders of a medium, read.

    Attributes:
        first: what firmware may start, the default ones first.
        beside: every other, by volume and path.
        kernels: what grub may start.
        unread: what was not looked at or could not be read, and why, without a full stop.
        missing: paths, in small letters, of loaders and kernels among that.
        listed: whether all files of each volume are known.
    """

    first: tuple[_Loader, ...]
    beside: tuple[_Loader, ...]
    kernels: tuple[_Loader, ...]
    unread: tuple[str, ...]
    missing: frozenset[str] = frozenset()
    listed: bool = True

    def lacks(self, first: _Loader, path: str) -> bool:
        """Whether a file that is not among those beside a loader may be there all the same."""
        return path.lower() in self.missing or _folder(path) in first.volume.cut


def loaders_on(path: str) -> Loaders:
    """The loaders that lie on a medium.

    Raises:
        Refused: it is no medium, holds no loader, or what reads it is missing.
    """
    with opened_volumes(path) as volumes:
        found = _read(volumes)
    if not found.first:
        held = ", ".join(volume.name for volume in volumes)
        msg = f"{path} holds no loader: there is no .efi file below \\EFI ({held})"
        if found.unread:
            msg = f"no loader of {path} can be read: {found.unread[0]}"
        raise Refused(msg)
    return found


def _read(volumes: Sequence[Volume]) -> Loaders:
    loaders: list[_Loader] = []
    kernels: list[_Loader] = []
    unread: list[str] = []
    missing: set[str] = set()
    for volume in volumes:
        unread += volume.unread
        for path in _wanted(volume, _LOADER, MOST_LOADERS, unread, missing):
            _add(volume, path, kernels if _KERNEL.search(path) else loaders, unread, missing)
        for path in _wanted(volume, _KERNEL, MOST_KERNELS, unread, missing):
            if not _LOADER.search(path):
                _add(volume, path, kernels, unread, missing)
    # Two patterns may name one file, of which the first looked at it.
    missing -= {each.path.lower() for each in (*loaders, *kernels)}
    shims = {(id(each.volume), _folder(each.path)) for each in loaders if shim_in(each.binary)}
    first: list[_Loader] = []
    beside: list[_Loader] = []
    for each in loaders:
        second = (id(each.volume), _folder(each.path)) in shims and not shim_in(each.binary)
        (beside if second or _HELPER.search(each.path) else first).append(each)
    first.sort(key=lambda each: not _DEFAULT.search(each.path))
    listed = not any(volume.unread for volume in volumes)
    read = (tuple(first), tuple(beside), tuple(kernels))
    return Loaders(*read, tuple(unread), frozenset(missing), listed)


def _wanted(
    volume: Volume, pattern: re.Pattern[str], most: int, unread: list[str], missing: set[str]
) -> list[str]:
    found = [path for path in volume.files if pattern.search(path)]
    # The default loaders are never among those that are too many.
    found.sort(key=lambda path: (not _DEFAULT.search(path), path))
    if len(found) > most:
        first = found[most]
        unread.append(f"{first} and whatever follows on {volume.name}: {most} are looked at")
        missing.update(path.lower() for path in found[most:])
    return found[:most]


def _add(
    volume: Volume, path: str, into: list[_Loader], unread: list[str], missing: set[str]
) -> None:
    try:
        into.append(_Loader(volume, path, binary_of(path, volume.read(path))))
    except Refused as refusal:
        unread.append(str(refusal))
        missing.add(path.lower())


def _folder(path: str) -> str:
    return path.rpartition("/")[0].lower()


def chains_of(loaders: Loaders, seen: Overview) -> tuple[Chain, ...]:
    """What becomes of each loader that firmware can start, under a store's keys."""
    entries = list(loader_entries(seen.variables))
    names = {each.path.lower(): each.name for each in reversed(entries)}
    return tuple(
        _chain(each, loaders, seen)._replace(entry=names.get(each.path.lower(), ""))
        for each in loaders.first
    )


def _chain(first: _Loader, loaders: Loaders, seen: Overview) -> Chain:
    stages = [Stage("firmware", first.named, judge(first.binary, seen))]
    shim = shim_in(first.binary)
    note = ""
    if stages[0].judgement.starts and shim is not None:
        note = _behind_shim(first, shim, loaders, seen, stages)
    default = bool(_DEFAULT.search(first.path))
    kernels = [each for each in stages if each.kernel]
    # Of several kernels one that starts is enough.
    deciding = [each for each in stages if not each.kernel] + _best(kernels)
    stopped = next((each for each in deciding if not each.judgement.starts), None)
    if stopped is not None:
        why = f"{stopped.by} refuses {stopped.path}: {stopped.judgement.why}"
        if stopped.kernel and any(_KERNEL.search(path) for path in loaders.missing):
            why = f"not known: {why}, and other kernels were not looked at"
            return Chain(tuple(stages), None, why, default)
        return Chain(tuple(stages), stopped.judgement.starts, why, default)
    if note.startswith("not known"):
        return Chain(tuple(stages), None, note, default)
    why = f"{deciding[-1].path} starts: {deciding[-1].judgement.why}"
    return Chain(tuple(stages), True, f"{why}{f'; {note}' if note else ''}", default)


def _best(kernels: list[Stage]) -> list[Stage]:
    good = [each for each in kernels if each.judgement.starts]
    return (good or kernels)[:1]


def _behind_shim(
    first: _Loader, shim: Shim, loaders: Loaders, seen: Overview, stages: list[Stage]
) -> str:
    """Add what shim starts, and what that starts; what is to be said besides."""
    second = _second(first, loaders)
    for name in _second_names(first.path):
        path = f"{first.path.rpartition('/')[0]}/{name}"
        if second is not None and second.path.lower() == path.lower():
            break
        if loaders.lacks(first, path):
            return f"not known: shim starts {name} beside it, which was not looked at"
    if second is None:
        return (
            f"not known: shim starts {_second_name(first.path)} beside it, which is not on "
            f"{first.volume.name}"
        )
    stages.append(Stage("shim", second.named, judge_by_shim(second.binary, shim, seen)))
    if "/fb" in second.path.lower():
        return "it starts what the BOOT*.CSV files name, and makes boot entries of them"
    if not stages[-1].judgement.starts:
        return ""
    for kernel in loaders.kernels:
        judged = judge_by_shim(kernel.binary, shim, seen, by_protocol=True)
        stages.append(Stage("shim, asked by it,", kernel.named, judged, True))
    return "" if loaders.kernels else "the kernel that it starts is not on this medium"


def _second_name(path: str) -> str:
    found = _ARCHITECTURE.search(path)
    return f"grub{found[1].lower() if found else 'x64'}.efi"


def _second(first: _Loader, loaders: Loaders) -> _Loader | None:
    """What shim starts: beside it fallback, in \\EFI\\BOOT, else grub (shim.c, DEFAULT_LOADER)."""
    near = [
        each
        for each in loaders.beside
        if each.volume is first.volume and _folder(each.path) == _folder(first.path)
    ]
    by_name = {each.path.rpartition("/")[2].lower(): each for each in near}
    names = _second_names(first.path)
    return next((by_name[name] for name in names if name in by_name), None)


def _second_names(path: str) -> tuple[str, ...]:
    grub = _second_name(path)
    return (grub.replace("grub", "fb"), grub) if _DEFAULT.search(path) else (grub,)


def overall(chains: Sequence[Chain], loaders: Loaders, seen: Overview) -> Chain:
    """The chain that decides: of the first boot entry that names one, else the default, or any.

    Where that one was not looked at, it is not known whether it starts.
    """
    default = next((each for each in chains if each.default), None)
    read = {each.path.lower() for each in loaders.beside}
    for entry in loader_entries(seen.variables):
        for each in chains:
            if each.entry == entry.name:
                return each
        path = entry.path.lower()
        if path in loaders.missing or not (loaders.listed or path in read):
            why = f"not known: {entry.name} names {entry.path}, which was not looked at"
            return (default or chains[0])._replace(starts=None, why=why)
    if default is None and (
        not loaders.listed or any(_DEFAULT.search(path) for path in loaders.missing)
    ):
        why = "not known: the loader that firmware takes by itself was not looked at"
        return chains[0]._replace(starts=None, why=why)
    return default or chains[0]


def lines_of(chains: Sequence[Chain]) -> Iterator[str]:
    """Each chain for a terminal: the answer, then its steps by number."""
    signs = {True: "✔ starts", False: "✖ does not start", None: "? not known"}
    for chain in chains:
        named = f" by {chain.entry}" if chain.entry else ""
        yield f"{signs[chain.starts]}{named}: {chain.why}"
        for number, stage in enumerate(chain.stages, 1):
            answer = signs[stage.judgement.starts][2:]
            yield f"{number}. {stage.by} → {stage.path}: {answer}, {stage.judgement.why}"
