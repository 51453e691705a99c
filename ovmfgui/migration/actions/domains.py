"""Actions on a domain's definition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.flash.image import Format
from ovmfgui.migration.actions.stores import begin_with, make_private
from ovmfgui.migration.actions.where import defined_on, see_that_it_is_off
from ovmfgui.migration.simulation.domain import Q35, Chipset, Domain, FirmwareUse
from ovmfgui.migration.simulation.hosts import PRIVATE_FOLDER
from ovmfgui.migration.simulation.step_result import StepResult
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ovmfgui.migration.actions.performing import Perform
    from ovmfgui.migration.scenario.host import Package
    from ovmfgui.migration.simulation.hosts import SimulatedHost, Simulation


_BOARDS = {"q35": "q35", "pc": "pc", "i440fx": "pc"}
"""Machine types of x86 by what a scenario calls them."""


def definition(
    name: str, package: Package, host: SimulatedHost, arguments: Mapping[str, Any]
) -> Domain:
    """A domain that uses a package's firmware: CODE by its path, VARS as a private file.

    Raises:
        Refused: the arguments ask for what goes ill together.
    """
    asked = [flag for flag in ("rom", "stateless", "qcow2") if arguments.get(flag)]
    if len(asked) > 1:
        msg = f"{' and '.join(asked)} do not go together: one has no store of its own"
        raise Refused(msg)
    if package.board is not None and asked and asked != ["qcow2"]:
        msg = f"{asked[0]} is played on x86 machines alone"
        raise Refused(msg)
    chipset = _chipset(package, arguments)
    if "rom" in asked:
        return Domain(name, package.code_path, None, FirmwareUse.ROM, chipset=chipset)
    if "stateless" in asked:
        if package.unified:
            msg = "stateless wants CODE alone, and this package has a unified image"
            raise Refused(msg)
        return Domain(name, package.code_path, None, FirmwareUse.STATELESS, chipset=chipset)
    form = Format.QCOW2 if "qcow2" in asked else Format.RAW
    ending = "qcow2" if "qcow2" in asked else "fd"
    if package.unified:
        path, origin = f"{PRIVATE_FOLDER}/{name}.{ending}", f"{package.title} of {host.title}"
        return Domain(name, path, None, FirmwareUse.UNIFIED, origin, form=form, chipset=chipset)
    return Domain(
        name,
        package.code_path,
        f"{PRIVATE_FOLDER}/{name}_VARS.{ending}",
        template=package.template_path or "",
        form=form,
        board=package.board,
        chipset=chipset,
    )


def _chipset(package: Package, arguments: Mapping[str, Any]) -> Chipset:
    """What the definition says of the machine, as far as it says anything.

    Raises:
        Refused: there is no such machine.
    """
    board, no_smm = arguments.get("machine"), bool(arguments.get("no_smm"))
    if package.board is not None and (board is not None or no_smm):
        msg = "machine and no_smm are for x86; this package is made for Arm's virt"
        raise Refused(msg)
    known = _BOARDS.get("q35" if board is None else board)
    if known is None:
        msg = f'there is no machine "{board}" here; q35 and pc are played'
        raise Refused(msg)
    return Chipset(known, not no_smm)


def _define(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    host, name = simulation.host(arguments["host"]), arguments.get("domain", "vm1")
    if name in host.domains:
        msg = f'"{name}" is already defined on {host.title}; give the new domain another name'
        raise Refused(msg)
    package = simulation.package_on(host, arguments.get("package"))
    domain = definition(name, package, host, arguments)
    host.domains[name] = domain
    left = domain.private in host.files
    if domain.private is None or left:
        begin_with(simulation, host, domain)
    else:
        make_private(simulation, host, domain, package)
    text, consequence = _left_words(host, domain) if left else _DEFINED[domain.use](domain)
    if domain.chipset != Q35:
        text += f" Its machine is {domain.chipset.words}."
    yield StepResult(host.name, f"Define {name}", f"{name} {text}", consequence=consequence)


def _left_words(host: SimulatedHost, domain: Domain) -> tuple[str, str]:
    if domain.private is not None and host.files[domain.private].shared:
        return (
            f"names {domain.private}, which lies on shared storage and is there already.",
            "Whoever starts it goes on with the variables in it.",
        )
    return (
        f"is defined anew, and {domain.private} is there already: libvirt leaves it as it is.",
        "The new domain begins with the variables of the old one, keys and boot entries too.",
    )


def _split_words(domain: Domain) -> tuple[str, str]:
    form = ", in qcow2" if domain.form is Format.QCOW2 else ""
    return (
        f"names CODE by its path, {domain.code}; the template is copied to {domain.private}{form}, "
        "which is its own from now on.",
        "",
    )


def _unified_words(domain: Domain) -> tuple[str, str]:
    return (
        f"gets a private copy of the unified image as {domain.private}.",
        "CODE and variables share that file: a package upgrade does not reach it.",
    )


def _rom_words(domain: Domain) -> tuple[str, str]:
    return (
        f"has {domain.code} mapped as ROM (-bios, or <loader type='rom'>): there is no flash chip, "
        "and no file of its own.",
        "Whatever the guest saves is gone at power-off.",
    )


def _stateless_words(domain: Domain) -> tuple[str, str]:
    return (
        f"names CODE by its path, {domain.code}, and is declared stateless: it has no store.",
        "Nothing is saved, as asked for.",
    )


_DEFINED: Mapping[FirmwareUse, Callable[[Domain], tuple[str, str]]] = {
    FirmwareUse.SPLIT: _split_words,
    FirmwareUse.UNIFIED: _unified_words,
    FirmwareUse.ROM: _rom_words,
    FirmwareUse.STATELESS: _stateless_words,
}


def _switch(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    name, host = simulation.domain_name(arguments.get("domain")), simulation.host(arguments["host"])
    if name not in host.domains:
        msg = f'"{name}" is not defined on {host.title}; define it there or name another host'
        raise Refused(msg)
    see_that_it_is_off(simulation, name, "its firmware is switched")
    package = simulation.package_on(host, arguments.get("package"))
    old, gone = host.domains[name], len(simulation.known.get(name, {}))
    if old.private is None:
        msg = f'"{name}" has no store that could be switched; undefine it and define another'
        raise Refused(msg)
    simulation.remove_private(host, old.private)
    yield StepResult(
        host.name,
        "Delete the old store",
        f"{old.private} is deleted by hand: it was made for the other firmware.",
        ok=gone == 0,
        consequence=f"{count(gone, 'variable')} of {name} {'is' if gone == 1 else 'are'} lost: "
        "boot entries and keys have to be made again.",
    )
    new = definition(name, package, host, {"qcow2": old.form is Format.QCOW2})
    host.domains[name] = new
    make_private(simulation, host, new, package)
    yield StepResult(
        host.name,
        f"Point {name} at {package.title}",
        f"{new.private} is made afresh as a copy of the package's image."
        if new.unified
        else f"{name} now names {new.code}, and {new.private} is made afresh from the template.",
    )


def _undefine(simulation: Simulation, arguments: Mapping[str, Any]) -> Iterator[StepResult]:
    name = simulation.domain_name(arguments.get("domain"))
    host = defined_on(simulation, arguments, name)
    see_that_it_is_off(simulation, name, "it is undefined")
    _refuse_what_is_kept(host, name)
    path = host.domains.pop(name).private
    if path is None or path not in host.files:
        text, consequence = "There was no store of its own.", ""
    elif arguments.get("keep_nvram"):
        text = f"With --keep-nvram {path} stays where it is."
        consequence = "The next domain of this name on this host begins with it."
    else:
        simulation.remove_private(host, path)
        gone = len(simulation.known.get(name, {}))
        text = f"With --nvram {path} is deleted."
        consequence = f"{count(gone, 'variable')} went with it." if gone else ""
    text = f"The definition of {name} on {host.title} is removed. {text}"
    yield StepResult(host.name, f"Undefine {name}", text, consequence=consequence)


def _refuse_what_is_kept(host: SimulatedHost, name: str) -> None:
    """Raises ``Refused``: libvirt does not forget a domain that has something in keeping."""
    if any(kept.managed and kept.domain == name for kept in host.saved.values()):
        msg = (
            f'libvirt says of "{name}": Refusing to undefine while domain managed save image '
            "exists; start it and power it off first"
        )
        raise Refused(msg)
    number = sum(domain == name for domain, _ in host.snapshots)
    if number:
        msg = f'libvirt says of "{name}": cannot delete inactive domain with {number} snapshots'
        raise Refused(f"{msg}; a scenario cannot delete snapshots")


PERFORM: Mapping[str, Perform] = {
    "define": _define,
    "switch-firmware": _switch,
    "undefine": _undefine,
}
"""What carries out each action, by its name."""
