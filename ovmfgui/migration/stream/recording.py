"""A recorded migration as a whole: elements in order, chips and contents out of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ovmfgui.finding import Finding, Severity
from ovmfgui.migration.stream.devices import ChipSection, chip_section, read_body, run_state
from ovmfgui.migration.stream.ram import Ram
from ovmfgui.migration.stream.source import StreamEnded
from ovmfgui.migration.stream.structures import COMMANDS, MAGIC, VERSION, Element
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.migration.stream.source import Source
    from ovmfgui.pflash.contents import Pages

MAX_SECTIONS = 100_000
MAX_DESCRIPTION = 64 << 20


@dataclass(frozen=True, slots=True)
class StreamBlock:
    """A RAM block: name and size in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class FlashContents:
    """What a flash chip's RAM block holds."""

    name: str
    contents: Pages


@dataclass(frozen=True, slots=True)
class Recording:
    """What a recorded migration holds of the flash.

    Attributes:
        format: "qemu", "mapped-ram" or "libvirt"; "live" where a running QEMU was looked at.
        machine: the machine type ("pc-q35-7.2"); empty where it is not said.
        run_state: the source's; empty where it is not said.
        blocks: every RAM block, in the stream's order.
        chips: the device state of the flash chips.
        flash: their contents.
        findings: what is not as it should be.
    """

    format: str
    machine: str
    run_state: str
    blocks: tuple[StreamBlock, ...]
    chips: tuple[ChipSection, ...]
    flash: tuple[FlashContents, ...]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class StreamReader:
    """Goes through a stream's elements and keeps what they say of the flash."""

    source: Source
    ram: Ram = field(default_factory=Ram)
    machine: str = ""
    state: str = ""
    sections: dict[int, tuple[str, int]] = field(default_factory=dict)
    chips: list[ChipSection] = field(default_factory=list)
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
        for _ in range(MAX_SECTIONS):
            kind = self.source.number(1)
            if kind == Element.EOF:
                return
            if kind == Element.CONFIGURATION:
                self._configuration()
            elif kind == Element.COMMAND:
                self._command()
            elif kind in (Element.SECTION_START, Element.SECTION_FULL):
                self._section(self.source.number(4), self.source.name(), self.source.number(4))
            elif kind in (Element.SECTION_PART, Element.SECTION_END):
                section = self.source.number(4)
                self._body(section, *self.sections.get(section, ("", 0)))
            else:
                at = self.source.offset - 1
                self._note("stream-element", f"unknown element 0x{kind:02X} at 0x{at:X}")
                return

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

    def _configuration(self) -> None:
        """The machine's name, and subsections whose kinds are known."""
        self.machine = self.source.take(min(self.source.number(4), 0x1000)).decode(
            "ascii", "replace"
        )
        while self.source.peek(1)[:1] == bytes((Element.SUBSECTION,)):
            self.source.skip(1)
            name = self.source.name()
            self.source.skip(4)
            if name == "configuration/target-page-bits":
                self.ram.page_size = 1 << min(self.source.number(4), 20)
            elif name == "configuration/capabilities":
                names = {self.source.name() for _ in range(min(self.source.number(4), 256))}
                self.ram.ignore_shared = "x-ignore-shared" in names
                self.ram.mapped = "mapped-ram" in names
                if "multifd" in names and not self.ram.mapped:
                    msg = "its memory was sent with multifd (pages on other connections); record "
                    raise Refused(f"{msg}the migration again without that")
            elif name == "configuration/uuid":
                self.source.skip(16)
            else:
                self._note("stream-configuration", f"unknown part {name} of the configuration")
                return

    def _command(self) -> None:
        command, length = self.source.number(2), self.source.number(2)
        if command in COMMANDS:
            msg = (
                f"this is a {COMMANDS[command]} migration, which goes both ways; record a plain one"
            )
            raise Refused(msg)
        self.source.skip(length)

    def _note(self, ident: str, text: str) -> None:
        self.findings.append(
            Finding(ident, Severity.WARNING, f"The stream has an {text}; what follows is not read.")
        )


def read_recording(source: Source, form: str = "qemu") -> Recording:
    """Read a stream from its magic on.

    Args:
        source: at the stream's start.
        form: "qemu" or "libvirt".

    Raises:
        Refused: it is no stream, or one of a kind that cannot be read.
    """
    reading = StreamReader(source)
    try:
        reading.read()
    except StreamEnded as ended:
        text = f"The stream is cut off at 0x{ended.offset:X}; shown is what came before."
        reading.findings.append(Finding("stream-cut-off", Severity.ERROR, text))
    ram = reading.ram
    return Recording(
        "mapped-ram" if ram.mapped and form == "qemu" else form,
        reading.machine,
        reading.state,
        tuple(StreamBlock(block.name, block.size) for block in ram.blocks.values()),
        tuple(sorted(reading.chips, key=lambda chip: chip.instance)),
        tuple(
            FlashContents(block.name, block.array.snapshot())
            for block in ram.blocks.values()
            if block.array is not None
        ),
        tuple(reading.findings),
    )
