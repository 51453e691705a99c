"""What can be done with the variables, as entries of the table of actions."""

from __future__ import annotations

from ovmfgui.gui.action_spec import ActionSpec

VARIABLE_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "new-variable",
        "&New variable…",
        "Ctrl+N",
        "add",
        "Append a new variable to the store",
        "Edit",
        "editable",
        separated=True,
    ),
    ActionSpec(
        "edit-variable",
        "&Edit variable…",
        "F2",
        "edit",
        "Give the selected variable another value",
        "Edit",
        "variable",
    ),
    ActionSpec(
        "delete-variable",
        "&Delete variable",
        "Ctrl+Del",
        "delete",
        "Mark the selected variable deleted, as firmware does",
        "Edit",
        "variable",
    ),
    ActionSpec(
        "boot-order",
        "&Boot order",
        "Ctrl+B",
        "",
        "Show the boot entries in the order that firmware tries them, to change it",
        "Edit",
        "store",
        separated=True,
    ),
    ActionSpec(
        "add-boot-entry",
        "&Add boot entry…",
        "",
        "",
        "Make another boot entry and put it into the boot order",
        "Edit",
        "editable",
    ),
    ActionSpec(
        "toggle-secure-boot",
        "&Toggle Secure Boot",
        "",
        "",
        "Switch Secure Boot on or off, as firmware setup does",
        "Edit",
        "secure-boot",
        separated=True,
    ),
    ActionSpec(
        "enrol-keys",
        "Enrol &keys…",
        "",
        "",
        "Put keys from DER, PEM, ESL or .auth files into PK, KEK, db, dbx or shim's lists",
        "Edit",
        "editable",
    ),
    ActionSpec(
        "compact-store",
        "Co&mpact the store",
        "",
        "",
        "Drop replaced and deleted records, as firmware does when there is no room",
        "Edit",
        "editable",
        separated=True,
    ),
)
