"""``ovmfgui secureboot``: who is trusted, what has ended, and whether the next update fits."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import SIGNS, print_wrapped
from ovmfgui.finding import Severity
from ovmfgui.refusal import Refused
from ovmfgui.trust.sources import Store, stores_in
from ovmfgui.wording import count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from ovmfgui.trust.binary import Judgement
    from ovmfgui.trust.databases import Database
    from ovmfgui.trust.overview import Overview

_MODES = {
    "setup": "setup mode: no PK, nothing is checked",
    "user": "user mode: what starts is checked",
    "off": "keys are enrolled, and Secure Boot is switched off",
    "none": "the store cannot hold keys",
}


class Judged(NamedTuple):
    """A store, what was read of it, and what a binary would meet there."""

    store: Store
    overview: Overview
    binary: Judgement | None

    @property
    def well(self) -> bool:
        """Whether nothing is to be done."""
        starts = self.binary is None or self.binary.starts is True
        return starts and not any(f.severity is not Severity.INFO for f in self.overview.findings)


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "stores",
        nargs="+",
        metavar="STORE",
        help="stores, folders of them, uefi-vars JSON, or what defines a machine",
    )
    parser.add_argument("--efi", metavar="FILE", help="would this binary start there?")
    parser.add_argument("--root", metavar="DIR", help="the file tree of the host that is meant")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.epilog = (
        "Exit status: 0 all well, 1 something is to be done (or the binary does not start), "
        "2 unusable input. Firmware does not look at the dates of certificates; what has ended "
        "tells what will not be signed any more."
    )


def run(arguments: Namespace) -> int:
    """Print a row for each store."""
    today = date.today()
    found = list(_judged(arguments, today))
    if not found:
        msg = f"there is no variable store in {', '.join(arguments.stores)}"
        raise Refused(msg)
    if arguments.json:
        print_json(_document(found, arguments.efi))
    else:
        for each in found:
            _print(each)
        _print_totals(found)
    return ALL_WELL if all(each.well for each in found) else ANSWER_IS_NO


def _judged(arguments: Namespace, today: date) -> Iterator[Judged]:
    for store in stores_in(arguments.stores, arguments.root):
        seen = store.overview(today)
        binary = None
        if arguments.efi is not None:
            from ovmfgui.trust.binary import judge, read_binary

            binary = judge(read_binary(arguments.efi), seen)
        yield Judged(store, seen, binary)


def _document(found: list[Judged], efi: str | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "files": [_file_json(each.store) for each in found],
        "stores": [_store_json(index, each) for index, each in enumerate(found)],
        "totals": {
            "stores": len(found),
            "well": sum(each.well for each in found),
            "modes": {mode: sum(e.overview.mode == mode for e in found) for mode in _MODES},
        },
    }
    if efi is not None and found[0].binary is not None:
        from ovmfgui.cli.binary_json import binary_json

        document["binary"] = binary_json(efi, [each.binary for each in found if each.binary])
    return document


def _file_json(store: Store) -> dict[str, Any]:
    data = store.data
    return {
        "path": store.path,
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
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
        "enforced": each.store.enforced,
        "pk": _certificates(databases.get("PK")),
        "kek": _certificates(databases.get("KEK")),
        "db": _certificates(databases.get("db")),
        "dbx": _dbx(databases.get("dbx"), seen),
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
        "findings": [
            {
                "id": f.id,
                "severity": str(f.severity),
                "text": f.text,
                "file": index,
                "offset": None,
            }
            for f in seen.findings
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
    return {
        "hashes": 0 if found is None else len(found.hashes),
        "release": None if seen.release is None else seen.release.date,
        "certificates": _certificates(found),
        "svn": {} if found is None else dict(found.svns),
    }


def _print(each: Judged) -> None:
    seen = each.overview
    print(f"{each.store.path}: {_MODES[seen.mode]}{_enforced(each.store.enforced)}")
    for name, found in seen.databases.items():
        names = [f"{c.subject} ({c.generation})" for c in found.certificates]
        if found.hashes:
            of = f" of {seen.release.date}" if name == "dbx" and seen.release else ""
            names.append(f"{count(len(found.hashes), 'hash', 'hashes')}{of}")
        names += [f"{loader} at least {version}" for loader, version in found.svns]
        print_wrapped(", ".join(names) or "empty", "    ", f"  {name}: ")
    update = seen.next_update
    if update is not None and update.room is not None:
        fits = "fits" if update.fits else "does not fit"
        there = "is there" if update.up_to_date else fits
        print(f"  newest dbx {there}: {update.needed:,} bytes, room for {update.room.bytes:,}")
    if each.binary is not None:
        for line in each.binary.lines():
            print_wrapped(line, "    ", "  ")
    for finding in seen.findings:
        print_wrapped(finding.text, "  ", f"  {SIGNS[finding.severity]} ")
    print()


def _enforced(enforced: bool | None) -> str:
    if enforced is None:
        return ""
    return "" if enforced else "; but this CODE does not enforce it (no Secure Boot in the build)"


def _print_totals(found: list[Judged]) -> None:
    well = sum(each.well for each in found)
    folder = {str(Path(each.store.path).parent) for each in found}
    where = f" in {next(iter(folder))}" if len(folder) == 1 else ""
    print(f"{count(len(found), 'store')}{where}, {well} well")
