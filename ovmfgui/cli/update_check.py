"""Signed updates that a command is given, and what firmware would say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ovmfgui.named_tuple import NamedTuple
from ovmfgui.nvram import timestamp as times
from ovmfgui.nvram.record import Attributes
from ovmfgui.nvram.signed_update import read_signed_update
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from uuid import UUID

    from ovmfgui.nvram.store import Store
    from ovmfgui.trust.update_verdict import UpdateVerdict

_APPEND = int(Attributes.APPEND)


class Checked(NamedTuple):
    """A signed update that may be written: its value and time, and what firmware says of it."""

    payload: bytes
    timestamp: bytes | None
    verdict: UpdateVerdict

    @property
    def line(self) -> str:
        """What is told before it is written."""
        sentence = self.verdict.sentence
        forced = "" if self.verdict.accepted else "; --force writes it all the same"
        return f"{sentence[0].upper()}{sentence[1:]}{forced}."

    def as_json(self) -> dict[str, Any]:
        """The verdict; ``overridden`` is what --force writes in spite of."""
        verdict = self.verdict
        return {
            "variable": verdict.variable,
            "accepted": verdict.accepted if verdict.known else None,
            "signer": verdict.signer,
            "trusted_by": verdict.trusted,
            "text": verdict.sentence,
            "overridden": list(verdict.problems),
        }


def configure_force(parser: ArgumentParser) -> None:
    """Declare the argument that writes in spite of a signature."""
    parser.add_argument(
        "--force",
        action="store_true",
        help="write a signed update (.auth) that firmware would refuse, and say what is overridden",
    )


def checked_update(
    store: Store,
    key: tuple[UUID, str],
    attributes: int,
    update: bytes,
    *,
    appending: bool,
    force: bool,
    where: str = "",
) -> Checked:
    """A signed update with what firmware would say of it; its arguments as ``update_verdict``'s.

    Args:
        store: before the update.
        key: GUID and name of the variable.
        attributes: of the variable.
        update: the signed update.
        appending: whether it is appended.
        force: whether it is written although firmware would refuse it.
        where: what the refusal begins with.

    Raises:
        Refused: firmware would refuse it, and ``force`` is not given.
    """
    from ovmfgui.trust.update_verdict import update_verdict

    verdict = update_verdict(store, key, attributes & ~_APPEND, update, appending=appending)
    if not verdict.accepted and not force:
        msg = f"{where}{verdict.sentence} (--force writes it all the same)"
        raise Refused(msg)
    parts = read_signed_update(update)
    assert parts is not None
    current = store.by_key.get(key)
    kept = None if current is None else current.timestamp
    # Of a time that goes back the later one stays, whatever --force overrides.
    older = kept is not None and times.is_earlier(parts.timestamp, kept)
    return Checked(parts.payload, None if older else parts.timestamp, verdict)
