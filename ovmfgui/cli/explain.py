"""``ovmfgui explain``: what a message of QEMU, libvirt or firmware means."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ovmfgui.budgets import MOST_MESSAGE
from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import print_wrapped, say
from ovmfgui.cli.output import complain
from ovmfgui.cli.parsing import add_json
from ovmfgui.migration.explain.explaining import MESSAGES, explain, unread_of
from ovmfgui.migration.explain.proof import Opened
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.flash.image import Image
    from ovmfgui.migration.explain.message import Explanation


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "text", nargs="*", metavar="TEXT", help="the message; standard input where none is given"
    )
    parser.add_argument("--code", metavar="CODE", help="CODE of the machine, to look at for proof")
    parser.add_argument("--vars", metavar="VARS", help="VARS of the machine, likewise")
    parser.add_argument("--list", action="store_true", help="list the messages that are known")
    add_json(parser)


def run(arguments: Namespace) -> int:
    """Explain a text."""
    if arguments.list:
        return run_list(arguments.json)
    text = " ".join(arguments.text) if arguments.text else _standard_input()
    found = explain(text, Opened(_opened(arguments.code), _opened(arguments.vars)))
    unread = unread_of(text, found)
    if unread:
        complain(unread)
    if arguments.json:
        print_json({"explanations": [as_document(each) for each in found], "unread": unread})
    elif found:
        for number, each in enumerate(found):
            if number:
                print()
            print_explanation(each)
    else:
        print_wrapped(
            "Nothing is known of this text. 'ovmfgui explain --list' shows the messages that are "
            "known; paste the whole of what was printed, the first line too."
        )
    return ALL_WELL if found else ANSWER_IS_NO


def run_list(as_json: bool) -> int:
    """List the messages that are known."""
    if as_json:
        rows = [
            {"id": m.id, "speaker": m.speaker, "example": m.example, "source": m.source}
            for m in MESSAGES
        ]
        print_json({"messages": rows})
        return ALL_WELL
    for message in MESSAGES:
        say(f"{message.id} ({message.speaker})")
        print_wrapped(message.example, "    ")
    return ALL_WELL


def as_document(explanation: Explanation) -> dict[str, Any]:
    """One explanation as JSON."""
    return {
        "id": explanation.message.id,
        "speaker": explanation.message.speaker,
        "line": explanation.line,
        "meaning": explanation.meaning,
        "cause": explanation.cause,
        "causes": [{"cause": cause, "tell": tell} for cause, tell in explanation.message.causes],
        "proof": list(explanation.proof),
        "cure": explanation.cure,
        "source": explanation.message.source,
    }


def print_explanation(explanation: Explanation) -> None:
    """One explanation for a person."""
    print_wrapped(explanation.line, "", f"{explanation.message.speaker}: ")
    print_wrapped(explanation.meaning, "  ")
    print_wrapped(explanation.cause, "  ", "Cause  ")
    for cause, tell in explanation.message.causes:
        print_wrapped(f"{cause} You see it by this: {tell}", "  ", "     - ")
    for sentence in explanation.proof:
        print_wrapped(sentence, "  ", "Proof  ")
    print_wrapped(explanation.cure, "  ", "Cure   ")


def _standard_input() -> str:
    if sys.stdin is None:
        msg = "standard input is closed; give the message as TEXT"
        raise Refused(msg)
    if sys.stdin.isatty():
        print("Paste the message, then press Ctrl-D:", file=sys.stderr)
    text = sys.stdin.read(MOST_MESSAGE + 1)
    if not text.strip():
        msg = "there is no text; give the message as TEXT, or on standard input"
        raise Refused(msg)
    return text


def _opened(path: str | None) -> Image | None:
    from ovmfgui.machine.opening import open_image  # a message alone needs none of it

    return open_image([path]) if path is not None else None
