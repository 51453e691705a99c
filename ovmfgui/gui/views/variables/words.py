"""What stands in the place of variables where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.wording import count

if TYPE_CHECKING:
    from ovmfgui.nvram.store import Store

_EMPTY_STORE = "The store is empty: firmware fills it at the first start."
_BLANK = {
    "zero": "This is a blank template, nothing but zeros. Firmware formats it at the first start; "
    "until then there are no variables.",
    "erased": "This is erased flash, nothing but 0xFF. Firmware formats it at the first start; "
    "until then there are no variables.",
}


def why_no_table(store: Store | None, *, opened: bool) -> str:
    """Why there is nothing to list variables of; empty where there is.

    Args:
        store: of what is open; None where it has none.
        opened: whether an image is open at all.
    """
    if not opened:
        return "Open a VARS file to see its variables."
    if store is None:
        return "A CODE image keeps no variables. Add the VARS file that belongs to it."
    if store.blank is not None:
        return _BLANK[store.blank]
    if not store.readable:
        return "No variable store header was found here; the findings below say more."
    return ""


def why_no_rows(store: Store | None, why_not: str) -> str:
    """Why a store lists no variable.

    Args:
        store: that is listed.
        why_not: why it cannot be edited; empty where it can.
    """
    if store is not None and why_not and not store.carved:
        return f"No variable can be read here. {why_not}"
    if store is None or not store.carved:
        return _EMPTY_STORE
    held = count(len(store.carved), "variable")
    return f"{held} out of firmware's reach behind what is damaged: recover into a new file."
