"""What an action of the window is, and when it can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

NUMBERED = 9
"""As many of the documents that are open have a command, and a key, of their own."""

MENUS = ("File", "Edit", "View", "Go", "Migration", "Tools", "Help")


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An entry of the table of actions.

    Attributes:
        id: what handlers are bound to.
        text: in menus, with ``&`` before the mnemonic; ends in ``…`` where it asks something first.
        shortcut: a key sequence in Qt's portable text; empty for none.
        icon: a file in resources/icons, without ``.svg``; empty for none.
        tip: one line on what it does.
        menu: one of ``MENUS``.
        enabled_when: a condition by name (``CONDITIONS``); empty for always.
        separated: whether a line goes before it.
        checkable: whether it is on or off.
    """

    id: str
    text: str
    shortcut: str
    icon: str
    tip: str
    menu: str
    enabled_when: str = ""
    separated: bool = False
    checkable: bool = False


CONDITIONS: Mapping[str, str] = {
    "open": "nothing is open",
    "document": "nothing is open",
    "two": "needs two things selected in Sources, or two images open",
    "several": "nothing else is open in this window",
    "half": "needs one half of a pair open, CODE or VARS",
    "editable": "needs a sound variable store",
    "store": "needs a variable store",
    "keys": "needs a store that can be edited and can hold keys",
    "secure-boot": "needs a store that can be edited, with a PK enrolled",
    "recoverable": "needs a store that is damaged, half written or blank",
    "convertible": "needs variables in a store of another layout than this CODE expects",
    "padded": "needs CODE or VARS with padding that moves it from where it is looked for",
    "template": "needs a CODE image whose VARS template is installed",
    "replayable": "needs the files of CODE and VARS, or a migration that was played",
    "code": "needs a CODE image open that is no machine's",
    "variable": "needs a live variable selected in a store that can be edited",
    "changed": "nothing has been changed",
    "modified": "no store has been changed",
    "savable": "needs a sound variable store, or a scenario that is edited",
    "can-undo": "there is nothing to undo",
    "can-redo": "there is nothing to redo",
    "can-go-back": "nothing was selected before",
    "can-go-forward": "nothing was selected after",
    "selected": "no bytes are selected",
    "findings": "there are no findings",
    "replay": "no migration is being shown",
    "scenario": "no scenario is being shown",
    "followed": "no running machine is followed",
    "activity": "nothing was written to a flash chip in what is shown",
    "differences": "the Compare view shows no bytes that differ",
    "into-a": "needs variables of B chosen in Compare, and a store of A that can be edited",
    "into-b": "needs variables of A chosen in Compare, and B open in this window; Swap opens it",
    "verdict": "needs a CODE image and a VARS file open",
    **{
        f"document-{n}": f"fewer than {n} documents are open" if n > 1 else "nothing is open"
        for n in range(1, NUMBERED + 1)
    },
}
"""What a greyed-out action says of itself; who binds the action knows how it is tested."""
