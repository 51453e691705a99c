"""A stream's elements in order, and what they say of the flash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_MACHINE, MOST_SECTIONS
from ovmfgui.dataclass import dataclass, field
from ovmfgui.finding import Finding, Severity
from ovmfgui.migration.stream.devices import ChipSection, chip_section, read_body, run_state
from ovmfgui.migration.stream.ram import Ram
from ovmfgui.migration.stream.structures import (
    MAGIC,
    POSTCOPY_ADVISE,
    UNREADABLE,
    VERSION,
    Element,
)
from ovmfgui.migration.stream.uefi_vars import DEVICES, UefiVars, read_uefi_vars
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.migration.stream.source import Source

_PAGE_BITS = range(10, 17)
"""Bits of an address in a page, of any of QEMU's targets (TARGET_PAGE_BITS)."""


@dataclass(slots=True)
class StreamReader:
    """Goes through a stream's elements and keeps what they say of the flash.

    Attributes:
        memory_began: whether pages have come.
        memory_ended: whether all that were to come have.
        ended: whether the stream was read to its end.
    """

    source: Source
    ram: Ram = field(default_factory=Ram)
    machine: str = ""
    state: str = ""
    memory_began: bool = False
    memory_ended: bool = False
    ended: bool = False
    sections: dict[int, tuple[str, int]] = field(default_factory=dict)
    chips: list[ChipSection] = field(default_factory=list)
    services: list[UefiVars] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def read(self) -> None:
        """Read from the magic on, to the stream's end.

        Raises:
            Refused: it is no stream, or one of a kind that cannot be read.
            StreamEnded: it ends before its end.
        """
        head = bytes(self.source.peek(8)[:8])
        if head[:4] != MAGIC:
            msg = "no migration stream of QEMU begins here (the bytes QEVM are missing)"
            raise Refused(msg)
        version = int.from_bytes(head[4:], "big")
        if version != VERSION:
            msg = f"a migration stream of version {version}; known is version {VERSION}"
            raise Refused(msg)
        self.source.skip(8)
        self._elements()

    def _elements(self) -> None:
        for _ in range(MOST_SECTIONS):
            kind = self.source.number(1)
            if kind == Element.EOF:
                self.ended = True
                return
            if kind == Element.CONFIGURATION:
                self._configuration()
            elif kind == Element.COMMAND:
                self._command()
            elif kind in (Element.SECTION_START, Element.SECTION_FULL):
                # Whole devices come behind the memory, though not all of a kind say that it ended
                # (a background snapshot has no END); a few come before its pages.
                self.memory_ended |= kind == Element.SECTION_FULL and self.memory_began
                self._section(self.source.number(4), self.source.name(), self.source.number(4))
            elif kind in (Element.SECTION_PART, Element.SECTION_END):
                section = self.source.number(4)
                name, instance = self.sections.get(section, ("", 0))
                self._body(section, name, instance)
                self.memory_began |= name == "ram"
                self.memory_ended |= name == "ram" and kind == Element.SECTION_END
            else:
                at = self.source.offset - 1
                self._stop("stream-element", f"an unknown element 0x{kind:02X} at 0x{at:X}")
                return
        self._stop("stream-sections", f"more than {MOST_SECTIONS:,} sections")

    def _section(self, section: int, name: str, instance: int) -> None:
        self.source.skip(4)
        self.sections[section] = (name, instance)
        self._body(section, name, instance)

    def _body(self, section: int, name: str, instance: int) -> None:
        if name == "ram":
            self.ram.read(self.source)
            if self.source.peek(1)[:1] == bytes((Element.SECTION_FOOTER,)):
                self.source.skip(5)
            return
        body = read_body(self.source, section, self.sections)
        if name == "pflash_cfi01":
            chip = chip_section(instance, body)
            if chip is not None:
                self.chips.append(chip)
        elif name == "globalstate":
            self.state = run_state(body)
        elif name in DEVICES:
            self._service(name, body)

    def _service(self, name: str, body: bytes) -> None:
        service = read_uefi_vars(name, body)
        if service is not None:
            self.services.append(service)
            return
        text = (
            f"The guest keeps its variables in QEMU's {name} device, and the device's state is in "
            "a form that is not known; read the device's JSON file instead."
        )
        self.findings.append(Finding("stream-uefi-vars", Severity.ERROR, text))

    def _configuration(self) -> None:
        """The machine's name, and subsections whose kinds are known."""
        length = self.source.number(4)
        if length > MOST_MACHINE:
            msg = f"it is damaged: a machine's name of {length:,} bytes"
            raise Refused(msg)
        self.machine = self.source.take(length).decode("ascii", "replace")
        while self.source.peek(1)[:1] == bytes((Element.SUBSECTION,)):
            self.source.skip(1)
            name = self.source.name()
            self.source.skip(4)
            if name == "configuration/target-page-bits":
                self._page_bits(self.source.number(4))
            elif name == "configuration/capabilities":
                names = {self.source.name() for _ in range(min(self.source.number(4), 256))}
                self.ram.ignore_shared = "x-ignore-shared" in names
                self.ram.mapped = "mapped-ram" in names
                self.ram.multifd = "multifd" in names and not self.ram.mapped
            elif name == "configuration/uuid":
                self.source.skip(16)
            else:
                msg = f"its configuration has a part that is not known ({name})"
                raise Refused(msg)

    def _page_bits(self, bits: int) -> None:
        if bits not in _PAGE_BITS:
            msg = f"it is damaged: pages of 2^{bits} bytes"
            raise Refused(msg)
        self.ram.page_size = 1 << bits

    def _command(self) -> None:
        command, length = self.source.number(2), self.source.number(2)
        if command in UNREADABLE:
            msg = f"its memory comes in two ways from here on: {UNREADABLE[command]}; record a "
            raise Refused(msg + "migration without that")
        # With dirty-bitmaps alone it has no body, and no page sizes follow.
        self.ram.postcopy |= command == POSTCOPY_ADVISE and length > 0
        self.source.skip(length)

    def _stop(self, ident: str, what: str) -> None:
        text = f"The stream has {what}; what follows is not read."
        self.findings.append(Finding(ident, Severity.ERROR, text))
