"""``ovmfgui check``: do this CODE and this VARS fit, and what happens at power-on?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import JsonView, differences, layout, print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO, ANSWER_UNKNOWN
from ovmfgui.cli.console import SIGNS, print_wrapped
from ovmfgui.layout.fit import check_image
from ovmfgui.layout.verdict import Fit
from ovmfgui.machine.opening import open_image

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.layout.overlap import Overlap
    from ovmfgui.layout.verdict import Verdict


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("code", metavar="CODE", help="a CODE image, or a unified one alone")
    parser.add_argument("vars", metavar="VARS", nargs="?", help="a variable store")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--strict", action="store_true", help="exit 1 for 'risky' too")
    parser.epilog = "Exit status: 0 fits, 1 does not fit, 2 unusable input, 3 unknown."


def run(arguments: Namespace) -> int:
    """Print the verdict."""
    paths = [path for path in (arguments.code, arguments.vars) if path is not None]
    image = open_image(paths)
    verdict = check_image(image)
    if arguments.json:
        view = JsonView(image)
        print_json(
            {
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
        )
    else:
        _print(verdict)
    return _status(verdict.fit, strict=arguments.strict)


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


def _print(verdict: Verdict) -> None:
    print(f"{verdict.fit.sign} {verdict.fit} ({verdict.outcome})")
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
