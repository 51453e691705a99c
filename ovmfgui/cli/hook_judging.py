"""What libvirt's hook calls: domain XML on standard input, an objection on standard error.

Standard output stays empty: libvirt would take it for other XML.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_DOMAIN
from ovmfgui.hosts.hook_script import OBJECTS, Policy, hook_path

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Judge one operation.

    Args:
        arguments: the policy, the domain's name, libvirt's operation.

    Returns:
        ``OBJECTS`` where the domain must not go on; 0 where it may, for whatever reason.
    """
    name = "a domain"
    try:
        policy, name, operation = Policy(arguments[0]), arguments[1], arguments[2]
        xml = b"" if sys.stdin is None else sys.stdin.buffer.read(MOST_DOMAIN + 1)
        if len(xml) > MOST_DOMAIN:
            _tell(f"{name} is not judged: its XML is longer than any of libvirt's")
            return 0
        return _judge(policy, name, operation, xml)
    except Exception as error:  # noqa: BLE001 (a fault of ours never stops a domain)
        _tell(f"{name} is not judged: {type(error).__name__}: {error}".replace("\n", " "))
        return 0


def _judge(policy: Policy, name: str, operation: str, xml: bytes) -> int:
    from ovmfgui.hosts.hook_judging import Operation, objection

    why, certain = objection(Operation(operation), name, xml)
    if not why:
        return 0
    if policy is Policy.REFUSE and certain:
        _tell(f"{why}; policy=warn in {hook_path('/')} lets {name} go on")
        return OBJECTS
    _tell(f"{name} goes on all the same: {why}")
    return 0


def _tell(text: str) -> None:
    """To libvirt, which shows it where we object, and to the system's log.

    Where one of the two does not take it, that changes no answer.
    """
    import syslog

    from ovmfgui.wording import visible

    text = visible(text)
    # print(file=None) would be standard output, which libvirt takes for XML.
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            print(f"ovmfgui: {text}", file=sys.stderr, flush=True)
    with suppress(OSError, ValueError):
        syslog.openlog("ovmfgui", 0, syslog.LOG_DAEMON)
        syslog.syslog(syslog.LOG_WARNING, text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
