from uuid import UUID

import pytest
from debian_firmware import CODE_4M
from hypothesis import given
from hypothesis import strategies as st

from ovmfgui.budgets import MOST_OPCODES
from ovmfgui.flash.dependency import dependency_text, read_dependency
from ovmfgui.flash.region import Kind, of_kind
from ovmfgui.machine.opening import open_image

VARIABLE = UUID("1e5668e2-8481-11d4-bcf1-0080c73c8881").bytes_le
UNKNOWN = UUID(int=5).bytes_le


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"\x06\x08", "true"),
        (b"\x02" + VARIABLE + b"\x08", "EfiVariableArchProtocol"),
        (b"\x02" + VARIABLE + b"\x06\x03\x08", "EfiVariableArchProtocol and true"),
        (b"\x06\x07\x05\x04\x06\x03\x08", "(true or not false) and true"),
        (b"\x01" + UNKNOWN + b"\x08", f"AFTER {UUID(int=5)}"),
        (b"\x03\x08", "no readable expression"),
        (b"\x06", "no readable expression"),
        (b"\x02\x00", "no readable expression"),
        (b"\x99", "no readable expression"),
        (b"", "no readable expression"),
    ],
)
def test_expressions_read_as_a_person_would_say_them(body, text):
    assert dependency_text(body) == text


def test_one_that_is_longer_than_is_read_says_so():
    longest = b"\x06" + b"\x05" * (MOST_OPCODES - 2) + b"\x08"
    assert dependency_text(longest).endswith("not true")
    assert "more than the 512 opcodes" in dependency_text(b"\x06" + longest)


def test_every_step_knows_its_bytes():
    steps = read_dependency(b"\x02" + VARIABLE + b"\x06\x03\x08\xff")
    assert steps is not None
    assert [(s.name, s.start, s.size) for s in steps] == [
        ("PUSH", 0, 17),
        ("TRUE", 17, 1),
        ("AND", 18, 1),
        ("END", 19, 1),
    ]


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_are_none(body):
    assert isinstance(dependency_text(body), str)


@pytest.mark.firmware
def test_every_dependency_of_real_firmware_is_readable():
    sections = list(of_kind(open_image([CODE_4M]).map, Kind.SECTION))
    details = [s.detail for s in sections if s.name.endswith("dependency")]
    assert len(details) > 60
    assert "no readable expression" not in details
