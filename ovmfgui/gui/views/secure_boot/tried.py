"""What becomes of a binary or a medium under the keys, and the words for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ovmfgui.layout.verdict import Fit

if TYPE_CHECKING:
    from ovmfgui.trust.binary import Judgement
    from ovmfgui.trust.boot_chain import Chain


class Tried(NamedTuple):
    """What becomes of one file under the keys.

    Attributes:
        path: of the file.
        judgement: of the binary; of a medium that of the loader which decides.
        chains: of a medium: its loaders, each with what it starts.
        unread: what of a medium was not looked at, and why.
    """

    path: str
    judgement: Judgement
    chains: tuple[Chain, ...] = ()
    unread: tuple[str, ...] = ()


def fit_of(judgement: Judgement) -> Fit:
    """The sign that an answer is shown with."""
    return {True: Fit.FITS, False: Fit.INCOMPATIBLE, None: Fit.UNKNOWN}[judgement.starts]


def answer(judgement: Judgement) -> str:
    """Whether a binary starts, in a word."""
    return {True: "starts", False: "does not start", None: "not known"}[judgement.starts]
