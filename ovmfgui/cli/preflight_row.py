"""What becomes of one domain, as JSON and in lines: for two hosts and for a fleet."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ovmfgui.finding import Finding
    from ovmfgui.hosts.preflight import Row

SIGN_OF_ANSWER = {"accepted": "✔", "refused": "✖", "unknown": "?"}
"""One character for what becomes of a live migration."""


def reasons(row: Row) -> list[str]:
    """Why a domain is not well, a sentence each, and what to do."""
    return [f.text for f in row.findings if f.severity != "info"] + [row.advice] * bool(row.advice)


def row_json(row: Row) -> dict[str, Any]:
    """What becomes of one domain."""
    store = row.store
    return {
        "name": row.name,
        "state": row.state,
        "code": row.code or None,
        "code_there": row.code_there,
        "store": None
        if store is None
        else asdict(store) | {"path": store.path or None, "template": store.template or None},
        "live": str(row.live.answer),
        "live_reason": row.live.reason or None,
        "next_power_on": _outcome(row.next_power_on),
        "offline_move": _outcome(row.offline_move),
        "well": row.well,
        "advice": row.advice or None,
        "findings": [_finding(each) for each in row.findings],
        "files": [asdict(each) for each in row.files],
    }


def _outcome(outcome: object) -> str | None:
    return None if outcome is None else str(outcome)


def _finding(finding: Finding) -> dict[str, Any]:
    """Of a domain: it speaks of files of two hosts, none of which the answer lists."""
    return {
        "id": finding.id,
        "severity": str(finding.severity),
        "text": finding.text,
        "file": None,
        "offset": None,
    }
