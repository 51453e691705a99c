"""The answer of ``ovmfgui secureboot`` as JSON."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from ovmfgui.cli.secureboot_row import MODES
from ovmfgui.trust.pcr7 import pcr7
from ovmfgui.trust.sbat import SbatLevel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.cli.secureboot_row import Judged
    from ovmfgui.machine.folder import PassedOver
    from ovmfgui.trust.boot_chain import Chain
    from ovmfgui.trust.databases import Database
    from ovmfgui.trust.overview import Overview
    from ovmfgui.trust.sources import Store


def document_of(
    found: Sequence[Judged], passed_over: Sequence[PassedOver], efi: str | None
) -> dict[str, Any]:
    """The whole answer of the command: files, stores, totals, what was passed over."""
    document: dict[str, Any] = {
        "files": [_file_json(each.store) for each in found],
        "stores": [_store_json(index, each) for index, each in enumerate(found)],
        "totals": {
            "stores": len(found),
            "well": sum(each.well for each in found),
            "modes": {mode: sum(e.overview.mode == mode for e in found) for mode in MODES},
            "failed": sum(each.failed for each in passed_over),
        },
        "passed_over": [
            {"path": p.path, "reason": p.reason, "failed": p.failed} for p in passed_over
        ],
    }
    if efi is not None and found and found[0].binary is not None:
        from ovmfgui.cli.binary_json import binary_json

        document["binary"] = binary_json(efi, [each.binary for each in found if each.binary])
    return document


def _file_json(store: Store) -> dict[str, Any]:
    return {
        "path": store.path,
        "sha256": store.sha256,
        "size": store.size,
        "format": store.format,
        "stands_for": store.stands_for,
    }


def _store_json(index: int, each: Judged) -> dict[str, Any]:
    seen, update = each.overview, each.overview.next_update
    databases = seen.databases
    room = None if update is None or update.room is None else update.room.bytes
    return {
        "path": each.store.path,
        "mode": seen.mode,
        "enforced": each.code.enforced,
        "enforced_why": each.code.why,
        "protected": each.code.protected,
        "code": each.store.code or None,
        "pcr7": _pcr7(each),
        "pk": _certificates(databases.get("PK")),
        "kek": _certificates(databases.get("KEK")),
        "db": _certificates(databases.get("db")),
        "dbx": _dbx(databases.get("dbx"), seen),
        "sbat_level": _sbat_level(seen),
        "generations": {
            name.lower(): [_generation(g) for g in seen.generations(name)]
            for name in ("PK", "KEK", "db")
        },
        "expired": [
            {"subject": c.subject, "not_after": c.read.not_after[:10] if c.read else None}
            for c in seen.ended
        ],
        "next_update": None
        if update is None
        else {
            "fits": update.fits,
            "bytes": update.needed,
            "room": room,
            "signer_trusted": update.signer_trusted,
            "up_to_date": update.up_to_date,
        },
        "starts": None if each.binary is None else each.binary.starts,
        "chains": [_chain_json(chain) for chain in each.chains],
        "unread": list(each.unread),
        "findings": [
            {
                "id": f.id,
                "severity": str(f.severity),
                "text": f.text,
                "file": index,
                "offset": None,
            }
            for f in each.findings
        ],
    }


def _sbat_level(seen: Overview) -> dict[str, Any] | None:
    level = SbatLevel.of_variables(seen.variables)
    return None if level is None else {"date": level.date, "least": level.least}


def _pcr7(each: Judged) -> str | None:
    """PCR 7 before anything is started; None where it is not known."""
    if each.overview.mode == "none" or each.code.enforced is False:
        return None
    return pcr7(each.overview.variables).hex()


def _chain_json(chain: Chain) -> dict[str, Any]:
    return {
        "starts": chain.starts,
        "why": chain.why,
        "default": chain.default,
        "entry": chain.entry or None,
        "stages": [
            {
                "by": stage.by,
                "path": stage.path,
                "starts": stage.judgement.starts,
                "why": stage.judgement.why,
                "steps": list(stage.judgement.steps),
                "hash": stage.judgement.binary.digest.hex(),
            }
            for stage in chain.stages
        ],
    }


def _generation(name: str) -> int | str:
    return int(name) if name.isdecimal() else name


def _certificates(found: Database | None) -> list[dict[str, Any]]:
    if found is None:
        return []
    return [
        {
            "subject": c.subject,
            "owner": str(c.owner),
            "generation": _generation(c.generation),
            "not_after": c.read.not_after[:10] if c.read else None,
            "sha256": hashlib.sha256(c.der).hexdigest(),
        }
        for c in found.certificates
    ]


def _dbx(found: Database | None, seen: Overview) -> dict[str, Any]:
    revoked = seen.revoked
    return {
        "hashes": 0 if found is None else len(found.hashes),
        "release": None if revoked is None else revoked.release.date,
        "architecture": None if revoked is None else revoked.release.architecture,
        "missing": None if revoked is None else revoked.missing,
        "behind": None if revoked is None else revoked.behind,
        "certificates": _certificates(found),
        "svn": {} if found is None else dict(found.svns),
    }
