"""``ovmfgui check``: do this CODE and this VARS fit, and what happens at power-on?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import JsonView, differences, layout, print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO, ANSWER_UNKNOWN
from ovmfgui.cli.console import SIGNS, print_wrapped, say
from ovmfgui.cli.parsing import add_json, add_root
from ovmfgui.layout.fit import check_image, with_holder
from ovmfgui.layout.verdict import Fit
from ovmfgui.machine.opening import NOTHING_READ, open_image, open_machine

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.layout.overlap import Overlap
    from ovmfgui.layout.verdict import Verdict
    from ovmfgui.machine.opening import OpenedMachine


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="CODE and VARS; a unified image; or what defines a machine: libvirt domain XML, QEMU "
        "firmware descriptor, QEMU command line or libvirt log, Proxmox configuration; - for "
        "standard input",
    )
    add_root(parser)
    add_json(parser)
    parser.add_argument("--strict", action="store_true", help="exit 1 for 'risky' too")
    parser.epilog = "Exit status: 0 fits, 1 does not fit, 2 unusable input, 3 unknown."


def run(arguments: Namespace) -> int:
    """Print the verdict."""
    opened = open_machine(arguments.files, arguments.root)
    if opened is not None:
        return _run_on_machine(opened, arguments)
    image = open_image(arguments.files)
    verdict = with_holder(check_image(image), image.files[-1].path)
    if arguments.json:
        from ovmfgui.cli.machine_json import files_of_image

        print_json({"files": files_of_image(image)} | _document(JsonView(image), verdict))
    else:
        _print(verdict, "")
    return _status(verdict.fit, strict=arguments.strict)


def _run_on_machine(opened: OpenedMachine, arguments: Namespace) -> int:
    from ovmfgui.layout.machine_verdict import check_machine

    store = opened.store
    there = store is not None and store.file is not None and store.stands_for is None
    verdict = with_holder(check_machine(opened), store.path if store and there else None)
    if arguments.json:
        from ovmfgui.cli.machine_json import files_of_machine, machine_json

        about = {"files": files_of_machine(opened), "machine": machine_json(opened)}
        image = opened.image if opened.image is not None else NOTHING_READ
        print_json(about | _document(JsonView(image), verdict))
    else:
        from ovmfgui.machine.sentence import machine_sentence

        _print(verdict, machine_sentence(opened))
    return _status(verdict.fit, strict=arguments.strict)


def _document(view: JsonView, verdict: Verdict) -> dict[str, object]:
    return {
        "verdict": str(verdict.fit),
        "outcome": str(verdict.outcome),
        "summary": verdict.summary,
        "advice": verdict.advice,
        "expects": view.expects(verdict.expects),
        "provides": layout(verdict.provides),
        "differences": differences(verdict.differences),
        "overlaps": [_overlap(each) for each in verdict.overlaps],
        "findings": view.findings(verdict.findings),
    }


def _overlap(each: Overlap) -> dict[str, object]:
    return {
        "expected": each.expected,
        "provided": each.provided,
        "offset": each.span.start,
        "size": each.span.size,
        "live": each.live,
    }


def _status(fit: Fit, *, strict: bool) -> int:
    match fit:
        case Fit.FITS:
            return ALL_WELL
        case Fit.RISKY:
            return ANSWER_IS_NO if strict else ALL_WELL
        case Fit.INCOMPATIBLE:
            return ANSWER_IS_NO
        case Fit.UNKNOWN:
            return ANSWER_UNKNOWN


def _print(verdict: Verdict, machine: str) -> None:
    if machine:
        print_wrapped(machine)
    say(f"{verdict.fit.sign} {verdict.fit} ({verdict.outcome})")
    print_wrapped(verdict.summary, "  ")
    if verdict.advice:
        print_wrapped(verdict.advice, "  ")
    if verdict.differences:
        print("\nWhat differs")
        for difference in verdict.differences:
            print_wrapped(difference.text, "  ")
    more = verdict.findings[1:]
    if more:
        print("\nAlso noticed")
        for finding in more:
            print_wrapped(finding.text, "  ", f"{SIGNS[finding.severity]} ")
