"""The verdict on a CODE image and a variable store, and what it consists of."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ovmfgui.dataclass import dataclass

if TYPE_CHECKING:
    from ovmfgui.finding import Finding
    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.enforcement import Enforcement
    from ovmfgui.layout.overlap import Overlap
    from ovmfgui.span import Place


class Fit(StrEnum):
    """Whether the two agree about the store's structure."""

    FITS = "fits"
    RISKY = "risky"
    INCOMPATIBLE = "incompatible"
    UNKNOWN = "unknown"

    @property
    def well(self) -> bool:
        """Whether a machine of the two boots and saves."""
        return self in (Fit.FITS, Fit.RISKY)

    @property
    def sign(self) -> str:
        """One character for it, the same in a terminal and in the window."""
        return {"fits": "✔", "risky": "⚠", "incompatible": "✖", "unknown": "?"}[self]


class Outcome(StrEnum):
    """What happens when a virtual machine starts with the two."""

    BOOTS = "boots"
    BOOTS_INITIALISES = "boots-initialises"
    BOOTS_VOLATILE = "boots-volatile"
    BOOTS_CORRUPTING = "boots-corrupting"
    WIPED = "wiped"
    NO_BOOT = "no-boot"
    REFUSED_BY_QEMU = "refused-by-qemu"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place in CODE that tells one constant of the layout.

    Attributes:
        fact: the constant, a field name of ``Layout``.
        value: what it is said to be, in bytes (or a GUID).
        source: the witness, in words ("flash driver's header template").
        place: the bytes that say so; in a decompressed body usually. None for arithmetic on sizes.
        heuristic: whether this is a guess from sizes, to be labelled as one.
    """

    fact: str
    value: Any
    source: str
    place: Place | None
    heuristic: bool = False


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a CODE image expects of a variable store.

    Attributes:
        layout: the constants that have a witness.
        evidence: every witness of every constant.
        smm: whether variables are handled in SMM (no emulated store to fall back to).
        has_emu_variable_fvb: whether the image has the emulated store (EmuVariableFvb) to fall
            back to.
        reformats_store: whether the flash driver re-creates a store that it does not recognise
            (VirtNorFlashDxe does).
        reason: why nothing is known, in words; empty where something is.
        findings: witnesses that disagree, facts without a witness.
        debug: whether assertions are compiled in, which halt where other builds go on: in DEBUG and
            NOOPT builds, and in RELEASE builds of a platform that keeps them (LoongArchVirtQemu);
            None where no driver could be asked.
        validates_records: whether such a flash driver also walks the records and takes none but
            stores with authenticated variables (edk2-stable202402 and later).
        enforcement: whether the build checks what it starts.
    """

    layout: Layout
    evidence: tuple[Evidence, ...]
    smm: bool
    has_emu_variable_fvb: bool
    reformats_store: bool
    reason: str
    findings: tuple[Finding, ...]
    debug: bool | None = None
    validates_records: bool = False
    enforcement: Enforcement | None = None

    @property
    def secure_boot(self) -> bool | None:
        """Whether the build checks what it starts; None where that is not known."""
        return None if self.enforcement is None else self.enforcement.enforced

    @property
    def disputed(self) -> tuple[str, ...]:
        """The constants about which witnesses disagree: each as unknown as one without any."""
        values: dict[str, set[Any]] = {}
        for each in self.evidence:
            if not each.heuristic:
                values.setdefault(each.fact, set()).add(each.value)
        return tuple(fact for fact, said in values.items() if len(said) > 1)

    @property
    def uses_uefi_vars(self) -> bool:
        """Whether CODE leaves its variables to QEMU's uefi-vars device."""
        return any(finding.id == "variables-in-qemu" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Difference:
    """A constant on which the two differ; values in bytes (or GUIDs), None where there is none."""

    fact: str
    expected: Any
    provided: Any
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether CODE and VARS fit, and what will happen.

    Attributes:
        fit: the answer in one word.
        outcome: what happens at the next power-on.
        summary: one sentence: what it means.
        advice: one sentence: what to do; empty where nothing is to be done.
        expects: what CODE expects; None where it could not be read.
        provides: what VARS provides; None where it holds no store.
        differences: constant by constant.
        findings: everything else that has a bearing.
        overlaps: where regions of the two run into one another, the volumes being equally long.
    """

    fit: Fit
    outcome: Outcome
    summary: str
    advice: str
    expects: Expectation | None
    provides: Layout | None
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]
    overlaps: tuple[Overlap, ...] = ()
