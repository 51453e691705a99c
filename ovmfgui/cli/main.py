"""The ``ovmfgui`` command: the table of commands and the way into each."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

from ovmfgui import __version__
from ovmfgui.cli.command import ALL_WELL, FAULT, OUTPUT_FAILED, UNUSABLE, Command
from ovmfgui.cli.output import OutputFailed, checked_output, complain, let_go
from ovmfgui.cli.parsing import parser_for, table_of
from ovmfgui.ending import ended_late
from ovmfgui.nvram.saved import saved, told_of_other_names
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (
    Command("demo", "open the window on the built-in migration lesson", "demo", window=True),
    Command(
        "inspect", "the flash map and structure of an image or a pair", "inspect", unpacks=True
    ),
    Command("vars", "list, read and change the variables of a store", "vars"),
    Command(
        "check",
        "do this CODE and this VARS fit, and what happens at power-on",
        "check",
        unpacks=True,
    ),
    Command("matrix", "every CODE against every VARS, or one host's package on another", "matrix"),
    Command("preflight", "which domains of a host can go to another and start there", "preflight"),
    Command("collect", "what preflight needs to know of a host, as files", "collect"),
    Command("hook", "libvirt asks before a domain starts or comes from another host", "hook"),
    Command("gate", "does a new firmware package keep alive what the old one made", "gate"),
    Command("compare", "two images or pairs side by side", "compare", unpacks=True),
    Command("secureboot", "who is trusted, what has ended, does the next update fit", "secureboot"),
    Command("measure", "what attestation says of an image (SEV-SNP, TDX)", "measure"),
    Command("report", "one self-contained page: map, verdict, variables, findings", "report"),
    Command("find", "bytes, text, a GUID or a variable name, packed bodies included", "find"),
    Command("extract", "a part of an image into a file: whole, body or unpacked", "extract"),
    Command("split", "a unified image into CODE and VARS", "split"),
    Command("join", "CODE and VARS into a unified image", "join"),
    Command("convert", "carry variables over into a store that another CODE expects", "convert"),
    Command("replay", "run a migration scenario step by step", "replay"),
    Command("stream", "what a QEMU migration stream holds of the flash", "stream"),
    Command("trace", "replay a QEMU flash trace on the emulated chip", "trace"),
    Command("follow", "what a running machine writes to its store, as it happens", "follow"),
    Command("explain", "what a message of QEMU, libvirt or firmware about flash means", "explain"),
)

_STATUSES = """exit status:
  0 all well, 1 the answer is no, 2 the input cannot be used, 3 unknown,
  70 a fault of the program itself, 74 the answer could not be written and nothing was saved"""

_WINDOW = Command("window", "open files in the window", "window", window=True)


def _run(arguments: Sequence[str]) -> int:
    command = next((c for c in COMMANDS if arguments and c.name == arguments[0]), None)
    if command is not None:
        parser, rest = parser_for(command, f"ovmfgui {command.name}"), arguments[1:]
    else:
        word = arguments[0] if arguments else "-"
        if not word.startswith("-") and not os.path.lexists(word):
            _refuse_unknown(word)
        command, rest = _WINDOW, arguments
        parser = parser_for(command, "ovmfgui", f"{table_of(COMMANDS, 'ovmfgui')}\n\n{_STATUSES}")
        parser.add_argument("--version", action="version", version=f"ovmfgui {__version__}")
    if not command.window:
        # A command lives for less than a second: what its collector would find goes with it.
        gc.disable()
    if command.unpacks:
        _unpack_meanwhile(rest)
    module = command.load()
    module.configure(parser)
    return module.run(parser.parse_args(rest))


def _unpack_meanwhile(arguments: Sequence[str]) -> None:
    """Unpacking, which lets go of the interpreter, begins before the command is loaded."""
    from ovmfgui.flash.decompress import begin_unpacking

    begin_unpacking(*arguments)


def _refuse_unknown(word: str) -> None:
    """Tell a mistyped command before a window is made for a file of that name."""
    from difflib import get_close_matches

    close = get_close_matches(word, [command.name for command in COMMANDS], 1)
    hint = f"did you mean {close[0]}?" if close else "'ovmfgui --help' lists the commands"
    msg = f"{word} is no command and no file; {hint}"
    raise Refused(msg)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: without the program's name; ``sys.argv`` where None.

    Returns:
        The exit status: 0 all well, 1 the answer is no, 2 unusable input, 3 unknown, 70 a fault of
        the program itself, 74 the answer could not be written.
    """
    before = len(saved)
    try:
        with ended_late(), checked_output():
            status = _run(sys.argv[1:] if arguments is None else list(arguments))
            _tell_other_names()
            return status
    except Refused as refusal:
        complain(str(refusal))
        return UNUSABLE
    except KeyboardInterrupt:
        complain("stopped")
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone (head, less).
        let_go()
        return ALL_WELL if saved[before:] else 141
    except OutputFailed as failure:
        return _unwritten(failure, saved[before:])
    except OSError as error:
        if error.filename is None:
            complain(_report(error))
            return FAULT
        complain(f"{error.filename}: {error.strerror or error}")
        return UNUSABLE
    except Exception as error:  # noqa: BLE001 (kept in a file and told in a line)
        complain(_report(error))
        return FAULT


def _tell_other_names() -> None:
    for sentence in told_of_other_names():
        complain(sentence)


def _unwritten(failure: OutputFailed, files: Sequence[str]) -> int:
    let_go()
    done = f"; saved all the same: {', '.join(files)}" if files else ""
    complain(f"standard output cannot be written: {failure}{done}")
    return ALL_WELL if files else OUTPUT_FAILED


def _report(error: Exception) -> str:
    """Keep the traceback of a fault of our own in a file, and say where."""
    import tempfile
    import traceback

    what = f"a fault in ovmfgui itself ({type(error).__name__}: {error})".replace("\n", " ")
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="ovmfgui-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            traceback.print_exception(error, file=log)
    except OSError:
        return f"{what}; please report it"
    return f"{what}; please report it with {log.name}"


def program() -> NoReturn:
    """Run one command as a process: what it has made is left to the system to take away.

    Taking it apart object by object, as the interpreter does at its end, takes a tenth of the time
    of a short command. What was registered for the end is done all the same.
    """
    status = main()
    alone = all(each.daemon or each is threading.main_thread() for each in threading.enumerate())
    # A window takes itself down in its own order.
    if alone and "PySide6" not in sys.modules:
        atexit._run_exitfuncs()  # noqa: SLF001 (it has no other name)
        with contextlib.suppress(OSError, ValueError, AttributeError):
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    program()
