"""The ways from one place to another, as entries of the table of actions."""

from __future__ import annotations

from ovmfgui.gui.actions.spec import NUMBERED, ActionSpec

_DOCUMENTS = tuple(
    ActionSpec(
        f"document-{n}",
        f"Document &{n}",
        f"Alt+{n}",
        "",
        f"Bring to the front what stands at place {n} of all that is open",
        "Go",
        f"document-{n}",
        checkable=True,
    )
    for n in range(1, NUMBERED + 1)
)
"""By their place in Sources; each is called what it is while it is open."""

GO_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "goto",
        "&Go to…",
        "Ctrl+G",
        "",
        "Go to an offset, a guest address, a GUID or a variable by name",
        "Go",
        "open",
    ),
    ActionSpec(
        "back",
        "&Back",
        "Alt+Left",
        "back",
        "Select what was selected before",
        "Go",
        "can-go-back",
        separated=True,
    ),
    ActionSpec(
        "forward",
        "&Forward",
        "Alt+Right",
        "forward",
        "Select what was selected after",
        "Go",
        "can-go-forward",
    ),
    ActionSpec(
        "parent",
        "&Enclosing region",
        "Alt+Up",
        "up",
        "Select the region around the selected bytes",
        "Go",
        "selected",
        separated=True,
    ),
    ActionSpec(
        "child",
        "F&irst region inside",
        "Alt+Down",
        "down",
        "Select the first region inside the selected one",
        "Go",
        "selected",
    ),
    ActionSpec(
        "next-document",
        "Next d&ocument",
        "Ctrl+Tab",
        "",
        "Bring to the front what was opened after this; its edits and selection are its own",
        "Go",
        "several",
        separated=True,
    ),
    ActionSpec(
        "previous-document",
        "Previous doc&ument",
        "Ctrl+Shift+Tab",
        "",
        "Bring to the front what was opened before this",
        "Go",
        "several",
    ),
    *_DOCUMENTS,
    ActionSpec(
        "next-finding",
        "&Next finding",
        "F8",
        "",
        "Select the bytes that the next finding speaks of",
        "Go",
        "findings",
        separated=True,
    ),
    ActionSpec(
        "previous-finding",
        "&Previous finding",
        "Shift+F8",
        "",
        "Select the bytes that the finding before speaks of",
        "Go",
        "findings",
    ),
    ActionSpec(
        "next-difference",
        "Next &difference",
        "F7",
        "",
        "Select the next bytes that differ from the image it is compared with",
        "Go",
        "differences",
        separated=True,
    ),
    ActionSpec(
        "previous-difference",
        "Previous diffe&rence",
        "Shift+F7",
        "",
        "Select the bytes before that differ from the image it is compared with",
        "Go",
        "differences",
    ),
)
