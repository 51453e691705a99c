"""What Qt needs of the system and may not find: named before Qt ends the program without a word.

On X11 a missing libxcb-cursor makes Qt abort (status 134) when its platform plugin is loaded; other
libraries make the import fail with the loader's words. Which package has a library, each
distribution says differently.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from pathlib import Path

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.refusal import Refused


class Library(NamedTuple):
    """A shared library, and the package that has it.

    Attributes:
        name: as the loader knows it.
        debian: and Ubuntu.
        fedora: and RHEL and their kin.
        arch: and its kin.
        suse: openSUSE and SLES.
        x11: whether only the window on X11 needs it.
    """

    name: str
    debian: str
    fedora: str
    arch: str
    suse: str
    x11: bool = False


class Distribution(NamedTuple):
    """How packages are installed; ``names`` are its own and its kin's in os-release."""

    names: tuple[str, ...]
    column: str
    command: str


# What libQt6Gui, libQt6DBus and the xcb platform plugin of PySide6's wheels need and do not bring.
LIBRARIES = (
    Library("libEGL.so.1", "libegl1", "libglvnd-egl", "libglvnd", "libglvnd"),
    Library("libGL.so.1", "libgl1", "libglvnd-glx", "libglvnd", "libglvnd"),
    Library("libglib-2.0.so.0", "libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    Library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    Library("libfontconfig.so.1", "libfontconfig1", "fontconfig", "fontconfig", "fontconfig"),
    Library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    Library(
        "libxkbcommon-x11.so.0",
        "libxkbcommon-x11-0",
        "libxkbcommon-x11",
        "libxkbcommon-x11",
        "libxkbcommon-x11-0",
        x11=True,
    ),
    Library(
        "libxcb-cursor.so.0",
        "libxcb-cursor0",
        "xcb-util-cursor",
        "xcb-util-cursor",
        "libxcb-cursor0",
        x11=True,
    ),
    Library(
        "libxcb-icccm.so.4",
        "libxcb-icccm4",
        "xcb-util-wm",
        "xcb-util-wm",
        "libxcb-icccm4",
        x11=True,
    ),
    Library(
        "libxcb-image.so.0",
        "libxcb-image0",
        "xcb-util-image",
        "xcb-util-image",
        "libxcb-image0",
        x11=True,
    ),
    Library(
        "libxcb-keysyms.so.1",
        "libxcb-keysyms1",
        "xcb-util-keysyms",
        "xcb-util-keysyms",
        "libxcb-keysyms1",
        x11=True,
    ),
    Library(
        "libxcb-render-util.so.0",
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
        "libxcb-render-util0",
        x11=True,
    ),
    Library("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0", x11=True),
)

DISTRIBUTIONS = (
    Distribution(("debian", "ubuntu"), "debian", "sudo apt install"),
    Distribution(("fedora", "rhel", "centos"), "fedora", "sudo dnf install"),
    Distribution(("arch",), "arch", "sudo pacman -S"),
    Distribution(("opensuse", "suse", "sles"), "suse", "sudo zypper install"),
)
_FOLDERS = ("/usr/lib64", "/usr/lib", f"/usr/lib/{platform.machine()}-linux-gnu")


def refuse_without_libraries() -> None:
    """Before Qt is loaded: what it will need.

    Raises:
        Refused: libraries are missing; named with the command that installs them.
    """
    if not sys.platform.startswith("linux"):
        return
    plugin = os.environ.get("QT_QPA_PLATFORM", "")
    x11 = not plugin.startswith("offscreen") and bool(os.environ.get("DISPLAY"))
    missing = [each for each in LIBRARIES if (x11 or not each.x11) and not _is_there(each.name)]
    if missing:
        raise Refused(sentence(missing, _os_release()))


def sentence(missing: list[Library], os_release: str) -> str:
    """One line: what is missing, and how this distribution brings it."""
    names = ", ".join(each.name for each in missing)
    own = _distribution(os_release)
    if own is None:
        return f"the window needs libraries that are missing: {names}"
    packages = dict.fromkeys(str(getattr(each, own.column)) for each in missing)
    return f"the window needs {names}: {own.command} {' '.join(packages)}"


def _distribution(os_release: str) -> Distribution | None:
    said = dict(re.findall(r'^(ID|ID_LIKE)="?([^"\n]*)"?$', os_release, re.MULTILINE))
    for word in f"{said.get('ID', '')} {said.get('ID_LIKE', '')}".split():
        for each in DISTRIBUTIONS:
            if word.split("-")[0] in each.names:
                return each
    return None


def _os_release() -> str:
    for path in ("/etc/os-release", "/usr/lib/os-release"):
        try:
            return Path(path).read_text("utf-8", "replace")
        except OSError:
            continue
    return ""


def _is_there(name: str) -> bool:
    if any(Path(folder, name).exists() for folder in _FOLDERS):
        return True
    # Elsewhere, as on NixOS: the loader knows.
    import ctypes

    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
