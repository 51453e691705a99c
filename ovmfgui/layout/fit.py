"""The verdict: do this CODE and this VARS fit?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.finding import Finding, Severity
from ovmfgui.flash.image import Role
from ovmfgui.flash.opening import describe_role
from ovmfgui.layout.expects import expectation
from ovmfgui.layout.modules import front_padding
from ovmfgui.layout.pairing import Pairing
from ovmfgui.layout.rules import RULES
from ovmfgui.layout.secure_boot_findings import secure_boot_findings
from ovmfgui.layout.verdict import Fit, Verdict
from ovmfgui.nvram.file_lock import held_finding
from ovmfgui.refusal import Refused
from ovmfgui.span import Place, Span

if TYPE_CHECKING:
    from pathlib import Path

    from ovmfgui.flash.image import Image
    from ovmfgui.layout.verdict import Expectation

SEVERITY = {
    Fit.FITS: Severity.INFO,
    Fit.RISKY: Severity.WARNING,
    Fit.UNKNOWN: Severity.WARNING,
    Fit.INCOMPATIBLE: Severity.ERROR,
}


def judge(pair: Pairing) -> Verdict:
    """The verdict on a pairing: the first rule of the table that applies."""
    rule = next(rule for rule in RULES if rule.applies(pair))
    summary, advice = rule.explain(pair), rule.advise(pair)
    place = Place(pair.vars_space, Span(pair.window_offset, 0x48)) if pair.vars_size else None
    if pair.store.json is not None:
        place = None
    decided = Finding(rule.id, SEVERITY[rule.fit], f"{summary} {advice}".rstrip(), place)
    return Verdict(
        rule.fit,
        rule.outcome,
        summary,
        advice,
        pair.expects,
        pair.provided,
        pair.differences,
        (
            decided,
            *_overlap_findings(pair),
            *pair.foreign,
            *pair.expects.findings,
            *pair.store.findings,
        ),
        pair.overlaps,
    )


def _overlap_findings(pair: Pairing) -> list[Finding]:
    return [
        Finding("regions-overlap", Severity.ERROR, each.text, Place(pair.vars_space, each.span))
        for each in pair.overlaps
    ]


def _answered(pair: Pairing) -> Verdict:
    """The verdict, and beside it the questions that it does not answer."""
    verdict = judge(pair)
    beside = (*secure_boot_findings(pair.store, pair.expects), migration_finding(pair))
    return replace(verdict, findings=(*verdict.findings, *beside))


def migration_finding(pair: Pairing) -> Finding:
    """Not whether a machine starts with the two, but whether a running one may come to them.

    QEMU compares the sizes of the RAM blocks and nothing else (migration/ram.c).
    """
    chips = f"a CODE chip of {pair.code_size:,} bytes"
    if pair.store.json is not None:
        chips += " and the same uefi-vars device, whose variables travel with it"
    if not pair.unified and pair.store.json is None:
        chips += f" and a VARS chip of {pair.vars_size:,} bytes"
    text = (
        f"Live migration is another question: a running guest is accepted here if it has {chips}, "
        "whatever is in them"
    )
    return Finding("live-migration-sizes", Severity.INFO, f"{text}.")


def check(code: Image, vars_file: Image) -> Verdict:
    """Do a CODE image and a VARS file fit, and what happens when a machine starts with them?

    In the verdict's places space 0 is the CODE file and space 1 the VARS file; evidence from
    unpacked bodies keeps the numbering of ``code``.

    Raises:
        Refused: one of them is not what it should be, or the store is cut off.
    """
    code_index = code.file_with(Role.CODE)
    vars_index = vars_file.file_with(Role.VARS, Role.BLANK)
    if code_index is None:
        msg = f"{code.files[0].path} is no CODE image; give CODE first, then VARS"
        raise Refused(msg)
    if vars_index is None:
        msg = f"{vars_file.files[0].path} is no variable store; give CODE first, then VARS"
        raise Refused(msg)
    expects = expectation(code)
    assert expects is not None
    pair = Pairing(
        expects,
        code.architecture,
        code.files[code_index].size,
        vars_file.files[vars_index].data,
        vars_space=1,
        code_data=code.files[code_index].data,
        padding=front_padding(code.map, unified=False),
    )
    refuse_truncated(pair, vars_file.files[vars_index].path)
    return _answered(pair)


def check_image(image: Image) -> Verdict:
    """Do the CODE and the store of an opened pair or unified image fit?

    Raises:
        Refused: the image lacks one of the two, or the store is cut off.
    """
    pair = pairing_of(image, expectation(image))
    if pair is None:
        msg = f"{image.files[0].path} is {describe_role(image.role)}; give CODE and VARS"
        raise Refused(msg)
    refuse_truncated(pair, image.files[-1].path)
    return _answered(pair)


def with_holder(verdict: Verdict, store: str | Path | None) -> Verdict:
    """The verdict, with what is to be said of a store that somebody holds now.

    Args:
        verdict: on what was read.
        store: the store's file; None where there is none.
    """
    held = None if store is None else held_finding(store)
    return verdict if held is None else replace(verdict, findings=(*verdict.findings, held))


def refuse_truncated(pair: Pairing, path: str) -> None:
    """Refuse a store of which a part is missing: no verdict on it would be worth anything.

    Raises:
        Refused: naming the file and both sizes.
    """
    volume = pair.store.volume
    if volume is not None and volume.fv_length > pair.vars_size and volume.checksum_ok:
        msg = (
            f"{path} is cut off: its volume says 0x{volume.fv_length:X} bytes, the file holds "
            f"0x{pair.vars_size:X}; get a whole copy of the store"
        )
        raise Refused(msg)


def pairing_of(image: Image, expects: Expectation | None) -> Pairing | None:
    """CODE and store of one opened image (a pair, or a unified file); None where one is missing."""
    if expects is None or image.role not in (Role.PAIR, Role.UNIFIED):
        return None
    unified = image.role is Role.UNIFIED
    index = 0 if unified else 1
    file = image.files[index]
    code = image.files[0]
    roots = [root for root in image.map if root.place.space == 0]
    padding = front_padding(roots, unified=unified)
    return Pairing(
        expects, image.architecture, code.size, file.data, index, unified, code.data, padding
    )
