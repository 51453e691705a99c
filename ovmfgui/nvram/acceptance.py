"""What firmware accepts: stores that it does not wipe, attributes and timestamps that it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.finding import Severity
from ovmfgui.nvram import timestamp
from ovmfgui.nvram.faults import visible_name
from ovmfgui.nvram.record import Attributes
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.nvram.record import Record
    from ovmfgui.nvram.store import Store

DEFAULT_ATTRIBUTES = Attributes.NV | Attributes.BS | Attributes.RT
_UNSUPPORTED = int(Attributes.AW | Attributes.ENHANCED)
_KNOWN = 0xFF
# As numbers: the complement of a flag knows no bits but those that have a name, and thousands of
# variables are asked in a row.
_NV, _BS, _HR, _AT = (int(a) for a in (Attributes.NV, Attributes.BS, Attributes.HR, Attributes.AT))
_APPEND = int(Attributes.APPEND)


def why_not_editable(store: Store) -> str | None:
    """Why no change may be written to a store, in one line; None where it may.

    The rules are those of the strictest firmware (VirtNorFlashFvb.c, ValidateFvHeader): a store
    that it would erase or format must not be given back looking as if all were well.
    """
    if store.blank is not None:
        return "a blank template holds no variables yet: start a machine with it once, or format it"
    if store.ftw is not None and store.ftw.pending == "spare-complete":
        return (
            "an FTW write is half done, and at the next start the spare area overwrites whatever "
            "is changed now; recover the store first"
        )
    errors = [finding for finding in store.findings if finding.severity is Severity.ERROR]
    return errors[0].text if errors else None


def attributes_problem(attributes: int) -> str | None:
    """Why no variable in the file can have these attributes, in one line; None where one can."""
    if not attributes & _NV:
        return "a variable without NV is volatile and never in the file"
    if not attributes & _BS:
        return "a variable needs BS (RT and NV alone are not allowed)"
    if attributes & _HR:
        return "OVMF and AAVMF keep no hardware error records (HR)"
    if attributes & _UNSUPPORTED or attributes & ~_KNOWN:
        return f"firmware does not support the attributes 0x{attributes:X}"
    return None


def accepted_attributes(name: str, current: Record | None, wanted: int | None) -> int:
    """The attributes that a variable is written with.

    Args:
        name: of the variable.
        current: its record, None for a new one.
        wanted: as asked for; its own, or NV, BS and RT, where None.

    Raises:
        Refused: firmware would not take them.
    """
    if current is None:
        chosen = int(DEFAULT_ATTRIBUTES) if wanted is None else wanted & ~_APPEND
        problem = _name_problem(name) or attributes_problem(chosen)
        if problem is not None:
            msg = f"{visible_name(name) or 'the variable'} cannot be created: {problem}"
            raise Refused(msg)
        return chosen
    if wanted is not None and wanted & ~_APPEND != current.attributes:
        msg = (
            f"{visible_name(name)} has the attributes {','.join(current.attribute_names)}, and "
            "firmware lets no write change them; delete the variable and create it again"
        )
        raise Refused(msg)
    return current.attributes


def _name_problem(name: str) -> str | None:
    if not name:
        return "it has no name"
    return "its name has a NUL in it" if "\0" in name else None


def accepted_timestamp(
    authenticated: bool,
    name: str,
    current: Record | None,
    attributes: int,
    wanted: bytes | None,
    *,
    appending: bool = False,
) -> bytes | None:
    """What the new record's TimeStamp becomes; None in a store without authentication.

    Args:
        authenticated: whether the store that the variable is in keeps timestamps.
        name: of the variable.
        current: its record, None for a new one.
        attributes: of the variable.
        wanted: EFI_TIME as asked for; the one it has, or zero, where None.
        appending: of an earlier time than the one it has the latter stays.

    Raises:
        Refused: firmware would not take it.
    """
    if not authenticated:
        if attributes & _AT:
            msg = f"{visible_name(name)}: this store keeps no authenticated variables"
            raise Refused(msg)
        return None
    kept = current.timestamp if current is not None else None
    kept = kept if kept is not None else timestamp.ZERO
    if wanted is None:
        return kept if attributes & _AT else timestamp.ZERO
    if not attributes & _AT:
        msg = f"{visible_name(name)} is no time-based authenticated variable: it has no time"
        raise Refused(msg)
    if len(wanted) != timestamp.SIZE:
        msg = f"a timestamp has {timestamp.SIZE} bytes, not {len(wanted)}"
        raise Refused(msg)
    if timestamp.is_earlier(wanted, kept):
        if appending:
            return kept
        msg = (
            f"{visible_name(name)} was last changed {timestamp.text(kept)}; firmware accepts no "
            f"earlier time ({timestamp.text(wanted)})"
        )
        raise Refused(msg)
    return wanted
