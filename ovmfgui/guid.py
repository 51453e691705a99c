"""GUIDs and the names that edk2 and others give them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.resources import resource_text

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def guid_names() -> Mapping[UUID, str]:
    """The shipped table, resources/guids.tsv: GUID, name and source, separated by tabs."""
    names: dict[UUID, str] = {}
    for line in resource_text("guids.tsv").splitlines():
        if line and not line.startswith("#"):
            guid, name, _source = line.split("\t")
            names[UUID(guid)] = name
    return names


def guid_name(guid: UUID | None) -> str:
    """The name of a GUID; empty where it has none."""
    return guid_names().get(guid, "") if guid is not None else ""
