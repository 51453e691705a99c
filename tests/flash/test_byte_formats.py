import ast
import base64
import json
import re
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from ovmfgui.flash.byte_formats import BYTE_FORMATS, LARGEST_COPY, byte_format


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=70))
def test_every_format_can_be_read_back(data: bytes):
    def text(name: str) -> str:
        return byte_format(name).text(data)

    assert bytes.fromhex(text("hex")) == data
    assert bytes.fromhex(text("hex-string")) == data
    assert ast.literal_eval(text("python")) == data
    assert base64.b64decode(text("base64")) == data
    digits = re.findall(r"0x([0-9A-F]{2})", text("c-array"))
    assert bytes.fromhex("".join(digits)) == data
    numbers = re.findall(r"0x([0-9A-F]{2})", text("hex-numbers"))
    assert bytes.fromhex("".join(numbers)) == data
    assert bytes(json.loads(text("json"))) == data
    assert f"[{len(data)}]" in text("c-array")


def test_ids_and_titles_are_unique():
    assert len({entry.id for entry in BYTE_FORMATS}) == len(BYTE_FORMATS)
    assert len({entry.title for entry in BYTE_FORMATS}) == len(BYTE_FORMATS)


def test_a_guid_takes_sixteen_bytes_and_reads_them_as_efi_does():
    form = byte_format("guid")
    assert form.takes(16)
    assert not form.takes(15)
    assert form.text(UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c").bytes_le) == (
        "8be4df61-93ca-11d2-aa0d-00e098032b8c"
    )


def test_nothing_and_too_much_cannot_be_copied():
    assert not any(form.takes(0) or form.takes(LARGEST_COPY + 1) for form in BYTE_FORMATS)
