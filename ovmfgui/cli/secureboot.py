"""``ovmfgui secureboot``: who is trusted, what has ended, and whether the next update fits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.parsing import add_json, add_root
from ovmfgui.cli.secureboot_json import document_of
from ovmfgui.cli.secureboot_row import Judged
from ovmfgui.cli.secureboot_text import print_rows
from ovmfgui.dataclass import replace
from ovmfgui.layout.enforcement import NO_CODE, Enforcement, enforcement_of
from ovmfgui.layout.limits import variable_limits
from ovmfgui.layout.secure_boot_findings import enforcement_findings
from ovmfgui.machine.opening import open_image
from ovmfgui.refusal import Refused
from ovmfgui.trust.sources import stores_in

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator, Sequence

    from ovmfgui.flash.image import Image
    from ovmfgui.nvram.limits import Limits
    from ovmfgui.trust.binary import Judgement
    from ovmfgui.trust.boot_chain import Chain
    from ovmfgui.trust.overview import Overview
    from ovmfgui.trust.sources import Store

    _Tried = tuple[Judgement, tuple[Chain, ...], tuple[str, ...]]


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "stores",
        nargs="+",
        metavar="STORE",
        help="stores, folders of them, uefi-vars JSON, or what defines a machine; a CODE image "
        "beside them tells whether it enforces their keys",
    )
    parser.add_argument(
        "--efi",
        metavar="FILE",
        help="would this binary start there? or the loaders on an EFI system partition, a disk "
        "(raw, qcow2), an ISO image or in a folder, one after the other: shim, grub, kernel",
    )
    add_root(parser)
    add_json(parser)
    parser.epilog = (
        "Exit status: 0 all well, 1 something is to be done (or the binary does not start), "
        "2 unusable input. Firmware does not look at the dates of certificates; what has ended "
        "tells what will not be signed any more."
    )


def run(arguments: Namespace) -> int:
    """Print a row for each store."""
    today = date.today()
    found = stores_in(arguments.stores, arguments.root)
    rows = list(_judged(found.stores, arguments.efi, today))
    failed = [each for each in found.passed_over if each.failed]
    if not rows and not failed:
        msg = f"there is no variable store in {', '.join(arguments.stores)}"
        raise Refused(msg)
    if arguments.json:
        print_json(document_of(rows, found.passed_over, arguments.efi))
    else:
        print_rows(rows, found.passed_over)
    well = all(each.well for each in rows) and not failed
    return ALL_WELL if well else ANSWER_IS_NO


def _judged(stores: Sequence[Store], efi: str | None, today: date) -> Iterator[Judged]:
    codes: dict[str, Image | str] = {}
    tried = None if efi is None else _tried(efi)
    for each in stores:
        store = each
        code, limits = _code(store, codes)
        if limits is not None and store.room is not None:
            store = replace(store, room=store.room.within(limits))
        seen = store.overview(today)
        findings = (*seen.findings, *enforcement_findings(code, seen.mode))
        checks = seen if code.enforced is not False else replace(seen, mode="unenforced")
        judged, chains, unread = (None, (), ()) if tried is None else tried(checks)
        yield Judged(store, seen, code, findings, judged, chains, unread)


def _tried(efi: str) -> Callable[[Overview], _Tried]:
    """What is asked of each store about a binary, or about the loaders on a medium."""
    from ovmfgui.trust.binary import judge, read_binary
    from ovmfgui.trust.medium import is_medium

    if not is_medium(efi):
        binary = read_binary(efi)
        return lambda seen: (judge(binary, seen), (), ())
    from ovmfgui.trust.boot_chain import chains_of, loaders_on, overall

    loaders = loaders_on(efi)

    def on_medium(seen: Overview) -> _Tried:
        chains = chains_of(loaders, seen)
        decides = overall(chains, loaders, seen)
        first = decides.stages[0].judgement
        return replace(first, starts=decides.starts, why=decides.why), chains, loaders.unread

    return on_medium


def _code(store: Store, codes: dict[str, Image | str]) -> tuple[Enforcement, Limits | None]:
    """What the CODE of a store does with its keys, and how large a variable it takes.

    Each CODE is read once.
    """
    if not store.code:
        return NO_CODE, None
    if store.code not in codes:
        try:
            codes[store.code] = open_image([store.code])
        except Refused as refusal:
            codes[store.code] = str(refusal)
    code = codes[store.code]
    if isinstance(code, str):
        return Enforcement(None, code), None
    return enforcement_of(code, store.machine), variable_limits(code)
