"""``ovmfgui collect``: what preflight needs to know of a host, as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL
from ovmfgui.cli.console import print_wrapped, say
from ovmfgui.cli.parsing import add_json
from ovmfgui.wording import count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ovmfgui.hosts.host import Host


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "uri",
        nargs="?",
        metavar="URI",
        help="libvirt URI, or a folder with a host's files; qemu:///system where none is named",
    )
    parser.add_argument("-o", dest="output", metavar="DIR", required=True, help="where to write")
    parser.add_argument(
        "--no-stores",
        action="store_true",
        help="leave the values of variables out: names, sizes and certificates alone are kept",
    )
    add_json(parser)
    parser.epilog = (
        "The folder holds domain XML without its secrets, firmware descriptors, firmware images, "
        "and the variable stores, under the paths that they have on the host; host.json tells "
        "digests, layouts and machine types. Stores may hold keys: keep the folder to yourself."
    )


def run(arguments: Namespace) -> int:
    """Collect a host and say what came together."""
    from ovmfgui.cli.host_connections import announce, ended_like_ctrl_c
    from ovmfgui.hosts.collecting import collect
    from ovmfgui.hosts.naming import THIS_HOST
    from ovmfgui.hosts.reaching import connection_to

    name = arguments.uri or THIS_HOST
    announce(name)
    with ended_like_ctrl_c(), connection_to(name) as connection:
        host = collect(connection, arguments.output, stores=not arguments.no_stores)
    unread = {
        path: why for path, why in host.without_contents.items() if why != "was not collected"
    }
    if arguments.json:
        print_json(
            {
                "host": name,
                "folder": arguments.output,
                "domains": [{"name": d.name, "state": d.state} for d in host.domains],
                "not_collected": [{"path": p, "why": why} for p, why in sorted(unread.items())],
            }
        )
    else:
        _print(host, name, unread)
    return ALL_WELL


def _print(host: Host, name: str, unread: dict[str, str]) -> None:
    say(f"{host.name}: {count(len(host.domains), 'domain')} of {name}")
    for path, why in sorted(unread.items()):
        print_wrapped(f"{path} {why}", "  ", "⚠ ")
