"""From the bytes of a definition to a Machine: what it is, is told by its content."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from ovmfgui.budgets import MOST_DEFINITION
from ovmfgui.flash.source import head_of, read_regular
from ovmfgui.flash.standard_input import STANDARD_INPUT, standard_input
from ovmfgui.machine.host_tree import tree_of
from ovmfgui.refusal import wall

if TYPE_CHECKING:
    from ovmfgui.machine.model import Machine

_MAPPING = rb'"mapping"\s*:'
_HEAD = 64 << 10
"""Bytes that are enough to tell what a file is."""


def form_of(head: bytes) -> str:
    """Which kind of definition begins so: descriptor, domain, command, proxmox; empty if none."""
    text = head[:_HEAD]
    stripped = text.lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"\0" in text and b"qemu" not in text[:4096] and not text.startswith(b"/usr/bin/kvm\0"):
        return ""
    if stripped.startswith(b"{"):
        # A variable may be called so: in a store its name is a value, and no key.
        return "descriptor" if re.search(_MAPPING, text) else ""
    if stripped.startswith(b"<"):
        return "domain" if b"<domain" in text or b"<domstatus" in text else ""
    from ovmfgui.machine.proxmox import looks_like_proxmox
    from ovmfgui.machine.text_forms import looks_like_command

    words = text.decode("utf-8", "replace")
    if looks_like_command(words):
        return "command"
    return "proxmox" if looks_like_proxmox(words) else ""


def parse_definition(path: str, raw: bytes, root: str | None = None) -> Machine | None:
    """The machine that a definition tells; None where the bytes are none.

    Args:
        path: where the bytes are from; ``-`` for standard input.
        raw: all of them.
        root: the tree of the host that is meant; None: told from where the definition lies.

    Raises:
        Refused: it is a definition, but of no machine with UEFI.
    """
    with wall(path):
        return _parsed(path, raw, root)


def _parsed(path: str, raw: bytes, root: str | None) -> Machine | None:
    match form_of(raw) or form_of(raw[-_HEAD:]):
        case "descriptor":
            from ovmfgui.machine.descriptors import machine_described, parse_descriptor

            return machine_described(parse_descriptor(path, raw))
        case "domain":
            from ovmfgui.machine.domain import parse_domain

            tree = tree_of("" if path == STANDARD_INPUT else path, root)
            return parse_domain(path, raw, tree)
        case "command":
            from ovmfgui.machine.text_forms import parse_command

            return parse_command(path, raw.decode("utf-8", "replace"))
        case "proxmox":
            from ovmfgui.machine.proxmox import parse_proxmox

            tree = tree_of("" if path == STANDARD_INPUT else path, root)
            return parse_proxmox(path, raw.decode("utf-8", "replace"), tree)
        case _:
            return None


def is_definition(path: str) -> bool:
    """Whether a file, or what stands on standard input, defines a machine."""
    if path == STANDARD_INPUT:
        raw = standard_input()
        return bool(form_of(raw) or form_of(raw[-_HEAD:]))
    try:
        if not os.path.isfile(path):
            return False
        head = head_of(path, _HEAD)
        if form_of(head):
            return True
        # A log begins with whatever its guest's first start was like.
        if b"\0" in head or len(head) < _HEAD:
            return False
        return form_of(head_of(path, _HEAD, end=True)) != ""
    except (OSError, ValueError):
        return False


def read_definition(path: str, root: str | None = None) -> Machine | None:
    """The machine that a file or standard input (``-``) defines; None where it is none.

    Raises:
        Refused: it cannot be read, or is a definition of no machine with UEFI.
    """
    return parse_definition(path, read_regular(path, MOST_DEFINITION), root)
