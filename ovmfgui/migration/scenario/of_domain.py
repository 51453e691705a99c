"""A scenario of a domain's own move, from its row between two hosts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ovmfgui.hosts.host import RUNNING, SHUT_OFF
from ovmfgui.hosts.live_migration import Answer
from ovmfgui.hosts.preflight import MISSING
from ovmfgui.layout.verdict import Outcome
from ovmfgui.machine.model import StoreKind
from ovmfgui.migration.scenario.draft import Draft
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from ovmfgui.hosts.host import Host
    from ovmfgui.hosts.preflight import Row

_SOURCE, _DESTINATION = "alpha", "beta"
_AS_IT_IS = (
    "{} as it is: CODE at {}, and its own store, variables and all. Whatever happens from here on "
    "happens to copies."
)
_HERE, _THERE = "here", "there"
_BEFORE_QEMU = ("unsupported configuration", "Cannot check QEMU binary", "Failed to open file")
"""What libvirt says before it starts a QEMU: no chip has a part in it."""


def move_of(row: Row, source: Host, destination: Host) -> Draft:
    """What becomes of a domain that is migrated and later powered off, as a scenario.

    The firmware of both hosts and the domain's own store are the real ones; what is played is a
    copy of them in memory.

    Args:
        row: the domain's.
        source: the host that it is on.
        destination: the other one.

    Raises:
        Refused: a scenario cannot play it; why.
    """
    why = not_played(row, source, destination)
    if why:
        raise Refused(why)
    packages = {_HERE: _package_here(row, source)}
    there = _package_there(row, destination)
    if there is not None:
        packages[_THERE] = there
    document = {
        "title": f"{row.name} goes to {_short(destination)}",
        "summary": _summary(row, source, destination),
        **_declared(row),
        "packages": packages,
        "hosts": {
            _SOURCE: {"title": _short(source), "packages": [_HERE]},
            _DESTINATION: {"title": _short(destination), "packages": [_THERE] if there else []},
        },
        "actions": _actions(row),
    }
    return Draft(f"{_file_name(row.name)}.toml", document)


def not_played(row: Row, source: Host, destination: Host) -> str:
    """Why a domain's move cannot be played; empty where it can."""
    store = row.store
    if store is None or not row.code:
        return f"{row.name} has no UEFI firmware that is known: no chip of it could be played"
    if store.how != StoreKind.FLASH:
        return f"{row.name} keeps its variables in no second flash chip; scenarios play two chips"
    if row.live.reason.startswith(_BEFORE_QEMU):
        return f"libvirt refuses {row.name} before a QEMU starts: no chip has a part in that"
    if row.live.answer is Answer.UNKNOWN and row.next_power_on is Outcome.UNKNOWN:
        return f"too little is known of {row.name} on {_short(destination)} to play its move"
    missing = [path for path in _own_files(row, source) if not Path(path).is_file()]
    if missing:
        return f"{missing[0]} is not here: collect {_short(source)} with its stores"
    return ""


def _own_files(row: Row, source: Host) -> tuple[str, str]:
    """CODE, and the store or what it is made from, where they lie here."""
    assert row.store is not None
    store = row.store.template if row.store.exists is False else row.store.path
    return source.tree.path(row.code), source.tree.path(store)


def _package_here(row: Row, source: Host) -> dict[str, str]:
    assert row.store is not None
    code, store = _own_files(row, source)
    said = {"code": code, "vars": store, "title": Path(row.code).name, "code_path": row.code}
    return said | ({"vars_path": row.store.template} if row.store.template else {})


def _package_there(row: Row, destination: Host) -> dict[str, str] | None:
    """What the other host has at these paths; None where it lacks CODE."""
    assert row.store is not None
    code = destination.tree.path(row.code)
    if not Path(code).is_file():
        return None
    template = destination.tree.path(row.store.template) if row.store.template else ""
    if not template or not Path(template).is_file():
        # libvirt would look for it only if there were no store; what is in it decides nothing.
        template = destination.tree.path(row.store.path)
    if not Path(template).is_file():
        return None
    said = {"code": code, "vars": template, "title": Path(row.code).name, "code_path": row.code}
    return said | ({"vars_path": row.store.template} if row.store.template else {})


def _declared(row: Row) -> dict[str, str]:
    """How the whole story ends, where the row is sure; the replay is held against it."""
    if row.state == SHUT_OFF:
        assert row.store is not None
        # A store that lies there already would be used, and is not played.
        sure = row.offline_move is not None and row.store.there == MISSING
        return {"outcome": str(row.offline_move)} if sure else {}
    if row.live.answer is Answer.REFUSED:
        # The guest stays, and nothing is powered on there.
        return {"outcome": str(Outcome.REFUSED_BY_QEMU)}
    if row.live.answer is Answer.UNKNOWN or row.next_power_on is None:
        return {}
    return {"outcome": str(row.next_power_on)}


def _actions(row: Row) -> list[dict[str, Any]]:
    return _moved_switched_off(row) if row.state == SHUT_OFF else _migrated(row)


def _define(row: Row) -> dict[str, Any]:
    lesson = _AS_IT_IS.format(row.name, row.code)
    define = {"do": "define", "host": _SOURCE, "domain": row.name}
    return {**define, **_machine(row), "lesson": lesson}


def _machine(row: Row) -> dict[str, Any]:
    """What its definition says of an x86 machine, as far as firmware cares."""
    if row.board == "pc" or row.board.startswith("pc-i440fx"):
        return {"machine": "pc"}
    q35 = row.board == "q35" or row.board.startswith("pc-q35")
    return {"no_smm": True} if q35 and row.smm is False else {}


def _moved_switched_off(row: Row) -> list[dict[str, Any]]:
    domain = {"domain": row.name}
    return [
        _define(row),
        {
            "do": "move-offline",
            **domain,
            "to": _DESTINATION,
            "lesson": "virsh migrate --offline takes the definition. The store stays where it is.",
        },
        {
            "do": "start",
            **domain,
            "host": _DESTINATION,
            "lesson": "The first power-on over there, with a store made from that host's template.",
        },
    ]


def _migrated(row: Row) -> list[dict[str, Any]]:
    domain = {"domain": row.name}
    begin = [
        _define(row),
        {"do": "start", **domain, "lesson": "The guest runs, as it does on its host."},
        {"do": "migrate", **domain, "to": _DESTINATION},
    ]
    if row.live.answer is Answer.REFUSED:
        return begin
    return [
        *begin,
        {
            "do": "power-off",
            **domain,
            "lesson": "So far the guest has run on with the CODE that came over. That ends here.",
        },
        {
            "do": "relaunch",
            **domain,
            "host": _DESTINATION,
            "lesson": "The first power-on with the CODE of this host: the answer of the table.",
        },
    ]


def _summary(row: Row, source: Host, destination: Host) -> str:
    paused = "" if row.state in (RUNNING, SHUT_OFF) else f" Its state now is: {row.state}."
    how = (
        "is moved switched off, and then started"
        if row.state == SHUT_OFF
        else "is migrated while it runs, and powered off and on"
    )
    return (
        f"{row.name} of {_short(source)} {how} on {_short(destination)}, with the firmware files "
        "of both hosts. As the first package's VARS stands the domain's own store." + paused
    )


def _short(host: Host) -> str:
    """A URI as it is; of a folder its name."""
    return host.name if "://" in host.name else Path(host.name).name or host.name


def _file_name(domain: str) -> str:
    return re.sub(r"[^\w.-]+", "-", domain).strip(".-") or "domain"
