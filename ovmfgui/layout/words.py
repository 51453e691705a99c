"""How constants of the layout are said to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from ovmfgui.guid import guid_name
from ovmfgui.layout.verdict import Outcome
from ovmfgui.wording import exact_size_text

if TYPE_CHECKING:
    from collections.abc import Mapping

FACT_NAMES = {
    "fv_length": "FvLength",
    "block_size": "block size",
    "variable_size": "variable region's size",
    "event_log_offset": "event log's offset",
    "event_log_size": "event log's size",
    "ftw_working_offset": "FTW working block's offset",
    "ftw_working_size": "FTW working block's size",
    "ftw_spare_offset": "FTW spare area's offset",
    "ftw_spare_size": "FTW spare area's size",
    "store_guid": "store GUID",
}

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.BOOTS: "boots, and saves variables",
    Outcome.BOOTS_INITIALISES: "formats the store, boots, and saves variables",
    Outcome.BOOTS_VOLATILE: "boots, but saves nothing, and says nothing",
    Outcome.BOOTS_CORRUPTING: "boots, while regions overlap: data will be lost",
    Outcome.WIPED: "erases the store; its variables are lost",
    Outcome.NO_BOOT: "does not boot",
    Outcome.REFUSED_BY_QEMU: "QEMU refuses to start",
    Outcome.UNKNOWN: "not known",
}
"""What happens at the next power-on, in a few words."""


def short_value_text(value: object) -> str:
    """The value of a constant for a cell: a GUID by its name alone, a dash where there is none."""
    match value:
        case None:
            return "–"
        case UUID():
            return guid_name(value) or str(value)
        case int():
            return exact_size_text(value)
        case _:
            return str(value)


def value_text(value: object) -> str:
    """The value of a constant, whatever it is."""
    match value:
        case None:
            return "none"
        case UUID():
            return f"{guid_name(value) or 'unknown'} ({value})"
        case int():
            return exact_size_text(value)
        case _:
            return str(value)
