"""Machines of hosts, opened and judged: each file and each distinct CODE is read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.flash.image import Role
from ovmfgui.flash.opening import image_of
from ovmfgui.hosts.kept_codes import contents_key
from ovmfgui.hosts.stores_read import StoresRead
from ovmfgui.layout.expects import expectation
from ovmfgui.layout.machine_verdict import judge_machine
from ovmfgui.layout.situation import Situation
from ovmfgui.machine.chips import ChipFile, Problem, read_firmware
from ovmfgui.machine.domain import parse_domain
from ovmfgui.machine.opening import OpenedMachine, image_of_chips, read_store_of

if TYPE_CHECKING:
    from ovmfgui.flash.image import FlashFile, Image
    from ovmfgui.hosts.host import Host
    from ovmfgui.hosts.kept_codes import KeptCodes
    from ovmfgui.layout.verdict import Expectation, Verdict
    from ovmfgui.machine.model import Firmware, Machine


class MachineReading:
    """Opens machines on hosts and keeps what many of them share."""

    def __init__(self, kept: KeptCodes | None = None) -> None:
        self._kept = kept
        self._firmware: dict[tuple[str, Firmware], ChipFile] = {}
        self._codes: dict[str, tuple[Image, Expectation | None]] = {}
        self._stores = StoresRead()
        # By identity; the file is kept beside its digest, so that no other takes its number.
        self._keys: dict[int, tuple[FlashFile, str]] = {}
        self._digests: dict[int, tuple[FlashFile, str]] = {}

    @property
    def distinct_codes(self) -> int:
        """How many CODE images were read."""
        return len(self._codes)

    def machine(self, xml: bytes, source: str, host: Host) -> Machine:
        """The machine that a domain's XML makes on a host.

        Raises:
            Refused: it is no domain with UEFI.
        """
        return parse_domain(source, xml, host.tree)

    def opened(self, machine: Machine, host: Host, store: ChipFile | None = None) -> OpenedMachine:
        """A machine with its files on a host read.

        Args:
            machine: as it is there.
            host: whose files it has.
            store: one that comes along; None: what lies on the host.
        """
        firmware = None if machine.firmware is None else self._read(machine.firmware, host)
        if store is not None:
            there: bool | None = True
        else:
            there, store = read_store_of(
                machine, host.tree, self._stores.store, self._stores.template
            )
            there, store = _as_known(there, store, machine, host)
        return OpenedMachine(
            machine, host.tree, firmware, store, there, self._image(firmware, store)
        )

    def verdict(self, opened: OpenedMachine, *, refuse_cut_off: bool = True) -> Verdict:
        """What happens when it starts.

        Args:
            opened: the machine.
            refuse_cut_off: whether a store of which a part is missing is refused, or judged.

        Raises:
            Refused: its store is cut off.
        """
        return judge_machine(Situation(opened, self.expects(opened)), refuse_cut_off=refuse_cut_off)

    def expects(self, opened: OpenedMachine) -> Expectation | None:
        """What the CODE of a machine expects; None where there is no CODE to ask."""
        if opened.image is None:
            return None
        known = self._known(opened.image)
        return known[1] if known is not None else expectation(opened.image)

    def sha256(self, chip: ChipFile) -> str:
        """Of what the guest sees of a file; reckoned once of an image that many share."""
        assert chip.file is not None
        if chip.file.role is not Role.CODE:
            return chip.file.sha256
        known = self._digests.get(id(chip.file))
        if known is None:
            known = (chip.file, chip.file.sha256)
            self._digests[id(chip.file)] = known
        return known[1]

    def _key(self, file: FlashFile) -> str:
        """Of an image's contents; reckoned once of one that many share."""
        known = self._keys.get(id(file))
        if known is None:
            known = (file, contents_key(file.data))
            self._keys[id(file)] = known
        return known[1]

    def _read(self, firmware: Firmware, host: Host) -> ChipFile:
        key = (host.tree.root, firmware)
        if key not in self._firmware:
            self._firmware[key] = _unless_unseen(read_firmware(firmware, host.tree), host)
        return self._firmware[key]

    def _known(self, image: Image) -> tuple[Image, Expectation | None] | None:
        return next((known for known in self._codes.values() if known[0] is image), None)

    def _image(self, firmware: ChipFile | None, store: ChipFile | None) -> Image | None:
        """That of CODE alone where it is CODE: the verdict asks no more of an image."""
        file = None if firmware is None else firmware.file
        if file is None or file.role not in (Role.CODE, Role.UNIFIED):
            return image_of_chips(firmware, store)
        key = self._key(file)
        if key not in self._codes:
            self._codes[key] = self._code(key, file)
        return self._codes[key][0]

    def _code(self, key: str, file: FlashFile) -> tuple[Image, Expectation | None]:
        kept = None if self._kept is None else self._kept.get(key, file)
        if kept is not None:
            return kept
        image = image_of([file])
        expects = expectation(image)
        if self._kept is not None:
            self._kept.put(key, image, expects)
        return image, expects


def _unless_unseen(chip: ChipFile, host: Host) -> ChipFile:
    """A file that the folder of a host lacks is missing only if it was looked for."""
    if chip.problem is not Problem.MISSING:
        return chip
    why = host.unseen(chip.named)
    return replace(chip, problem=Problem.NOT_READ, words=why) if why else chip


def _as_known(
    there: bool | None, store: ChipFile | None, machine: Machine, host: Host
) -> tuple[bool | None, ChipFile | None]:
    """The store, where it may exist without having been collected."""
    if there is not False or store is None:
        return there, store
    why = host.unseen(machine.store.path) if machine.store.path else ""
    if why:
        path = machine.store.path
        return None, ChipFile(path, host.tree.path(path), Problem.NOT_READ, why)
    return there, _unless_unseen(store, host)
