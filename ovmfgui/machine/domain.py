"""libvirt domain XML: the machine that a domain's definition makes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError

from ovmfgui.machine.autoselection import Wish, choose
from ovmfgui.machine.command_line import machine_of_arguments
from ovmfgui.machine.descriptors import descriptor_folders, installed_descriptors
from ovmfgui.machine.domain_store import default_store, store_of, with_known_template
from ovmfgui.machine.model import (
    NO_STORE,
    Firmware,
    Kind,
    Machine,
    Mapping,
    Statement,
    StoreKind,
    StoreSource,
    WithoutUefi,
    qemu_architecture,
)
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ovmfgui.machine.descriptors import Descriptor
    from ovmfgui.machine.host_tree import HostTree

_QEMU_NAMESPACE = "{http://libvirt.org/schemas/domain/qemu/1.0}"
_YES_NO = {"yes": True, "no": False, "on": True, "off": False}
_LOADER_TYPES = {"pflash": Mapping.FLASH, "rom": Mapping.ROM}
_LOADER_SAYS = {"readonly", "secure", "type", "format", "stateless"}


def parse_domain(path: str, raw: bytes, tree: HostTree) -> Machine:
    """The machine of a domain's XML, inactive or live, or wrapped in a snapshot or a status file.

    Args:
        path: of the definition, for messages.
        raw: its bytes.
        tree: the host's files, whose descriptors decide where libvirt chooses the firmware.

    Raises:
        Refused: it is no domain of a machine with UEFI.
    """
    domain = _domain_in(path, raw)
    system = domain.find("os")
    if system is None:
        msg = f"{path} is a libvirt domain without <os>: it says nothing of firmware"
        raise Refused(msg)
    reader = _Reader(path, domain, system, tree)
    return reader.machine()


def _domain_in(path: str, raw: bytes) -> Element:
    # Imported here: XML is for one kind of input, and a short start for all.
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(raw)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        msg = f"{path} is no libvirt domain XML: {error}"
        raise Refused(" ".join(msg.split())) from error
    wrapped = root if root.tag == "domain" else root.find(".//domain")
    if wrapped is None:
        msg = f"{path} is XML, but no libvirt domain"
        raise Refused(msg)
    return wrapped


def _yes(value: str | None) -> bool | None:
    return _YES_NO.get(value or "")


class _Reader:
    """Reads one domain; gathers what it does not understand."""

    def __init__(self, path: str, domain: Element, system: Element, tree: HostTree) -> None:
        self.path, self.domain, self.system, self.tree = path, domain, system, tree
        self.name = " ".join((domain.findtext("name") or "").split())
        self.odd: list[Statement] = []
        self.notes: list[str] = []
        kind = system.find("type")
        self.architecture = qemu_architecture(kind.get("arch") if kind is not None else None)
        self.board = kind.get("machine") if kind is not None else None
        self.loader = system.find("loader")

    def machine(self) -> Machine:
        """The machine, or a refusal where it starts without UEFI."""
        self._refuse_other_firmware()
        made = self._autoselected() if self._chooses_itself() else self._named()
        return self._with_passed_arguments(made)

    def _attribute(self, name: str) -> str | None:
        return None if self.loader is None else self.loader.get(name)

    def _refuse_other_firmware(self) -> None:
        chosen = self.system.get("firmware")
        path = (self.loader.text or "").strip() if self.loader is not None else ""
        if chosen not in (None, "", "efi", "bios"):
            self.odd.append(Statement(f"firmware='{chosen}'", "which firmware starts"))
        virtual = (self.system.findtext("type") or "hvm").strip()
        if virtual != "hvm":
            msg = f"{self.path}: {self.name or 'the domain'} is of type {virtual}, without firmware"
            raise WithoutUefi(msg)
        if chosen == "bios" or (chosen is None and not path and not _passes_firmware(self.domain)):
            what = "SeaBIOS" if self.architecture in ("x86_64", "i386", None) else "no firmware"
            msg = (
                f"{self.path}: {self.name or 'the domain'} names no loader and no firmware='efi': "
                f"it starts with {what}, without UEFI; there is no variable store to judge"
            )
            raise WithoutUefi(msg)

    def _chooses_itself(self) -> bool:
        """Whether libvirt picks the image: nothing is named, or it was not resolved yet."""
        return self.system.get("firmware") == "efi" and not self._loader_path()

    def _loader_path(self) -> str:
        return (self.loader.text or "").strip() if self.loader is not None else ""

    def _wish(self) -> Wish:
        features = tuple(
            (each.get("name", ""), each.get("enabled") == "yes")
            for each in self.system.findall("firmware/feature")
        )
        nvram = self.system.find("nvram")
        pm = self.domain.find("pm")
        wakes = () if pm is None else tuple(_wakes(pm))
        security = self.domain.find("launchSecurity")
        return Wish(
            self.architecture or "x86_64",
            self.board or "pc",
            features,
            _yes(self._attribute("secure")),
            _yes(self._attribute("stateless")),
            self._loader_path(),
            self._attribute("type") or "",
            self._attribute("format"),
            None if nvram is None else nvram.get("format"),
            wakes,
            "" if security is None else security.get("type", ""),
        )

    def _descriptors(self) -> tuple[Descriptor, ...]:
        return installed_descriptors(descriptor_folders(tree=self.tree))

    def _autoselected(self) -> Machine:
        wish = self._wish()
        chosen = choose(wish, self._descriptors())
        if chosen is None:
            where = "this host" if self.tree.is_this_machine else self.tree.root
            asked = ", ".join(f"{name} {'on' if on else 'off'}" for name, on in wish.features)
            what = f"firmware='efi' for {wish.architecture} {wish.board}"
            why = f"no firmware descriptor of {where} matches{f' ({asked})' if asked else ''}"
            return self._made(None, NO_STORE, (*self.odd, Statement(what, why)))
        self.notes.append(
            f"libvirt chooses the firmware of {chosen.path} for this domain: {chosen.executable}."
        )
        smm = self._smm()
        requires = "requires-smm" in chosen.features
        if requires and smm is None:
            smm = True
        self._note_smm_off(chosen, requires=requires, smm=smm)
        flash = chosen.device == "flash"
        firmware = Firmware(
            Mapping.FLASH if flash else Mapping.ROM,
            chosen.executable,
            chosen.formats[0] if flash else None,
            readonly=True,
        )
        store = self._store_of_chosen(chosen, stateless=bool(wish.stateless))
        made = self._made(firmware, store, tuple(self.odd), smm=smm)
        secure = made.secure or (requires and wish.secure is not False) or None
        return _replaced(made, secure=secure)

    def _store_of_chosen(self, chosen: Descriptor, *, stateless: bool) -> StoreSource:
        if chosen.uefi_vars is not None or self.system.find("varstore") is not None:
            return store_of(self.system, self.name, template=chosen.uefi_vars or "")
        if chosen.device != "flash" or stateless:
            return NO_STORE
        found = store_of(self.system, self.name, template=chosen.template)
        if found.how is not StoreKind.NONE:
            return _with_format(found, chosen.formats[1])
        form = chosen.formats[1]
        return default_store(self.name, form, template=chosen.template, template_format=form)

    def _note_smm_off(self, chosen: Descriptor, *, requires: bool, smm: bool | None) -> None:
        if requires and smm is False:
            self.odd.append(
                Statement(
                    "<smm state='off'/>",
                    f"libvirt chooses {chosen.executable}, which requires SMM, and then refuses to "
                    "start: “domain has SMM turned off but chosen firmware requires it”",
                )
            )

    def _named(self) -> Machine:
        path = self._loader_path()
        if not path:
            return self._made(None, NO_STORE, tuple(self.odd))
        how = self._how()
        self._note_loader()
        stateless = _yes(self._attribute("stateless"))
        firmware = Firmware(
            how,
            path,
            (self._attribute("format") or "raw") if how is Mapping.FLASH else None,
            readonly=_yes(self._attribute("readonly")),
        )
        store = store_of(self.system, self.name)
        if how is Mapping.FLASH and not stateless:
            if store.how is StoreKind.NONE and firmware.readonly:
                store = default_store(self.name)
            store = with_known_template(store, path, self._descriptors)
        return self._made(firmware, store, tuple(self.odd), smm=self._smm())

    def _how(self) -> Mapping:
        """``type`` of the loader; without one libvirt takes a read-only image for flash."""
        said = self._attribute("type")
        if said is None:
            stateless = self._attribute("stateless")
            flash = self.system.find("nvram") is not None or stateless is not None
            return Mapping.FLASH if flash or self._attribute("secure") == "yes" else Mapping.ROM
        if said not in _LOADER_TYPES:
            self.odd.append(Statement(f"<loader type='{said}'>", "how the image is mapped"))
        return _LOADER_TYPES.get(said, Mapping.FLASH)

    def _note_loader(self) -> None:
        assert self.loader is not None
        for name in sorted(set(self.loader.keys()) - _LOADER_SAYS):
            text = f"<loader {name}='{self.loader.get(name)}'>"
            self.odd.append(Statement(text, "an attribute that is not known here"))

    def _smm(self) -> bool | None:
        return _yes(_state(self.domain.find("features/smm")))

    def _made(
        self,
        firmware: Firmware | None,
        store: StoreSource,
        odd: Iterable[Statement],
        smm: bool | None = None,
    ) -> Machine:
        return Machine(
            kind=Kind.LIBVIRT,
            name=self.name,
            architecture=self.architecture,
            board=self.board,
            smm=smm if smm is not None else self._smm(),
            stateless=_yes(self._attribute("stateless")),
            secure=_yes(self._attribute("secure")),
            firmware=firmware,
            store=store,
            not_understood=tuple(odd),
            notes=tuple(self.notes),
            source=self.path,
        )

    def _with_passed_arguments(self, made: Machine) -> Machine:
        """``<qemu:commandline>``: what is passed to QEMU past libvirt."""
        passed = [
            each.get("value", "")
            for each in self.domain.findall(f"{_QEMU_NAMESPACE}commandline/{_QEMU_NAMESPACE}arg")
        ]
        return machine_of_arguments(passed, made) if passed else made


def _passes_firmware(domain: Element) -> bool:
    found = domain.findall(f"{_QEMU_NAMESPACE}commandline/{_QEMU_NAMESPACE}arg")
    words = " ".join(each.get("value", "") for each in found)
    return "pflash" in words or "-bios" in words


def _wakes(pm: Element) -> Iterator[str]:
    for tag, state in (("suspend-to-mem", "s3"), ("suspend-to-disk", "s4")):
        found = pm.find(tag)
        if found is not None and found.get("enabled") == "yes":
            yield state


def _state(element: Element | None) -> str | None:
    """The ``state`` of a feature; a feature that merely stands there is on."""
    return None if element is None else element.get("state", "on")


def _with_format(store: StoreSource, form: str) -> StoreSource:
    from ovmfgui.dataclass import replace

    return replace(
        store, format=store.format or form, template_format=store.template_format or form
    )


def _replaced(machine: Machine, *, secure: bool | None) -> Machine:
    from ovmfgui.dataclass import replace

    return replace(machine, secure=secure)
