"""A CODE image and a VARS chip put together as a virtual machine has them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.finding import Severity
from ovmfgui.flash.placement import BOARDS, PC_BLOCK_SIZE
from ovmfgui.layout.constants import FACTS, Layout
from ovmfgui.layout.foreign import foreign_findings
from ovmfgui.layout.overlap import Overlap, overlaps
from ovmfgui.layout.provides import provided
from ovmfgui.layout.verdict import Difference
from ovmfgui.layout.words import FACT_NAMES, value_text
from ovmfgui.nvram.locating import Located, nv_volumes
from ovmfgui.nvram.reading import read_store

if TYPE_CHECKING:
    from ovmfgui.finding import Finding
    from ovmfgui.flash.image import Architecture
    from ovmfgui.flash.placement import Board
    from ovmfgui.layout.verdict import Expectation
    from ovmfgui.nvram.store import Store

# What QemuFlashDetected (OvmfPkg/QemuFlashFvbServicesRuntimeDxe/QemuFlash.c) cannot use for its
# probe: it looks in the first block for a byte that is none of these.
_PROBE_BLIND = bytes([0x00, 0x50, 0x70])
_BOUNDARIES = ("variable_size", "ftw_working_offset", "ftw_spare_offset")


class _StoreRead:
    """A store, and what of another layout lies in it, looked for when it is asked for."""

    def __init__(self, data: bytes, space: int, start: int | None) -> None:
        self._data = data
        self.store = read_store(data, space=space, start=start)

    @cached_property
    def foreign(self) -> tuple[Finding, ...]:
        return foreign_findings(self.store, self._data)


class _OneFile:
    """A store that meets many CODE images one after another is read once for all of them.

    The readings of one file are kept, for the places at which it was read: ARM's have 64 MiB.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._read: dict[tuple[int, int | None], _StoreRead] = {}

    def at(self, space: int, start: int | None) -> _StoreRead:
        read = self._read.get((space, start))
        if read is None:
            read = self._read[space, start] = _StoreRead(self.data, space, start)
        return read


_last = [_OneFile(b"")]


def _store_at(data: bytes, space: int, start: int | None) -> _StoreRead:
    file = _last[0]
    if file.data != data:
        file = _last[0] = _OneFile(data)
    return file.at(space, start)


@dataclass(frozen=True)
class Pairing:
    """What the rules of the verdict look at.

    Attributes:
        expects: what CODE expects.
        architecture: what CODE runs on.
        code_size: bytes of the CODE chip.
        vars_data: the VARS chip's contents (of a unified image: all of it).
        vars_space: the space that findings about VARS are placed in.
        unified: whether CODE and store lie in one file, on one chip.
        code_data: the CODE chip's contents; empty where only its size is known.
        padding: bytes on the CODE chip in front of what the build made.
    """

    expects: Expectation
    architecture: Architecture | None
    code_size: int
    vars_data: bytes
    vars_space: int
    unified: bool = False
    code_data: bytes = b""
    padding: int = 0

    @property
    def x86(self) -> bool:
        """Whether the chips end at 4 GiB."""
        return self.architecture is not None and self.architecture.is_x86

    @property
    def board(self) -> Board | None:
        """The machine type, where its chips lie at fixed addresses."""
        return BOARDS.get(self.architecture) if self.architecture is not None else None

    @property
    def expected(self) -> Layout:
        """The constants that CODE was built with."""
        return self.expects.layout

    @property
    def vars_size(self) -> int:
        """Bytes of the VARS chip."""
        return len(self.vars_data)

    @property
    def window_offset(self) -> int:
        """Where in the VARS file the firmware looks for the store, in bytes from its start.

        On x86 the chip ends where the CODE chip begins, so a larger file is seen from its far end;
        padding in front of CODE moves what is seen towards CODE, past the file's end at worst. In
        a unified image the store lies where the padding in front of it ends.
        """
        if self.unified:
            return self.padding
        length = self.expected.fv_length or 0
        return max(0, self.vars_size + self.padding - length) if self.x86 else 0

    @property
    def store_on_code_chip(self) -> bool:
        """Whether firmware looks for the store in the padding on the CODE chip."""
        return not self.unified and self.x86 and self.window_offset >= self.vars_size > 0

    @property
    def without_reset_vector(self) -> bool:
        """Whether an x86 processor starts in padding: in the last 16 bytes below 4 GiB.

        Intel SDM volume 3, section 9.1.4, First Instruction Executed.
        """
        tail = self.code_data[-16:]
        return self.x86 and len(tail) == 16 and len(set(tail)) == 1 and tail[0] in (0x00, 0xFF)

    @property
    def padding_behind(self) -> int:
        """Bytes of fill at the end of the CODE chip, in whole flash blocks."""
        data, fill = self.code_data, self.code_data[-1:]
        return (len(data) - len(data.rstrip(fill))) // PC_BLOCK_SIZE * PC_BLOCK_SIZE

    @cached_property
    def store(self) -> Store:
        """The store where the firmware looks for it; what the file holds where none is there."""
        if self.seen.volume is not None:
            return self.seen
        return _store_at(self.vars_data, self.vars_space, None).store

    @cached_property
    def seen(self) -> Store:
        """The store where the firmware looks for it."""
        return self._read.store

    @cached_property
    def foreign(self) -> tuple[Finding, ...]:
        """What firmware of another layout left in the store."""
        read = self._read
        if read.store.volume is None:
            read = _store_at(self.vars_data, self.vars_space, None)
        return read.foreign

    @cached_property
    def _read(self) -> _StoreRead:
        data = self.vars_data
        if self.x86 and self.padding and not self.unified:
            data += self.code_data[: self.padding]
        return _store_at(data, self.vars_space, self.window_offset)

    @cached_property
    def held(self) -> Located | None:
        """A whole store of the length that CODE expects that lies elsewhere in the file."""
        found = [each for each in nv_volumes(self.vars_data) if each.offset != self.window_offset]
        return next((each for each in found if each.fv_length == self.expected.fv_length), None)

    @cached_property
    def held_variables(self) -> int:
        """How many variables that store holds; 0 where there is none."""
        if self.held is None:
            return 0
        return len(read_store(self.vars_data, start=self.held.offset).live)

    @cached_property
    def provided(self) -> Layout | None:
        """The constants of the store in the file."""
        return provided(self.store)

    @property
    def too_small(self) -> bool:
        """Whether an x86 firmware finds nothing where it expects the store."""
        length = self.expected.fv_length
        return self.x86 and length is not None and self.vars_size < length

    @cached_property
    def unseen_by_probe(self) -> bool:
        """Whether the x86 flash driver takes the chip for something other than flash."""
        block = self.expected.block_size or 0x1000
        first = self.vars_data[self.window_offset : self.window_offset + block]
        return self.x86 and not first.strip(_PROBE_BLIND)

    def noticed(self, *findings: str) -> bool:
        """Whether reading the store where the firmware looks gave one of these findings."""
        return any(finding.id in findings for finding in self.seen.findings)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The constants that nothing in CODE tells, or about which its witnesses disagree.

        There may be no event log to have an offset.
        """
        told, disputed = self.expected.facts(), self.expects.disputed
        return tuple(
            fact
            for fact, value in told.items()
            if (value is None and fact != "event_log_offset") or fact in disputed
        )

    @property
    def unknown_boundaries(self) -> tuple[str, ...]:
        """Those without which nobody can say whether regions of the two run into one another."""
        return tuple(fact for fact in self.unknown if fact in ("fv_length", *_BOUNDARIES))

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The errors in the store where the firmware looks for it."""
        return tuple(f for f in self.seen.findings if f.severity is Severity.ERROR)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """The constants that both sides have and do not agree on."""
        provides = self.provided
        if provides is None:
            return ()
        found: list[Difference] = []
        for fact in FACTS:
            expected, there = getattr(self.expected, fact), getattr(provides, fact)
            if expected is None or there is None or expected == there:
                continue
            # The block map of a store that VirtNorFlashDxe made covers the whole chip; it compares
            # no block size either.
            text = (
                f"{FACT_NAMES[fact]}: CODE expects {value_text(expected)}, "
                f"VARS has {value_text(there)}"
            )
            found.append(Difference(fact, expected, there, text))
        return tuple(found)

    def differs(self, *facts: str) -> bool:
        """Whether CODE and VARS differ in one of these constants."""
        return any(difference.fact in facts for difference in self.differences)

    @property
    def region_too_large(self) -> bool:
        """Whether the store's variable region is larger than what CODE sets memory aside for."""
        expected = self.expected.variable_size
        there = self.provided.variable_size if self.provided else None
        return expected is not None and there is not None and there > expected

    @cached_property
    def overlaps(self) -> tuple[Overlap, ...]:
        """Bytes on whose meaning the two do not agree, where their volumes are equally long."""
        provides = self.provided
        if provides is None or not self.other_boundaries or self.differs("fv_length"):
            return ()
        return overlaps(self.expected, provides, self.store)

    @property
    def other_boundaries(self) -> bool:
        """Whether regions inside volumes of equal length end elsewhere."""
        return self.differs(*_BOUNDARIES)
