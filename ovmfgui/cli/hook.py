"""``ovmfgui hook``: libvirt asks before it starts a domain, or lets one come from another host."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.parsing import add_json

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

_RELOAD = "libvirt looks for hooks when it starts or reloads: systemctl reload libvirtd (virtqemud)"


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument("--install", action="store_true", help="write the hook, or its new policy")
    doing.add_argument("--uninstall", action="store_true", help="remove it")
    parser.add_argument(
        "--policy",
        choices=("refuse", "warn", "off"),
        help="refuse (unless one was set before): what would lose variables does not start; "
        "warn: the log tells; off",
    )
    parser.add_argument(
        "--root", metavar="DIR", default="/", help="the file tree of the host that is meant; /"
    )
    add_json(parser)
    parser.epilog = (
        "Without --install or --uninstall: is it there, and with which policy? Before a start it "
        "refuses what 'ovmfgui check' calls wiped, boots-corrupting or no-boot; before a migration "
        "to this host CODE that is missing here or of a size that its board cannot have. A fault "
        "of its own never stops a domain. Exit status: 0 it is there (or was removed), 1 it is not."
    )


def run(arguments: Namespace) -> int:
    """Install, remove or look."""
    from ovmfgui.hosts.hook_script import Policy, hook_path, install, installed_policy, uninstall
    from ovmfgui.refusal import Refused

    if arguments.policy is not None and not arguments.install:
        msg = "--policy goes with --install"
        raise Refused(msg)
    if not arguments.root or not Path(arguments.root).is_dir():
        msg = f"--root {arguments.root or repr('')} is no folder; name the tree of the host"
        raise Refused(msg)
    path = hook_path(arguments.root)
    if arguments.install:
        before = installed_policy(arguments.root)
        install(arguments.root, Policy(arguments.policy or before or "refuse"))
        _warn_of_writers()
        if arguments.root == "/":
            from ovmfgui.hosts.hook_judging import keep_installed

            keep_installed()
    removed = arguments.uninstall and uninstall(arguments.root)
    policy = installed_policy(arguments.root)
    if arguments.json:
        print_json({"path": str(path), "policy": None if policy is None else str(policy)})
    elif arguments.uninstall:
        print(f"{path} is removed" if removed else f"{path} was not there")
    elif policy is None:
        print(f"{path} is not there; 'ovmfgui hook --install' writes it")
    else:
        print(f"{path}: policy {policy}")
    if arguments.install and not arguments.json:
        print(_RELOAD)
    return ALL_WELL if arguments.uninstall or policy is not None else ANSWER_IS_NO


def _warn_of_writers() -> None:
    from ovmfgui.hosts.hook_script import writable_by_others

    path = writable_by_others()
    if path:
        print(
            f"ovmfgui: root is going to run what lies in {path}, which not only root may write to; "
            "install ovmfgui where only root does",
            file=sys.stderr,
        )
