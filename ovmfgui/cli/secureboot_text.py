"""The answer of ``ovmfgui secureboot`` for a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.cli.console import SIGNS, print_wrapped, say
from ovmfgui.cli.secureboot_row import MODES
from ovmfgui.finding import Severity
from ovmfgui.trust.pcr7 import pcr7
from ovmfgui.trust.sbat import SbatLevel
from ovmfgui.wording import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ovmfgui.cli.secureboot_row import Judged
    from ovmfgui.layout.enforcement import Enforcement
    from ovmfgui.machine.folder import PassedOver
    from ovmfgui.trust.dbx import Content


def print_rows(found: Sequence[Judged], passed_over: Sequence[PassedOver]) -> None:
    """Every row, and the totals."""
    for each in found:
        _print_row(each)
    _print_totals(found, passed_over)


def _print_row(each: Judged) -> None:
    seen = each.overview
    say(f"{each.store.path}: {MODES[seen.mode]}{_enforced(each.code, seen.mode)}")
    for name, found in seen.databases.items():
        names = [f"{c.subject} ({c.generation})" for c in found.certificates]
        if found.hashes:
            of = f", {_release(seen.revoked)}" if name == "dbx" and seen.revoked else ""
            names.append(f"{count(len(found.hashes), 'hash', 'hashes')}{of}")
        names += [f"{loader} at least {version}" for loader, version in found.svns]
        print_wrapped(", ".join(names) or "empty", "    ", f"  {name}: ")
    level = SbatLevel.of_variables(seen.variables)
    if level is not None:
        least = ", ".join(f"{name} at least {number}" for name, number in level.least.items())
        print_wrapped(f"{level.date}: {least}", "    ", "  SBAT level: ")
    update = seen.next_update
    if update is not None and update.room is not None:
        fits = "fits" if update.fits else "does not fit"
        there = "is there" if update.up_to_date else fits
        say(f"  newest dbx {there}: {update.needed:,} bytes, room for {update.room.bytes:,}")
    if seen.mode in ("user", "off") and each.code.enforced is not False:
        say(f"  PCR 7 before anything is started: {pcr7(seen.variables).hex()} (SHA-256)")
    _print_binary(each)
    for finding in each.findings:
        print_wrapped(finding.text, "  ", f"  {SIGNS[finding.severity]} ")
    print()


def _print_binary(each: Judged) -> None:
    decides = each.binary
    if decides is None:
        return
    from ovmfgui.trust.boot_chain import lines_of

    for line in lines_of(each.chains) if each.chains else decides.lines():
        print_wrapped(line, "    ", "  ")
    if each.chains and decides.why not in {chain.why for chain in each.chains}:
        # What decides is none of those that were looked at.
        print_wrapped(decides.why, "    ", "  ? ")
    for line in each.unread:
        print_wrapped(f"not looked at: {line}", "    ", f"  {SIGNS[Severity.WARNING]} ")


def _release(revoked: Content) -> str:
    """Which published update a dbx holds."""
    of = f"update of {revoked.release.date} ({revoked.release.architecture})"
    return f"{of}, {revoked.missing} missing" if revoked.missing else of


def _enforced(code: Enforcement, mode: str) -> str:
    if mode != "user":
        return ""
    if code.enforced is None:
        return f"; whether CODE enforces that is not known ({code.why})"
    return "" if code.enforced else f"; but this CODE does not enforce it ({code.why})"


def _print_totals(found: Sequence[Judged], passed_over: Sequence[PassedOver]) -> None:
    well = sum(each.well for each in found)
    folder = {str(Path(each.store.path).parent) for each in found}
    where = f" in {next(iter(folder))}" if len(folder) == 1 else ""
    failed = [each for each in passed_over if each.failed]
    for each in failed:
        print_wrapped(each.line, "  ", f"{SIGNS[Severity.WARNING]} ")
    unread = f", {len(failed)} could not be read" if failed else ""
    say(f"{count(len(found), 'store')}{where}, {well} well{unread}")
