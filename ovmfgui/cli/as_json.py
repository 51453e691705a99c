"""The JSON that commands print: integers for sizes and offsets, lower-case hex and GUIDs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ovmfgui import __version__
from ovmfgui.budgets import MOST_ALIKE
from ovmfgui.dataclass import replace
from ovmfgui.wording import UNSEEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ovmfgui.finding import Finding
    from ovmfgui.flash.image import Image
    from ovmfgui.flash.region import Region
    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.verdict import Difference, Evidence, Expectation
    from ovmfgui.span import Place


SCHEMA = 1
"""Of every answer; raised when a key changes its meaning or goes."""


def print_json(answer: dict[str, Any]) -> None:
    """Print an answer as one JSON document, with the program's version and the schema's number."""
    import json
    import re
    import sys

    value = {"ovmfgui": __version__, "schema": SCHEMA, **answer}

    narrow = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    text = json.dumps(value, ensure_ascii=narrow, separators=(",", ":"))
    # Half a surrogate pair, as damaged variable names have, is no UTF-8; escaped it is good JSON.
    # Of ASCII, json has escaped all of that but DEL; a search through a megabyte is not free.
    if not text.isascii() or "\x7f" in text:
        text = re.sub(UNSEEN, lambda found: json.dumps(found[0]).strip('"'), text)
    print(text)


def plain(value: object) -> Any:
    """A constant's value: GUIDs as text, everything else as it is."""
    return str(value) if isinstance(value, UUID) else value


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding of a command that reads one file."""
    return {
        "id": finding.id,
        "severity": str(finding.severity),
        "text": finding.text,
        "file": None if finding.place is None else 0,
        "offset": None if finding.place is None else finding.place.span.start,
    }


def _likeness(region: Region) -> tuple[object, ...]:
    span = region.place.span
    return region.kind, region.name, region.guid, span.size, len(region.children)


class JsonView:
    """Turns an image's objects into JSON; knows which file a place is in."""

    def __init__(self, image: Image) -> None:
        self._files = len(image.files)
        self._spaces = image.spaces

    def where(self, place: Place | None) -> dict[str, Any]:
        """``file`` and ``offset`` of a place; in an unpacked body the offset is the body's own."""
        if place is None:
            return {"file": None, "offset": None}
        where: dict[str, Any] = {"file": self._file(place.space), "offset": place.span.start}
        if place.space >= self._files:
            where["space"] = "decompressed"
        return where

    def _file(self, space: int) -> int:
        """The file that a space was, in the end, unpacked from."""
        while space >= self._files:
            origin = self._spaces[space].origin
            if origin is None:
                break
            space = origin.space
        return space

    def region(self, region: Region) -> dict[str, Any]:
        """A node of the map."""
        place = region.place
        span = place.span
        node: dict[str, Any] = {
            "name": region.name,
            "kind": region.kind,  # its text: json takes a StrEnum as that
            "file": self._file(place.space),
            "offset": span.start,
        }
        if place.space >= self._files:
            node["space"] = "decompressed"
        node["size"] = span.size
        node["address"] = region.address
        node["used"] = region.used
        node["guid"] = None if region.guid is None else str(region.guid)
        node["detail"] = region.detail
        node["children"] = self.regions(region.children)
        return node

    def regions(self, regions: Sequence[Region]) -> list[dict[str, Any]]:
        """Nodes beside each other; of many that are alike the rest is one node with a ``count``.

        That node spans them all: what tiles a file still does.
        """
        if len(regions) <= MOST_ALIKE:
            return list(map(self.region, regions))
        nodes: list[dict[str, Any]] = []
        for _alike, found in groupby(regions, _likeness):
            run = list(found)
            told, rest = run[:MOST_ALIKE], run[MOST_ALIKE:]
            nodes += map(self.region, told)
            if rest:
                node = self.region(replace(rest[0], children=()))
                node["size"] = rest[-1].place.span.end - rest[0].place.span.start
                nodes.append(node | {"count": len(rest), "used": None})
        return nodes

    def finding(self, finding: Finding) -> dict[str, Any]:
        """A finding with its id, severity, text, and where its bytes are."""
        return {
            "id": finding.id,
            "severity": str(finding.severity),
            "text": finding.text,
            **self.where(finding.place),
        }

    def findings(self, findings: Iterable[Finding]) -> list[dict[str, Any]]:
        """Findings in their order."""
        return [self.finding(finding) for finding in findings]

    def expects(self, expects: Expectation | None) -> dict[str, Any] | None:
        """The constants that CODE expects, with their evidence."""
        if expects is None:
            return None
        facts = layout(expects.layout) or {}
        return facts | {"evidence": [self._evidence(item) for item in expects.evidence]}

    def _evidence(self, item: Evidence) -> dict[str, Any]:
        return {
            "fact": item.fact,
            "value": plain(item.value),
            "source": item.source,
            **self.where(item.place),
            "heuristic": item.heuristic,
        }


def layout(constants: Layout | None) -> dict[str, Any] | None:
    """The constants of a layout; None where there are none."""
    if constants is None:
        return None
    return {fact: plain(value) for fact, value in constants.facts().items()}


def differences(items: Iterable[Difference]) -> list[dict[str, Any]]:
    """Constants on which the two sides differ."""
    return [
        {"fact": d.fact, "expected": plain(d.expected), "provided": plain(d.provided)}
        for d in items
    ]
