"""How constants of the layout are said to a person."""

from __future__ import annotations

from uuid import UUID

from ovmfgui.guid import guid_name
from ovmfgui.wording import exact_size_text

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
