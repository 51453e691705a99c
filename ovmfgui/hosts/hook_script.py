"""The hook as a file in libvirt's folder: what is written there, found there and removed again."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from stat import S_ISREG
from string import Template

from ovmfgui.budgets import MOST_HOOK
from ovmfgui.machine.host_tree import HostTree
from ovmfgui.refusal import Refused

FOLDER = "etc/libvirt/hooks/qemu.d"
"""Where libvirt 6.5 and later runs every executable, in the order of their names."""
NAME = "ovmfgui"
KEPT = "/var/cache/ovmfgui/codes"
"""Where what CODE expects is kept between starts."""
OBJECTS = 10
"""Exit status of the program that judges, for an objection; anything else is none."""
_MARK = "# Written by 'ovmfgui hook --install'; 'ovmfgui hook --uninstall' removes it."
_POLICY = re.compile(r"^policy=(\w+)$", re.MULTILINE)


class Policy(StrEnum):
    """What is done where there is an objection."""

    REFUSE = "refuse"
    """The domain does not start, or does not come here; libvirt's error says why."""
    WARN = "warn"
    """It does, and the system's log says what is going to happen."""
    OFF = "off"
    """Nobody looks."""


_SCRIPT = Template(
    """#!/bin/sh
$mark
# refuse: a start that would lose or ruin variables does not happen; warn: the log tells; off.
policy=$policy
# libvirt waits for this and holds the domain: nothing in it asks libvirt. A fault of its own, or
# of the program that it calls, never stops a domain.
[ "$$policy" != off ] || exit 0
coming=/run/ovmfgui/coming
# A name of dots alone is a folder; with a sign in front of it none is.
mark="$$coming/+$$1"
note() {
  # Not with ":", a special builtin: where its redirection fails the whole shell ends.
  mkdir -p "$$coming" 2>/dev/null
  touch -- "$$mark" 2>/dev/null ||
    logger -t ovmfgui -p daemon.warning "$$mark cannot be written" 2>/dev/null
}
case "$$2 $$3" in
  "prepare begin")
    # What comes from another host or out of a save file brings its chips along: the store here
    # says nothing yet.
    if [ -n "$$(find "$$mark" -mmin -5 2>/dev/null)" ]; then
      rm -f "$$mark"
      exit 0
    fi ;;
  "migrate begin") ;;
  "restore begin")
    note
    exit 0 ;;
  "release end")
    rm -f "$$mark" 2>/dev/null
    exit 0 ;;
  *) exit 0 ;;
esac
PYTHONPATH=$package timeout -k 5 20 $python -sP -m ovmfgui.cli.hook_judging "$$policy" "$$1" "$$2"
status=$$?
case $$status in
  0) ;;
  $objects) exit 1 ;;
  *)
    echo "ovmfgui: the hook has a fault of its own (status $$status); $$1 is not judged" >&2
    logger -t ovmfgui -p daemon.warning \\
      "the libvirt hook has a fault of its own (status $$status); $$1 is not judged" 2>/dev/null ;;
esac
[ "$$2" != migrate ] || note
exit 0
"""
)


def script(policy: Policy) -> str:
    """The hook's text; it calls the program that is running now."""
    return _SCRIPT.substitute(
        mark=_MARK,
        policy=policy,
        objects=OBJECTS,
        package=shlex.quote(str(Path(__file__).resolve().parents[2])),
        python=shlex.quote(sys.executable),
    )


def hook_path(root: str) -> Path:
    """Where the hook lies on a host with this root folder, whose links never lead out of it."""
    return Path(HostTree(root).path(f"/{FOLDER}"), NAME)


def installed_policy(root: str) -> Policy | None:
    """The policy of the hook that is there; None where there is none.

    Raises:
        Refused: something else has its name, or it cannot be read.
    """
    path = hook_path(root)
    try:
        kind = path.stat().st_mode
        if S_ISREG(kind):
            with path.open(encoding="utf-8", errors="replace") as file:
                text = file.read(MOST_HOOK + 1)
        else:
            text = ""
    except FileNotFoundError:
        return None
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise Refused(msg) from error
    if _MARK not in text or len(text) > MOST_HOOK:
        msg = f"{path} is not written by 'ovmfgui hook --install'; look whose it is"
        raise Refused(msg)
    said = _POLICY.search(text)
    return Policy(said[1]) if said is not None and said[1] in list(Policy) else Policy.REFUSE


def install(root: str, policy: Policy) -> Path:
    """Write the hook, in place of an earlier one of ours.

    Raises:
        Refused: something else is there, or the folder cannot be written.
    """
    installed_policy(root)
    path = hook_path(root)
    # Written beside the folder: libvirt runs whatever executable lies in it.
    partial = path.parent.with_name(f".{NAME}-hook")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        with partial.open("x", encoding="utf-8") as file:
            file.write(script(policy))
        partial.chmod(0o755)
        partial.replace(path)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        msg = f"{path} cannot be written: {error.strerror}; run this as root"
        raise Refused(msg) from error
    return path


def uninstall(root: str) -> bool:
    """Remove the hook, and its folder if nothing else is in it; whether there was one.

    Raises:
        Refused: something else has its name, or it cannot be removed.
    """
    if installed_policy(root) is None:
        return False
    path = hook_path(root)
    try:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
        shutil.rmtree(HostTree(root).path(KEPT), ignore_errors=True)
    except OSError as error:
        msg = f"{path} cannot be removed: {error.strerror}; run this as root"
        raise Refused(msg) from error
    return True


def writable_by_others() -> str:
    """A path of the program that somebody else than root may write to; empty where none is.

    Root runs what lies there at every start of a domain.
    """
    files = (Path(sys.executable).resolve(), Path(__file__).resolve())
    for file in files:
        for path in (file, *file.parents):
            said = path.stat()
            sticky = bool(said.st_mode & 0o1000)
            if said.st_uid != 0 or (said.st_mode & 0o002 and not sticky):
                return str(path)
    return ""
