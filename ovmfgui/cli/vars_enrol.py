"""``ovmfgui vars enrol``: Secure Boot keys into one store or many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from ovmfgui.budgets import MOST_VALUE
from ovmfgui.cli.as_json import print_json
from ovmfgui.cli.command import ALL_WELL, ANSWER_IS_NO
from ovmfgui.cli.console import say
from ovmfgui.cli.measured_change import MeasuredChange, measured_change, print_review
from ovmfgui.cli.output import complain
from ovmfgui.cli.parsing import add_json
from ovmfgui.cli.store_argument import opened_store
from ovmfgui.cli.update_check import Checked, checked_update, configure_force
from ovmfgui.flash.source import read_regular
from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram.key_files import read_keys
from ovmfgui.nvram.packing import create_flash, save_flash
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.signed_update import read_signed_update
from ovmfgui.nvram.store_file import open_store
from ovmfgui.refusal import Refused
from ovmfgui.trust.databases import NAMES
from ovmfgui.trust.enrolment import enrol, of_profile, of_store
from ovmfgui.trust.profiles import PROFILES, profile_named
from ovmfgui.wording import count

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from pathlib import Path

    from ovmfgui.nvram.store import Store

_OWN = ("db", "dbx", "KEK", "PK")
_ATTRIBUTES = int(Attributes.NV | Attributes.BS | Attributes.RT | Attributes.AT)


class Own(NamedTuple):
    """Keys of a file that was given: signature lists, and the signed update that they came in."""

    path: str
    lists: bytes
    update: bytes | None


class Done(NamedTuple):
    """What became of one store; ``failed`` says why where nothing was done."""

    path: str
    title: str = ""
    changed: bool = False
    backup: str | None = None
    failed: str | None = None
    checked: tuple[Checked, ...] = ()
    measured: MeasuredChange | None = None


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("vars", nargs="+", metavar="STORE", help="stores, or machines' definitions")
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--profile",
        choices=[profile.name for profile in PROFILES],
        help="; ".join(f"{profile.name}: {profile.what}" for profile in PROFILES),
    )
    source.add_argument("--from", dest="other", metavar="STORE", help="the keys of another store")
    for name in _OWN:
        parser.add_argument(
            f"--{name.lower()}",
            dest=name,
            metavar="FILE",
            help=f"your own for {name}: DER, PEM, .esl or .auth",
        )
    parser.add_argument("--owner", metavar="GUID", help="SignatureOwner of your own certificates")
    parser.add_argument("--replace", action="store_true", help="instead of what is there")
    parser.add_argument("--compact", action="store_true", help="compact the store if it is full")
    configure_force(parser)
    parser.add_argument("-o", "--output", metavar="FILE", help="a new file; one store alone")
    parser.add_argument("--dry-run", action="store_true", help="save nothing")
    add_json(parser)
    parser.epilog = (
        "What is there stays (without --replace), a PK in any case. PCR 7 before and after is told "
        "where it changes: disk encryption that is sealed to it asks for its recovery key at the "
        "next start."
    )


def run(arguments: Namespace) -> int:
    """Enrol in each store; one that fails stops no other."""
    if arguments.output is not None and len(arguments.vars) > 1:
        msg = "-o takes one store; without it each is changed in place, with a .bak beside it"
        raise Refused(msg)
    own = _own_keys(arguments)
    if not (arguments.profile or arguments.other or own):
        msg = "say what to enrol: --profile, --from, or --db, --kek, --pk, --dbx with a file"
        raise Refused(msg)
    done = [_enrol_one(named, arguments, own) for named in arguments.vars]
    if arguments.json:
        print_json({"stores": [_json(each) for each in done]})
    else:
        _print(done, arguments)
    return ANSWER_IS_NO if any(each.failed for each in done) else ALL_WELL


def _own_keys(arguments: Namespace) -> dict[str, Own]:
    owner = UUID(int=0)
    if arguments.owner is not None:
        try:
            owner = UUID(arguments.owner)
        except ValueError:
            msg = f"--owner {arguments.owner!r} is no GUID"
            raise Refused(msg) from None
    found: dict[str, Own] = {}
    for name in _OWN:
        path = getattr(arguments, name)
        if path is not None:
            try:
                contents = read_regular(path, MOST_VALUE)
                signed = None if read_signed_update(contents) is None else contents
                found[name] = Own(path, read_keys(contents, owner).lists, signed)
            except Refused as refusal:
                msg = str(refusal) if str(refusal).startswith(path) else f"{path}: {refusal}"
                raise Refused(msg) from refusal
    return found


def _wanted(arguments: Namespace, own: dict[str, Own], store: Store) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    if arguments.profile is not None:
        profile = profile_named(arguments.profile)
        assert profile is not None
        keys = of_profile(profile, store)
    elif arguments.other is not None:
        try:
            keys = of_store(open_store(arguments.other).store)
        except Refused as refusal:
            starts = str(refusal).startswith(arguments.other)
            msg = str(refusal) if starts else f"{arguments.other} {refusal}"
            raise Refused(msg) from refusal
    for name, given in own.items():
        keys[name] = keys.get(name, b"") + given.lists
    return keys


def _checked(arguments: Namespace, own: dict[str, Own], store: Store) -> dict[str, Checked]:
    """The signed updates among the keys, by variable, each held against the store as it is."""
    return {
        name: checked_update(
            store,
            (NAMES[name], name),
            _ATTRIBUTES,
            given.update,
            # There is one PK: it is never appended to.
            appending=not arguments.replace and name != "PK",
            force=arguments.force,
            where=f"{given.path}: ",
        )
        for name, given in own.items()
        if given.update is not None
    }


def _enrol_one(named: str, arguments: Namespace, own: dict[str, Own]) -> Done:
    try:
        opened = opened_store(named, write=True)
        keys = _wanted(arguments, own, opened.store)
        checked = _checked(arguments, own, opened.store)
        times = {name: each.timestamp for name, each in checked.items() if each.timestamp}
        edit = enrol(
            opened.file.data,
            keys,
            times=times,
            replace=arguments.replace,
            compact=arguments.compact,
        )
        measured = measured_change(opened.store, edit)
        if not arguments.json:
            print_review(checked.values(), measured, f"{opened.path}: ")
        backup: Path | None = None
        if not arguments.dry_run:
            if arguments.output is not None:
                create_flash(arguments.output, edit.after)
            elif edit.writes:
                backup = save_flash(opened.file, edit.after)
    except Refused as refusal:
        if len(arguments.vars) == 1:
            raise
        return Done(named, failed=str(refusal))
    where = None if backup is None else str(backup)
    told = tuple(checked.values())
    return Done(opened.path, edit.title, bool(edit.writes), where, None, told, measured)


def _json(each: Done) -> dict[str, Any]:
    return {
        "path": each.path,
        "edit": each.title,
        "changed": each.changed,
        "backup": each.backup,
        "error": each.failed,
        "pcr7": None if each.measured is None else each.measured.as_json(),
        "signatures": [checked.as_json() for checked in each.checked],
    }


def _print(done: list[Done], arguments: Namespace) -> None:
    for each in done:
        if each.failed is not None:
            complain(str(each.failed))
            continue
        kept = f"; what was there before is {each.backup}" if each.backup else ""
        say(f"{each.path}: {each.title}{kept}")
    if arguments.dry_run:
        print("Nothing was saved.")
    elif arguments.output is not None:
        say(f"Saved as {arguments.output}.")
    if len(done) > 1:
        failed = sum(each.failed is not None for each in done)
        say(f"{count(len(done), 'store')}, {failed} failed")
