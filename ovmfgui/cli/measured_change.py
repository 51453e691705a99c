"""What an edit of the keys makes of PCR 7, for the review of every command that edits a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ovmfgui.cli.console import print_wrapped

if TYPE_CHECKING:
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


def print_review(checked: Checked | None, measured: MeasuredChange | None) -> None:
    """What is told before an edit is saved: what firmware says of it, and what PCR 7 becomes."""
    if checked is not None:
        print(checked.line)
    if measured is not None:
        print_wrapped(measured.sentence, "  ")
