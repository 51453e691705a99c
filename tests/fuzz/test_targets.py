"""Every target over real files, what was kept, and mutations of them that are the same every time.

The long search is ``tests/fuzz/run.py``, with atheris; this holds what it has found.
"""

import random
import time

import pytest
from fuzz_targets import MOST_SECONDS, TARGETS

from ovmfgui.refusal import Refused

ROUNDS = 150
_INTERESTING = (
    b"\xff" * 4,
    b"\0" * 4,
    b"\x7f\xff\xff\xff",
    b"\x80",
    b"9" * 20,
    b"\n",
    b"\xed\xa0\x80",
)


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Some bytes changed, cut out, doubled or put elsewhere."""
    made = bytearray(data or b"\0")
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at = dice.randrange(len(made) + 1)
        match dice.randrange(5):
            case 0 if at < len(made):
                made[at] = dice.randrange(256)
            case 1:
                made[at : at + dice.randrange(1, 9)] = dice.choice(_INTERESTING)
            case 2:
                del made[at : at + dice.choice((1, 2, 8, 64))]
            case 3:
                piece = bytes(made[at : at + dice.choice((1, 4, 32))])
                made[at:at] = piece * dice.choice((1, 2, 20))
            case _:
                made[at : at + 4] = dice.randbytes(4)
    return bytes(made)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_no_input_makes_a_parser_fall(target):
    dice = random.Random(target.name)
    inputs = list(target.seed_inputs()) or [b""]
    inputs += [mutated(dice.choice(inputs), dice) for _ in range(ROUNDS)]
    for number, data in enumerate(inputs):
        began = time.process_time()
        try:
            target.run(data)
        except Refused:
            pass  # in one line, as it should be
        except Exception as error:
            msg = f"input {number} of {target.name} ({len(data)} bytes: {data[:200]!r})"
            raise AssertionError(msg) from error
        assert time.process_time() - began < MOST_SECONDS, number
