"""Every action of the window, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.gui.actions.curing import CURING_ACTIONS
from ovmfgui.gui.actions.going import GO_ACTIONS
from ovmfgui.gui.actions.migration import MIGRATION_ACTIONS
from ovmfgui.gui.actions.spec import ActionSpec
from ovmfgui.gui.actions.variables import VARIABLE_ACTIONS
from ovmfgui.gui.actions.view_table import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator

THEMES = {"system": "System &colours", "light": "&Light", "dark": "&Dark"}
"""What the window may be dressed in, by the setting's value."""


def _themes() -> tuple[ActionSpec, ...]:
    return tuple(
        ActionSpec(
            f"theme-{name}",
            text,
            "",
            "",
            f"Colours: {text.replace('&', '').lower()}",
            "View",
            separated=name == "system",
            checkable=True,
        )
        for name, text in THEMES.items()
    )


def _with_mnemonic(title: str, taken: set[str]) -> str:
    """``title`` with ``&`` before the first letter that no other entry has."""
    for at, letter in enumerate(title.lower()):
        if letter.isalpha() and letter not in taken:
            taken.add(letter)
            return f"{title[:at]}&{title[at:]}"
    return title


def _views() -> Iterator[ActionSpec]:
    # Those of the menu's other entries, its submenu of panes among them.
    taken = {"c", "l", "d", "p", "r"}
    for view in VIEWS:
        text = _with_mnemonic(view.title, taken)
        yield ActionSpec(
            f"view-{view.id}", text, view.shortcut, view.icon, view.tip, "View", checkable=True
        )


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "open",
        "&Open…",
        "Ctrl+O",
        "open",
        "Open images, or a migration stream, a save file, a trace or a scenario",
        "File",
    ),
    ActionSpec(
        "new-window",
        "&New window",
        "Ctrl+Shift+N",
        "",
        "Another window beside this one, for another machine, pair or recording",
        "File",
    ),
    ActionSpec(
        "open-half",
        "Open the other &half…",
        "Ctrl+Shift+O",
        "",
        "Add the CODE or VARS file that is missing from the pair",
        "File",
        "half",
    ),
    ActionSpec(
        "open-demo",
        "Open the &demo pair",
        "",
        "",
        "Open the built-in pair of images; needs no firmware on the machine",
        "File",
    ),
    ActionSpec(
        "save",
        "&Save",
        "Ctrl+S",
        "save",
        "Write the edits into the file they came from, which lives on as .bak as the settings say",
        "File",
        "changed",
        separated=True,
    ),
    ActionSpec(
        "save-as",
        "Save &as…",
        "Ctrl+Shift+S",
        "",
        "Write the store with its edits, or the scenario, into another file",
        "File",
        "savable",
    ),
    ActionSpec(
        "review-changes",
        "Re&view changes…",
        "Ctrl+Shift+D",
        "",
        "List what Save will change, by variable and by byte",
        "File",
        "modified",
    ),
    ActionSpec(
        "report",
        "&Report…",
        "Ctrl+R",
        "",
        "Write all that is to be said of what is open as one web page, or as Markdown",
        "File",
        "open",
        separated=True,
    ),
    ActionSpec(
        "export-table",
        "Export &table…",
        "",
        "",
        "Write the table that has the focus, or the largest in sight, as CSV or JSON",
        "File",
    ),
    ActionSpec(
        "export-drawing",
        "Export dra&wing…",
        "",
        "",
        "Write the drawing that has the focus, or the largest in sight, as SVG or PNG",
        "File",
    ),
    ActionSpec(
        "pictures",
        "Save &pictures…",
        "",
        "picture",
        "Save every view as a PNG into a folder",
        "File",
    ),
    ActionSpec(
        "close",
        "&Close",
        "Ctrl+W",
        "close",
        "Close what is in front; what was opened before it comes to the front",
        "File",
        "document",
        separated=True,
    ),
    ActionSpec(
        "close-all",
        "Close a&ll",
        "Ctrl+Shift+W",
        "",
        "Close all that is open in this window and go back to the first page",
        "File",
        "document",
    ),
    ActionSpec("quit", "&Quit", "Ctrl+Q", "", "Close every window", "File"),
    ActionSpec("undo", "&Undo", "Ctrl+Z", "undo", "Take the last edit back", "Edit", "can-undo"),
    ActionSpec(
        "redo",
        "&Redo",
        "Ctrl+Shift+Z",
        "redo",
        "Make the edit again that was taken back",
        "Edit",
        "can-redo",
    ),
    *VARIABLE_ACTIONS,
    ActionSpec(
        "copy-bytes",
        "&Copy bytes",
        "Ctrl+Shift+C",
        "copy",
        "Copy the selected bytes in the form that was chosen last: hex, C array, JSON, …",
        "Edit",
        "selected",
        separated=True,
    ),
    ActionSpec(
        "copy-offset",
        "Copy &offset",
        "Ctrl+Alt+C",
        "",
        "Copy the file offset of the selected bytes",
        "Edit",
        "selected",
    ),
    ActionSpec(
        "note",
        "Note on the &selection…",
        "Ctrl+D",
        "",
        "Give the selected bytes a name, a sign and a note, kept beside the settings",
        "Edit",
        "selected",
    ),
    ActionSpec(
        "find",
        "&Find…",
        "Ctrl+F",
        "search",
        "Search all that is open for a name, text, bytes or a GUID, unpacked bodies too",
        "Edit",
        "open",
        separated=True,
    ),
    ActionSpec(
        "find-next",
        "Find a&gain",
        "F3",
        "",
        "Select the next place that was found",
        "Edit",
        "open",
    ),
    ActionSpec(
        "find-previous",
        "Find pre&vious",
        "Shift+F3",
        "",
        "Select the place before that was found",
        "Edit",
        "open",
    ),
    ActionSpec(
        "filter",
        "Filter this vie&w",
        "Ctrl+Shift+F",
        "",
        "Put the cursor where the view in front is filtered or searched",
        "Edit",
        "open",
    ),
    *_views(),
    *_themes(),
    ActionSpec(
        "reset-layout",
        "&Reset layout",
        "",
        "reset",
        "Put panes and toolbar back where they were at first",
        "View",
        separated=True,
    ),
    *GO_ACTIONS,
    *MIGRATION_ACTIONS,
    ActionSpec(
        "verdict",
        "Why this &verdict",
        "Ctrl+I",
        "",
        "What CODE expects, what VARS provides, and what will happen",
        "Tools",
        "verdict",
    ),
    ActionSpec(
        "compare-two",
        "Compare t&hese two",
        "Ctrl+Shift+M",
        "compare",
        "Hold the two that are selected in Sources against each other, or the two that are open",
        "Tools",
        "two",
    ),
    ActionSpec(
        "copy-report",
        "&Copy report",
        "",
        "copy",
        "Copy files, verdict and findings as text, for a ticket",
        "Tools",
        "open",
    ),
    *CURING_ACTIONS,
    ActionSpec(
        "palette",
        "Command &palette…",
        "Ctrl+Shift+P",
        "",
        "Find any command by typing a part of its name",
        "Tools",
        separated=True,
    ),
    ActionSpec(
        "settings",
        "S&ettings…",
        "Ctrl+,",
        "settings",
        "Colours, size of text, how bytes are written, what comes back at the start",
        "Tools",
        separated=True,
    ),
    ActionSpec(
        "help",
        "&Help",
        "F1",
        "help",
        "What the words mean, and why things are done as they are",
        "Help",
    ),
    ActionSpec(
        "keys",
        "&Keyboard shortcuts",
        "Ctrl+F1",
        "keyboard",
        "All commands and their keys, which can be changed",
        "Help",
    ),
    ActionSpec(
        "about", "&About ovmfgui", "", "ovmfgui", "What this is, its version and license", "Help"
    ),
)

TOOLBAR = ("open", "save", "|", "undo", "redo", "|", "back", "forward")
