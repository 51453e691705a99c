"""The verdict on a machine: what is declared first, then the bytes, then what is kept of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.dataclass import replace
from ovmfgui.finding import Finding, Severity
from ovmfgui.layout import declared_texts
from ovmfgui.layout.fit import SEVERITY, judge, migration_finding, refuse_truncated
from ovmfgui.layout.provides import provided
from ovmfgui.layout.rules.declared import DECLARED, rebuilt_in_vain
from ovmfgui.layout.rules.keeping import KEEPING
from ovmfgui.layout.secure_boot_findings import secure_boot_findings
from ovmfgui.layout.situation import situation_of
from ovmfgui.layout.verdict import Fit, Outcome, Verdict
from ovmfgui.nvram.reading import read_store

if TYPE_CHECKING:
    from ovmfgui.layout.constants import Layout
    from ovmfgui.layout.rules.rule import Rule
    from ovmfgui.layout.situation import Situation
    from ovmfgui.machine.opening import OpenedMachine

_WELL = (Fit.FITS, Fit.RISKY)


def check_machine(opened: OpenedMachine) -> Verdict:
    """What happens when a machine starts as it is defined.

    Raises:
        Refused: its store is cut off.
    """
    case = situation_of(opened)
    verdict = judge_machine(case)
    if case.pair is None or verdict.expects is None:
        return verdict
    told = secure_boot_findings(case.pair.store, verdict.expects, case.machine)
    return replace(verdict, findings=(*verdict.findings, *told))


def judge_machine(case: Situation, *, refuse_cut_off: bool = True) -> Verdict:
    """The verdict on a machine whose CODE was read.

    Args:
        case: the machine and what its CODE expects.
        refuse_cut_off: whether a store of which a part is missing is refused, or judged as it is.

    Raises:
        Refused: its store is cut off.
    """
    notes = _notes(case)
    rule = next((rule for rule in DECLARED if rule.applies(case)), None)
    if rule is not None:
        return _declared(case, rule, notes)
    pair = case.pair
    if pair is None:
        return _unknown(case, notes)
    # What is mapped in part is no file that was cut off: it is judged as it is mapped.
    in_part = case.machine.store.size is not None or case.machine.store.offset > 0
    if refuse_cut_off and not in_part and case.store is not None and case.store.stands_for is None:
        refuse_truncated(pair, case.store.path)
    verdict = judge(pair)
    findings = (*verdict.findings, *notes, migration_finding(pair))
    verdict = replace(verdict, findings=findings)
    in_vain = case.store_readonly and rebuilt_in_vain(case, verdict.findings[0].id)
    if verdict.fit not in _WELL and not in_vain:
        return _unwritten(verdict, case)
    keeping = next((rule for rule in KEEPING if rule.applies(case)), None)
    return verdict if keeping is None else _kept(verdict, case, keeping)


def _unwritten(verdict: Verdict, case: Situation) -> Verdict:
    """A pair that does not fit, on chips from which nothing gets into the file."""
    readonly = case.store_readonly
    if not (readonly or case.machine.store.discarded):
        return verdict
    outcome = verdict.outcome
    if outcome in (Outcome.WIPED, Outcome.BOOTS_CORRUPTING):
        outcome = Outcome.NO_BOOT if readonly and not case.x86 else Outcome.BOOTS_VOLATILE
    summary = f"{verdict.summary} {declared_texts.unwritten(readonly=readonly)}"
    text = f"{summary} {verdict.advice}".rstrip()
    decided = replace(verdict.findings[0], text=text)
    findings = (decided, *verdict.findings[1:])
    return replace(verdict, outcome=outcome, summary=summary, findings=findings)


def _kept(verdict: Verdict, case: Situation, rule: Rule[Situation]) -> Verdict:
    """A pair that fits, in a machine that does something else with what is written."""
    summary = rule.explain(case)
    outcome = verdict.outcome if rule.fit is Fit.RISKY else rule.outcome
    decided = Finding(rule.id, SEVERITY[rule.fit], f"{summary} {rule.advise(case)}".rstrip())
    return replace(
        verdict,
        fit=rule.fit,
        outcome=outcome,
        summary=summary,
        advice=rule.advise(case),
        findings=(decided, *verdict.findings),
    )


def _declared(case: Situation, rule: Rule[Situation], notes: tuple[Finding, ...]) -> Verdict:
    summary = rule.explain(case)
    decided = Finding(rule.id, SEVERITY[rule.fit], f"{summary} {rule.advise(case)}".rstrip())
    expected = case.expects.findings if case.expects else ()
    if case.one_chip and case.pair is not None:
        expected += case.pair.store.findings
    return Verdict(
        rule.fit,
        rule.outcome,
        summary,
        rule.advise(case),
        case.expects,
        _provided(case),
        (),
        (decided, *notes, *expected),
        (),
    )


def _unknown(case: Situation, notes: tuple[Finding, ...]) -> Verdict:
    summary = declared_texts.unknown_rest(case)
    decided = Finding("machine-unknown", Severity.WARNING, summary)
    return Verdict(
        Fit.UNKNOWN, Outcome.UNKNOWN, summary, "", case.expects, None, (), (decided, *notes), ()
    )


def _provided(case: Situation) -> Layout | None:
    if case.store is None or case.store.file is None:
        return None
    return provided(read_store(case.store.file.data, space=1))


def _notes(case: Situation) -> tuple[Finding, ...]:
    """What was concluded and not said, and which file stands for which."""
    notes = [Finding("machine-note", Severity.INFO, note) for note in case.machine.notes]
    store = case.store
    if store is not None and store.stands_for == "template" and store.file is not None:
        text = f"Judged in the place of the store, which does not exist: its template {store.path}."
        notes.append(Finding("template-judged", Severity.INFO, text))
    return tuple(notes)
