"""The command state in words."""

from __future__ import annotations

import pytest

from ovmfgui.pflash.state import CommandState


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (CommandState(), "reading the array"),
        (CommandState(1, 0x10, romd=False), "waiting for the byte to program"),
        (CommandState(0, 0x10, romd=False), "status mode after a program (0x80 ready)"),
        (
            CommandState(0, 0x20, 0xB0, romd=False),
            "status mode after an erase (0xB0 ready, erase error, program error)",
        ),
        (
            CommandState(0, 0x70, 0, romd=False),
            "status mode after a read-status command (0x00 no bit set)",
        ),
        (
            CommandState(2, 0xE8, counter=4, romd=False),
            "write to buffer: 5 more data writes to come",
        ),
        (CommandState(1, 0x10), "waiting for the byte to program; reads still give the array"),
    ],
)
def test_the_state_is_told_in_words(state, words):
    assert state.words == words
