"""What ``ovmfgui inspect`` prints: the inspection as JSON and as text."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.budgets import MOST_ROWS
from ovmfgui.cli.as_json import JsonView, layout, plain, print_json
from ovmfgui.cli.console import print_findings, print_table, say
from ovmfgui.flash.opening import describe_role
from ovmfgui.flash.region import Kind
from ovmfgui.guid import guid_name
from ovmfgui.layout.words import FACT_NAMES, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ovmfgui.flash.region import Region
    from ovmfgui.layout.inspection import Inspection

_OUTLINE = (Kind.HEADER, Kind.VARIABLE, Kind.DEAD_VARIABLE)


def print_inspection_json(inspection: Inspection, digests: Mapping[str, str]) -> None:
    """Print the inspection as JSON; ``digests`` has each file's SHA-256 by its path."""
    print_json(_as_json(inspection, digests))


def _as_json(inspection: Inspection, digests: Mapping[str, str]) -> dict[str, object]:
    image = inspection.image
    view = JsonView(image)
    files = [
        {"path": f.path, "size": f.size, "sha256": digests[f.path], "format": str(f.format)}
        for f in image.files
    ]
    machine = inspection.machine
    about: dict[str, object] = {}
    if machine is not None:
        from ovmfgui.cli.machine_json import machine_json

        about["machine"] = machine_json(machine)
    return about | {
        "image": {
            "role": str(image.role),
            "architecture": plain(image.architecture and str(image.architecture)),
            "files": files,
        },
        "map": view.regions(inspection.map),
        "expects": view.expects(inspection.expects),
        "provides": layout(inspection.provides),
        "findings": view.findings(inspection.findings),
    }


def print_inspection(inspection: Inspection, depth: int) -> None:
    """Print the map down to ``depth`` levels, both layouts and the findings."""
    image = inspection.image
    for file in image.files:
        say(f"{file.path}: {describe_role(file.role)}, {file.size:,} bytes")
    if image.architecture is not None:
        say(f"Firmware for {image.architecture}")
    rows = [("guest address", "offset", "size", "used", "")]
    listed = chain.from_iterable(_rows(region, 0, depth) for region in inspection.map)
    rows.extend(islice(listed, MOST_ROWS))
    more = sum(1 for _ in listed)
    print()
    print_table(rows, right=frozenset({0, 1, 2, 3}))
    if more:
        say(f"  … and {more:,} more (--json has them all)")
    _print_layouts(inspection)
    print_findings(inspection.findings)


def _rows(region: Region, level: int, depth: int) -> Iterator[tuple[str, str, str, str, str]]:
    used = "" if region.used is None else f"{100 * region.used / max(region.span.size, 1):.0f} %"
    address = "" if region.address is None else f"0x{region.address:08X}"
    yield (
        address,
        f"0x{region.span.start:X}",
        f"0x{region.span.size:X}",
        used,
        f"{'  ' * level}{region.name}",
    )
    if level + 1 < depth:
        for child in region.children:
            if child.kind not in _OUTLINE:
                yield from _rows(child, level + 1, depth)


def _print_layouts(inspection: Inspection) -> None:
    expects, provides = inspection.expects, inspection.provides
    if expects is None and provides is None:
        return
    rows = [("", *(["CODE expects"] if expects else []), *(["VARS provides"] if provides else []))]
    for fact, name in FACT_NAMES.items():
        row = [name]
        for constants in (expects and expects.layout, provides):
            if constants is not None:
                value = getattr(constants, fact)
                row.append(_short(value))
        rows.append(tuple(row))
    print()
    print_table(rows)


def _short(value: object) -> str:
    if isinstance(value, UUID):
        return guid_name(value) or str(value)
    return "unknown" if value is None else value_text(value)
