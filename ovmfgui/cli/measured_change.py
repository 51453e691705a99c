"""What an edit of the keys makes of PCR 7, for the review of every command that edits a store."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ovmfgui.cli.console import print_wrapped, say
from ovmfgui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ovmfgui.cli.update_check import Checked
    from ovmfgui.nvram.edit import Edit
    from ovmfgui.nvram.store import Store


class MeasuredChange(NamedTuple):
    """PCR 7 before and after, SHA-256 in hex, and what it means."""

    before: str
    after: str
    sentence: str

    def as_json(self) -> dict[str, str]:
        """Both, and the sentence."""
        return {"before": self.before, "after": self.after, "text": self.sentence}


def measured_change(before: Store, edit: Edit) -> MeasuredChange | None:
    """What an edit makes of PCR 7; None where it stays."""
    from ovmfgui.trust.pcr7 import pcr7_change

    found = pcr7_change(before, edit)
    if found is None:
        return None
    return MeasuredChange(found.before.hex(), found.after.hex(), found.sentence)


def print_review(
    checked: Iterable[Checked], measured: MeasuredChange | None, before: str = ""
) -> None:
    """What is told before an edit is saved: what firmware says of it, and what PCR 7 becomes.

    Whoever reads it may have gone (head): the edit was asked for all the same.

    Args:
        checked: signed updates that the edit writes.
        measured: what becomes of PCR 7; None where it stays.
        before: what each line begins with.
    """
    with suppress(BrokenPipeError):
        for each in checked:
            say(f"{before}{each.line}")
        if measured is not None:
            print_wrapped(f"{before}{measured.sentence}", "  ")
