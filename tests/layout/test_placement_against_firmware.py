"""Padding, joined, swapped and doubled images: real firmware does what the verdict says.

Each case is a QEMU command line that is judged as a machine and then started.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from debian_firmware import CODE_4M, CODE_4M_SECBOOT, VARS_4M
from firmware_grid import Seen, watch

from ovmfgui.layout.machine_verdict import check_machine
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.machine.opening import open_machine

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.firmware, pytest.mark.boots]

MIB = 1 << 20
RO = "readonly=on"
VARS = "vars"
CODE = "code"
UNIFIED = "unified"


def contents(what: str, smm: bool) -> bytes:
    code = (CODE_4M_SECBOOT if smm else CODE_4M).read_bytes()
    store = VARS_4M.read_bytes()
    return {CODE: code, VARS: store, UNIFIED: store + code}[what]


def padded(data: bytes, size: int, fill: int, where: str) -> bytes:
    padding = bytes([fill]) * (size - len(data))
    return padding + data if where == "front" else data + padding


def chips_of(case: str, smm: bool) -> list[tuple[bytes, str]]:
    """The chips of a case such as ``code front 4 ff``: what is padded, where, to how many MiB."""
    code, store, both = (contents(what, smm) for what in (CODE, VARS, UNIFIED))
    what, *rest = case.split()
    if what == "swapped":
        return [(store, RO), (code, "")]
    if what == "unified-beside-store":
        return [(both, RO), (store, "")]
    if what == "two-stores":
        return [(code, RO), (store + store, "")]
    if what == "mapped-in-part":
        return [(code, RO), (padded(store, 4 * MIB, 0, "behind"), f"size={len(store)}")]
    if what == "one-block-in-front":
        return [(bytes(0x1000) + code, RO), (store, "")]
    where, size, fill = rest
    data = padded(contents(what, smm), int(size) * MIB, int(fill, 16), where)
    if what == CODE:
        return [(data, RO), (store, "")]
    return [(code, RO), (data, "")] if what == VARS else [(data, "")]


def outcome_of(seen: Seen, before: list[tuple[bytes, str]]) -> Outcome:
    changed = any(after != data for after, (data, _) in zip(seen.stores, before, strict=True))
    if not seen.shell:
        return Outcome.NO_BOOT
    return Outcome.BOOTS if changed else Outcome.BOOTS_VOLATILE


def verdict_on(chips: list[tuple[bytes, str]], smm: bool, folder: Path):
    words = ["qemu-system-x86_64", "-machine", f"q35,smm={'on' if smm else 'off'}"]
    if smm:
        words += ["-global", "driver=cfi.pflash01,property=secure,value=on"]
    for unit, (data, options) in enumerate(chips):
        file = folder / f"chip{unit}"
        file.write_bytes(data)
        tail = f",{options}" if options else ""
        words += ["-drive", f"if=pflash,format=raw,unit={unit},file={file}{tail}"]
    definition = folder / "command"
    definition.write_text(" ".join(words))
    opened = open_machine([definition])
    assert opened is not None
    return check_machine(opened)


GRID = [
    (f"{what} {where} {size} {fill}", smm)
    for what, size in ((CODE, 4), (VARS, 1), (UNIFIED, 6))
    for where in ("front", "behind")
    for fill in ("00", "ff")
    for smm in (False, True)
]
MORE = [
    ("vars behind 4 00", False),
    ("vars behind 4 ff", False),
    ("mapped-in-part", False),
    ("mapped-in-part", True),
    ("swapped", False),
    ("unified-beside-store", False),
    ("two-stores", False),
    ("one-block-in-front", False),
]


@pytest.mark.parametrize(("case", "smm"), GRID + MORE)
def test_the_chips_do_what_the_verdict_says(case, smm, tmp_path):
    chips = chips_of(case, smm)
    verdict = verdict_on(chips, smm, tmp_path)
    seen = watch(*chips, smm=smm)
    assert outcome_of(seen, chips) is verdict.outcome, (verdict.summary, seen.serial[-300:])
    assert (verdict.fit is Fit.FITS) == (verdict.outcome is Outcome.BOOTS)
