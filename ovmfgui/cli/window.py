"""``ovmfgui [FILE…]``: the window; without a display the same as pictures and text."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentTypeError
from importlib import import_module
from typing import TYPE_CHECKING

from ovmfgui.cli.command import ALL_WELL
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable
    from pathlib import Path

    from ovmfgui.gui.app import Pictures

_SMALLEST, _LARGEST = 320, 16384


def _folder(text: str) -> Path:
    # --version and --help come through here too, and need none of what Path brings along.
    from pathlib import Path

    return Path(text)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit()):
        msg = f"{text!r} is no size such as 1280x800"
        raise ArgumentTypeError(msg)
    size = int(width), int(height)
    if not all(_SMALLEST <= side <= _LARGEST for side in size):
        msg = f"{text!r}: each side has {_SMALLEST} to {_LARGEST} pixels"
        raise ArgumentTypeError(msg)
    return size


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not 0.5 <= scale <= 4:
        msg = f"{text!r} is no scale from 0.5 to 4"
        raise ArgumentTypeError(msg)
    return scale


def configure_window(parser: ArgumentParser) -> None:
    """The options of every command that opens the window."""
    parser.add_argument(
        "--screenshot",
        metavar="DIR",
        type=_folder,
        help="write a PNG of every view into DIR and exit; needs no display",
    )
    parser.add_argument(
        "--size", type=_size, metavar="WxH", help="size of the window (1280x800 in pictures)"
    )
    parser.add_argument(
        "--scale", type=_scale, metavar="N", help="size of everything in it: 2 is 200 %%"
    )
    parser.add_argument("--theme", choices=("light", "dark", "system"), help="colours")
    parser.add_argument(
        "--quit-after-first-paint",
        action="store_true",
        help="exit once the first complete frame has been drawn (for timing)",
    )


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="CODE and VARS in any order, one of them, a unified image, a JSON store, what defines "
        "a machine (see ovmfgui check --help), a migration stream, a save file, a flash trace or a "
        "scenario; the welcome page where none is named",
    )
    configure_window(parser)


def run(arguments: Namespace) -> int:
    """Open the window on the files."""
    return open_window(arguments, tuple(arguments.files))


def open_window(arguments: Namespace, paths: tuple[str, ...], *, demo: bool = False) -> int:
    """Open the window, or write pictures where those are asked for or there is no display."""
    if arguments.scale is not None:
        os.environ["QT_SCALE_FACTOR"] = str(arguments.scale)
    if arguments.screenshot is not None:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        made = _pictures(arguments, paths, demo, arguments.screenshot)
        print(f"{len(made.files)} pictures in {arguments.screenshot}")
        return ALL_WELL
    if not has_display():
        return _without_display(arguments, paths, demo)
    _load_qt(paths)
    from ovmfgui.gui.app import Start, run

    start = Start(paths, demo, arguments.theme or "", arguments.size)
    return run(start, quit_after_first_paint=arguments.quit_after_first_paint)


def has_display() -> bool:
    """Whether a window can be shown; only on Linux can that be told beforehand."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


_WITHOUT_QT = (
    "ovmfgui.flash.byte_formats",
    "ovmfgui.flash.extraction",
    "ovmfgui.flash.kind_explanations",
    "ovmfgui.flash.notes",
    "ovmfgui.help",
    "ovmfgui.layout.agreement",
    "ovmfgui.layout.cures",
    "ovmfgui.layout.demo",
    "ovmfgui.layout.inspection",
    "ovmfgui.layout.limits",
    "ovmfgui.layout.lookup",
    "ovmfgui.layout.searching",
    "ovmfgui.machine.installed",
    "ovmfgui.machine.sentence",
    "ovmfgui.machine.sorting_out",
    "ovmfgui.migration.recorded.file_kinds",
    "ovmfgui.nvram.batch",
    "ovmfgui.nvram.boot_options",
    "ovmfgui.nvram.changes",
    "ovmfgui.nvram.difference",
    "ovmfgui.nvram.packing",
    "concurrent.futures.thread",
    "html.entities",
)
"""What the window needs at once and what needs no Qt, with all that it brings along."""


def _load_qt(paths: Iterable[str] = ()) -> None:
    """Load the window's program; turn what is missing into a line that helps.

    What needs no Qt comes first: PySide6 reads the source of every module that is imported after
    it (shibokensupport's feature_imported), which takes longer than the import. The images are
    unpacked in a thread meanwhile.

    Raises:
        Refused: Qt, or a library of the system that it needs, is not there.
    """
    from importlib.util import find_spec

    from ovmfgui.cli.qt_libraries import refuse_without_libraries
    from ovmfgui.flash.decompress import begin_unpacking

    if any(find_spec(name) is None for name in ("PySide6", "pyqtgraph", "numpy")):
        msg = "this opens the window, which needs Qt: pip install 'ovmfgui[gui]'"
        raise Refused(msg)
    refuse_without_libraries()
    begin_unpacking(*paths)
    for name in _WITHOUT_QT:
        import_module(name)
    try:
        import ovmfgui.gui.app  # noqa: F401
    except ImportError as error:
        msg = f"Qt cannot be loaded ({error}); ./dev run installs what it needs"
        raise Refused(msg) from error


def _pictures(arguments: Namespace, paths: tuple[str, ...], demo: bool, folder: Path) -> Pictures:
    _load_qt()
    import tempfile
    from pathlib import Path

    from ovmfgui.gui.app import Start, pictures

    with tempfile.TemporaryDirectory() as settings:
        start = Start(
            tuple(paths),
            demo,
            arguments.theme or "light",
            arguments.size or (1280, 800),
            # Pictures show the window as it is at first, whatever this user has made of it.
            Path(settings) / "settings.ini",
        )
        return pictures(start, folder)


def _without_display(arguments: Namespace, paths: tuple[str, ...], demo: bool) -> int:
    from textwrap import fill

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _load_qt()
    folder = _folder_for_pictures()
    print(f"There is no display here, so the window is drawn into pictures in {folder}.")
    made = _pictures(arguments, paths, demo, folder)
    names = ", ".join(path.name for path in made.files)
    print(fill(names, width=100, initial_indent="  ", subsequent_indent="  "))
    if made.inspection is not None:
        from ovmfgui.layout.report import report_text

        print()
        print(report_text(made.inspection))
    if demo and made.replay is not None:
        from ovmfgui.cli.replay import print_replay

        print()
        print_replay(made.replay)
    return ALL_WELL


def _folder_for_pictures() -> Path:
    import tempfile
    from pathlib import Path

    here = Path("screenshots")
    try:
        here.mkdir(exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="ovmfgui-"))
    return (
        here.absolute() if os.access(here, os.W_OK) else Path(tempfile.mkdtemp(prefix="ovmfgui-"))
    )
