"""Everything that can be said of an opened image: map, store, both sides of the layout, verdict.

What reads and judges a store is loaded where there is one: a CODE alone does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass, replace
from ovmfgui.flash.image import Role
from ovmfgui.flash.region import Kind, Region
from ovmfgui.layout.expects import expectation
from ovmfgui.machine.opening import open_image, open_machine
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ovmfgui.finding import Finding
    from ovmfgui.flash.image import FlashFile, Format, Image
    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.pairing import Pairing
    from ovmfgui.layout.verdict import Expectation, Verdict
    from ovmfgui.machine.opening import OpenedMachine
    from ovmfgui.nvram.store import Store
    from ovmfgui.progress import Report


@dataclass(frozen=True)
class Inspection:
    """What was read of an image.

    Attributes:
        image: the files.
        map: the image's regions, the variable store's own among them; those of a file tile it.
        store: the variable store; None where the image has none.
        expects: what CODE expects; None where there is no CODE.
        provides: what the store provides; None where there is none.
        verdict: whether the two fit; None where not both are there.
        findings: all that was noticed, each once.
        machine: whose files these are, where a definition was opened; None for plain files.
    """

    image: Image
    map: tuple[Region, ...]
    store: Store | None
    expects: Expectation | None
    provides: Layout | None
    verdict: Verdict | None
    findings: tuple[Finding, ...]
    machine: OpenedMachine | None = None


def inspect(
    image: Image, expects: Expectation | None = None, machine: OpenedMachine | None = None
) -> Inspection:
    """Inspect an opened image.

    Args:
        image: the files.
        expects: what its CODE expects, where that is known: reading it takes the longest, and no
            edit of a store changes it.
        machine: whose files they are; None: plain files.
    """
    expects = expects or expectation(image)
    pair, verdict = _judged(image, expects, machine)
    store = pair.store if pair else _store(image)
    noticed = [*image.findings]
    if verdict is not None:
        noticed = [*verdict.findings, *noticed]
    else:
        noticed += expects.findings if expects else ()
        noticed += store.findings if store else ()
    provides = None
    if store is not None:
        from ovmfgui.layout.provides import provided
        from ovmfgui.nvram.file_lock import held_finding

        provides = provided(store)
        if (held := held_finding(image.files[store.space].path)) is not None:
            noticed.append(held)
    return Inspection(
        image,
        _mapped(_with_store(image, store), machine),
        store,
        expects,
        provides,
        verdict,
        _each_once(noticed),
        machine,
    )


def _judged(
    image: Image, expects: Expectation | None, machine: OpenedMachine | None
) -> tuple[Pairing | None, Verdict | None]:
    """CODE and store as a pair, and the verdict on them; None for what is not there."""
    if machine is None:
        if image.role not in (Role.PAIR, Role.UNIFIED):
            return None, None
        from ovmfgui.layout.fit import judge, pairing_of

        pair = pairing_of(image, expects)
        return pair, judge(pair) if pair else None
    # Plain files, which most commands are given, can do without what judges definitions.
    from ovmfgui.layout.machine_verdict import judge_machine
    from ovmfgui.layout.situation import Situation

    case = Situation(machine, expects)
    return case.pair, judge_machine(case, refuse_cut_off=False)


def inspect_files(
    paths: Sequence[str | Path], report: Report, *, beside: str | Path = ""
) -> Inspection:
    """Open files and inspect them, telling how far it is.

    Args:
        paths: one or two files.
        report: is called before each file, and before the verdict is worked out.
        beside: a file that is opened together with them where they make a pair; empty for none.

    Raises:
        Refused: they cannot be opened.
    """
    machine = open_machine(paths, report=report)
    if machine is not None:
        return with_secure_boot(inspect_machine(machine))
    image = _image_beside(beside, paths, report) if beside else open_image(paths, report)
    report(len(paths), len(paths) + 1, "reading what CODE expects and VARS provides")
    return with_secure_boot(inspect(image))


def with_secure_boot(found: Inspection) -> Inspection:
    """With what a check tells of Secure Boot beside the verdict; as it is where there is none."""
    if found.verdict is None or found.store is None or found.expects is None:
        return found
    from ovmfgui.layout.secure_boot_findings import secure_boot_findings

    machine = None if found.machine is None else found.machine.machine
    told = secure_boot_findings(found.store, found.expects, machine)
    new = (each for each in told if each not in found.findings)
    return replace(found, findings=(*found.findings, *new))


def inspect_machine(machine: OpenedMachine) -> Inspection:
    """A machine's inspection.

    Raises:
        Refused: none of its files can be read.
    """
    if machine.image is None:
        from ovmfgui.layout.machine_verdict import check_machine

        raise Refused(check_machine(machine).summary)
    return inspect(machine.image, machine=machine)


def _image_beside(beside: str | Path, paths: Sequence[str | Path], report: Report) -> Image:
    try:
        return open_image((beside, *paths), report)
    except Refused:
        return open_image(paths, report)


def with_store_bytes(inspection: Inspection, index: int, data: bytes) -> Inspection:
    """The inspection once file ``index``, which holds the store, has these bytes.

    What CODE expects cannot change by that and is kept: finding it out takes the longest.
    """
    return _with_file(inspection, index, replace(inspection.image.files[index], data=data))


def with_store_moved(inspection: Inspection, index: int, path: str, form: Format) -> Inspection:
    """The inspection of plain files once file ``index`` is another one of the same contents."""
    file = replace(inspection.image.files[index], path=path, format=form)
    return _with_file(inspection, index, file)


def _with_file(inspection: Inspection, index: int, file: FlashFile) -> Inspection:
    image = inspection.image
    files, spaces = list(image.files), list(image.spaces)
    files[index] = file
    spaces[index] = replace(spaces[index], name=file.path, data=file.data)
    image = replace(image, files=tuple(files), spaces=tuple(spaces))
    machine = inspection.machine
    if machine is not None:
        machine = machine.with_image(image, index)
    return with_secure_boot(inspect(image, inspection.expects, machine))


def _store(image: Image) -> Store | None:
    index = image.file_with(Role.VARS, Role.UNIFIED, Role.BLANK)
    if index is None:
        return None
    from ovmfgui.nvram.reading import read_store

    return read_store(image.files[index].data, space=index)


def _mapped(regions: tuple[Region, ...], machine: OpenedMachine | None) -> tuple[Region, ...]:
    """The map with the addresses at which a machine has its chips, whatever is in them."""
    if machine is None:
        return regions
    from ovmfgui.machine.addresses import addresses_of_files

    bases = addresses_of_files(machine)
    placed = []
    for region in regions:
        space = region.place.space
        base = bases[space] if space < len(bases) else None
        address = region.address if base is None else base + region.span.start
        placed.append(region if address == region.address else region.at_address(address))
    return tuple(placed)


def _with_store(image: Image, store: Store | None) -> tuple[Region, ...]:
    """The map with the NvData volume's regions as the variable store tells them."""
    if store is None:
        return image.map
    from ovmfgui.nvram.regions import json_region, nv_volume_region

    if store.json is not None:
        size = image.files[store.space].size
        rest = tuple(region for region in image.map if region.place.space != store.space)
        return (*rest, json_region(store, size))
    if store.volume is None:
        return image.map
    regions: list[Region] = []
    for region in image.map:
        matches = (
            region.kind is Kind.NV_VOLUME
            and region.place.space == store.space
            and region.span.start == store.volume.span.start
        )
        if matches:
            finer = nv_volume_region(store, image.files[store.space].data, region.address)
            if finer.span == region.span:
                region = replace(finer, guid=region.guid, fields=region.fields)
        regions.append(region)
    return tuple(regions)


def _each_once(findings: list[Finding]) -> tuple[Finding, ...]:
    """Flash and store parsers notice some of the same damage: one finding for one id and place."""
    seen: dict[object, Finding] = {}
    for finding in findings:
        start = finding.place and (finding.place.space, finding.place.span.start)
        seen.setdefault((finding.id, start), finding)
    return tuple(seen.values())
