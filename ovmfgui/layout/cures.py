"""What can be done about a verdict or a finding: the advice as deeds, each into a new file."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.dataclass import dataclass
from ovmfgui.finding import Severity
from ovmfgui.flash.image import Role
from ovmfgui.flash.source import read_file
from ovmfgui.layout.conversion import convert, is_known_well_enough
from ovmfgui.layout.fit import pairing_of
from ovmfgui.layout.verdict import Fit
from ovmfgui.machine.descriptors import installed_descriptors
from ovmfgui.nvram.editor import why_not_editable
from ovmfgui.refusal import Refused
from ovmfgui.wording import count

if TYPE_CHECKING:
    from ovmfgui.finding import Finding
    from ovmfgui.layout.inspection import Inspection
    from ovmfgui.layout.pairing import Pairing


class Cure(StrEnum):
    """A deed; its value is its name everywhere."""

    CONVERT = "convert-store"
    CUT = "cut-padding"
    RECOVER = "recover-store"
    TEMPLATE = "store-from-template"
    OTHER_STORE = "other-store"
    REPLAY = "replay-migration"
    LAYOUTS = "show-layouts"
    PROFILE = "enrol-profile"
    KEYS = "view-secure-boot"


_OF_KEYS = {
    "dbx",
    "certificate-ended",
    "dbx-old",
    "keys-unprotected",
    "next-signer",
    "no-db",
    "no-dbx",
    "no-kek",
    "secure-boot-not-enforced",
    "setup-mode",
    "snake-oil",
    "update-too-large",
}
"""Findings that speak of Secure Boot and its keys."""

_MISSING_KEYS = {"next-signer", "no-db", "no-kek", "setup-mode", "snake-oil"}
"""Of these, what a profile of public keys mends."""

_SUFFIXES = (".secboot", ".strictnx", ".snakeoil", ".ms", ".no-secboot", ".silent", ".verbose")
"""What distributions put behind CODE's name and not always behind its template's."""


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made of what is open.

    Attributes:
        index: of the file that it takes the place of; None: there was none.
        data: its flash contents.
        words: what it is, as the rest of a sentence.
        notes: what is not in it, or may not behave as before, one sentence each.
    """

    index: int | None
    data: bytes
    words: str
    notes: tuple[str, ...] = ()


def cures(inspection: Inspection, finding: Finding | None = None) -> tuple[Cure, ...]:
    """What helps, the best first.

    Args:
        inspection: of what is open.
        finding: what it is to help against; None: the verdict.
    """
    if finding is not None and finding.id in _OF_KEYS:
        return (Cure.PROFILE, Cure.KEYS) if finding.id in _MISSING_KEYS else (Cure.KEYS,)
    if finding is not None and finding.severity is Severity.INFO:
        return ()
    return tuple(_cures(inspection))


def _cures(inspection: Inspection) -> list[Cure]:
    verdict, store, image = inspection.verdict, inspection.store, inspection.image
    damaged = store is not None and bool(why_not_editable(store))
    if verdict is None:
        alone = [Cure.TEMPLATE, Cure.OTHER_STORE] if image.role is Role.CODE else []
        return [Cure.RECOVER] if damaged else _possible(alone, inspection)
    found = [] if verdict.fit is Fit.FITS else _of_the_bytes(inspection, damaged=damaged)
    if verdict.fit is not Fit.FITS and image.role is Role.PAIR and inspection.machine is None:
        found += _possible([Cure.TEMPLATE, Cure.OTHER_STORE], inspection)
    if verdict.fit is not Fit.FITS and not damaged and _is_of_another_layout(inspection):
        found.append(Cure.REPLAY)
    if verdict.expects is not None and verdict.provides is not None:
        found.append(Cure.LAYOUTS)
    return found


def _of_the_bytes(inspection: Inspection, *, damaged: bool) -> list[Cure]:
    """What mends the files themselves; no variable is lost by any."""
    pair = pairing_of(inspection.image, inspection.expects)
    if pair is not None and _cut(pair) is not None:
        return [Cure.CUT]
    if damaged:
        return [Cure.RECOVER]
    convertible = (
        pair is not None
        and not pair.unified
        and bool(pair.store.live)
        and (bool(pair.differences) or pair.too_small or pair.window_offset > 0)
        and is_known_well_enough(pair.expects)
    )
    return [Cure.CONVERT] if convertible else []


def _is_of_another_layout(inspection: Inspection) -> bool:
    """Whether a sound store came from another package to this CODE."""
    pair = pairing_of(inspection.image, inspection.expects)
    return (
        pair is not None
        and not pair.unified
        and inspection.provides is not None
        and (bool(pair.differences) or pair.too_small or pair.window_offset > 0)
    )


def _possible(wanted: list[Cure], inspection: Inspection) -> list[Cure]:
    """Without a template where none is known."""
    code = inspection.image.files[0].path
    return [cure for cure in wanted if cure is not Cure.TEMPLATE or template_for(code)]


def _cut(pair: Pairing) -> tuple[int, int, int] | None:
    """Index of a file that has padding, and the offsets of what it is about; None: none has."""
    if pair.without_reset_vector:
        return 0, 0, len(pair.code_data) - pair.padding_behind
    if pair.padding and not pair.unified:
        return 0, pair.padding, len(pair.code_data)
    if pair.held is not None and not pair.unified:
        return 1, pair.held.offset, pair.held.offset + pair.held.fv_length
    return None


@lru_cache(maxsize=16)
def template_for(code: str) -> str:
    """Path of the VARS template that belongs to an installed CODE image; empty for none.

    QEMU's firmware descriptors tell it; else what distributions call it, in the same folder.
    """
    path = Path(code)
    for descriptor in installed_descriptors():
        if descriptor.template and Path(descriptor.executable) == path:
            return descriptor.template
    name = path.name.replace("CODE", "VARS")
    if name == path.name:
        return ""
    plain = name
    for suffix in _SUFFIXES:
        plain = plain.replace(suffix, "")
    beside = (path.with_name(each) for each in (name, plain))
    return next((str(each) for each in beside if each.is_file()), "")


def make(cure: Cure, inspection: Inspection) -> Made:
    """Make the file that a cure is about; slow, for a worker.

    Raises:
        Refused: it cannot be made, with the reason.
    """
    image = inspection.image
    if cure is Cure.TEMPLATE:
        path = template_for(image.files[0].path)
        if not path:
            msg = f"no VARS template of {image.files[0].path} is installed; choose another store"
            raise Refused(msg)
        store = 1 if len(image.files) > 1 else None
        return Made(store, read_file(path).data, f"a copy of the template {Path(path).name}")
    pair = pairing_of(image, inspection.expects)
    if pair is not None and cure is Cure.CUT and (cut := _cut(pair)) is not None:
        index, start, end = cut
        data = image.files[index].data
        away = count(len(data) - (end - start), "byte")
        return Made(index, data[start:end], f"{image.title_of(index)} without {away} around it")
    if pair is not None and cure is Cure.CONVERT:
        made = convert(pair.store, image.files[1].data, image)
        words = f"a store for this CODE, with {count(len(made.carried), 'variable')} carried over"
        dropped = (f"Not carried over: {line}." for line in made.dropped)
        return Made(1, made.data, words, (*dropped, *(f"{line}." for line in made.warnings)))
    msg = "this cures nothing of what is open"
    raise Refused(msg)
