"""libvirt domain XML: the machine that a domain's definition makes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError

from ovmfgui.machine.autoselection import Wish, choose
from ovmfgui.machine.boards import X86, default_board, default_processor
from ovmfgui.machine.command_line import architecture_of_program, machine_of_arguments
from ovmfgui.machine.descriptors import descriptor_folders, installed_descriptors
from ovmfgui.machine.domain_store import default_store, store_of, with_known_template
from ovmfgui.machine.domain_words import odd_words
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
_YES_NO = {"yes": True, "no": False}
_ON_OFF = {"on": True, "off": False}
_HYPERVISORS = (None, "qemu", "kvm", "hvf")
"""Types of ``<domain>`` that QEMU runs; the others have firmware of their own."""
_LOADER_TYPES = {"pflash": Mapping.FLASH, "rom": Mapping.ROM}


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


class _Reader:
    """Reads one domain; gathers what it does not understand."""

    def __init__(self, path: str, domain: Element, system: Element, tree: HostTree) -> None:
        self.path, self.domain, self.system, self.tree = path, domain, system, tree
        self.name = " ".join((domain.findtext("name") or "").split())
        self.odd: list[Statement] = []
        self.refusals: list[str] = []
        self.notes: list[str] = []
        kind = system.find("type")
        self.architecture = qemu_architecture(
            kind.get("arch") if kind is not None else None
        ) or architecture_of_program(domain.findtext("devices/emulator") or "")
        self.board = (kind.get("machine") if kind is not None else None) or self._default_board()
        self.loader = system.find("loader")
        self.stateless = self._switch("loader", self._attribute("stateless"), "stateless")
        self.secure = self._switch("loader", self._attribute("secure"), "secure")
        self.readonly = self._switch("loader", self._attribute("readonly"), "readonly")
        self.smm = self._switch("smm", _state(domain.find("features/smm")), "state", _ON_OFF)

    def machine(self) -> Machine:
        """The machine, or a refusal where it starts without UEFI."""
        self._refuse_other_firmware()
        self._note_hypervisor()
        self.odd.extend(odd_words(self.system))
        self._note_refusals()
        made = self._autoselected() if self._chooses_itself() else self._named()
        return self._with_passed_arguments(made)

    def _default_board(self) -> str | None:
        """Where no machine type is named: libvirt takes ``pc`` on x86 (seen, 9.0)."""
        if self.architecture in (*X86, None):
            return default_board(self.architecture)
        words = "libvirt 9.0 takes the emulator's first machine type, newer ones take virt"
        self.odd.append(Statement("<type> without machine=", words))
        return None

    def _switch(
        self, element: str, value: str | None, name: str, words: dict[str, bool] = _YES_NO
    ) -> bool | None:
        """A setting of two values; any other is refused (seen, libvirt 9.0)."""
        if value is not None and value not in words:
            said = f"“Invalid value for attribute '{name}' in element '{element}': '{value}'”"
            self.refusals.append(f"<{element} {name}='{value}'> is no setting: {said}")
        return words.get(value or "")

    def _note_hypervisor(self) -> None:
        for each in self.domain.iter(f"{_QEMU_NAMESPACE}device"):
            if "pflash" in each.get("alias", ""):
                text = f"<qemu:device alias='{each.get('alias')}'>"
                self.odd.append(Statement(text, "it changes a flash chip"))
        kind = self.domain.get("type")
        if kind not in _HYPERVISORS:
            self.odd.append(Statement(f"<domain type='{kind}'>", "a hypervisor other than QEMU"))

    def _note_refusals(self) -> None:
        """What libvirt does not let in (seen, 9.0: “Failed to define domain”)."""
        if self.system.find("type") is None:
            self.refusals.append("“an os <type> must be specified”")
        if self.stateless and self.system.find("nvram") is not None:
            self.refusals.append("“NVRAM is not permitted when loader is stateless”")
        if not self.secure:
            return
        q35 = "q35" in (self.board or "q35")
        if not q35 or self.architecture not in ("x86_64", None):
            self.refusals.append("“Secure boot is supported with q35 machine types only”")
        elif self.smm is False:
            self.refusals.append("“Secure boot requires SMM feature enabled”")
        elif self.smm is None and self._loader_path():
            why = (
                "libvirt 9.0 refuses it, “Secure boot requires SMM feature enabled”; newer ones "
                "switch SMM on where a descriptor names the image"
            )
            self.odd.append(Statement("<loader secure='yes'> without <smm state='on'/>", why))

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
            self.secure,
            self.stateless,
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
        if self.readonly is False:
            why = "libvirt 9.0 refuses it with firmware='efi', newer ones want a combined image"
            self.odd.append(Statement("<loader readonly='no'>", why))
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
        smm = self.smm
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
        firmware = Firmware(
            how,
            path,
            (self._attribute("format") or "raw") if how is Mapping.FLASH else None,
            readonly=self.readonly,
        )
        store = store_of(self.system, self.name)
        if how is Mapping.ROM and store.how not in (StoreKind.NONE, StoreKind.UEFI_VARS):
            self.notes.append(
                f"{store.path} is not mapped: libvirt maps a store beside a loader of type pflash "
                "alone."
            )
            store = NO_STORE
        if how is Mapping.FLASH and not self.stateless:
            if store.how is StoreKind.NONE and firmware.readonly:
                store = default_store(self.name)
            store = with_known_template(store, path, self._descriptors)
        return self._made(firmware, store, tuple(self.odd))

    def _how(self) -> Mapping:
        """``type`` of the loader; without one it is a ROM, whatever else is said of it.

        virDomainDefPostParseOs, libvirt's src/conf/domain_postparse.c; seen on 9.0.
        """
        said = self._attribute("type")
        if said is None:
            return Mapping.ROM
        if said not in _LOADER_TYPES:
            self.odd.append(Statement(f"<loader type='{said}'>", "how the image is mapped"))
        return _LOADER_TYPES.get(said, Mapping.FLASH)

    def _processor(self) -> str | None:
        """The model, where one is named; libvirt leaves the choice to QEMU otherwise."""
        model = " ".join((self.domain.findtext("cpu/model") or "").split())
        if model or self.domain.find("cpu") is not None:
            return model or None
        accelerator = "tcg" if self.domain.get("type") == "qemu" else "kvm"
        return default_processor(self.architecture, self.board, accelerator)

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
            smm=smm if smm is not None else self.smm,
            stateless=self.stateless,
            secure=self.secure,
            firmware=firmware,
            store=store,
            processor=self._processor(),
            refusals=tuple(self.refusals),
            not_understood=(*odd, *self._encrypted(firmware, store)),
            notes=tuple(self.notes),
            source=self.path,
        )

    def _encrypted(self, firmware: Firmware | None, store: StoreSource) -> Iterator[Statement]:
        security = self.domain.find("launchSecurity")
        flash = firmware is not None and firmware.how is Mapping.FLASH
        if security is not None and flash and store.how is not StoreKind.NONE:
            text = f"<launchSecurity type='{security.get('type', '')}'>"
            yield Statement(text, "flash of an encrypted guest was never watched")

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
