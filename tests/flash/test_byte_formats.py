import ast
import base64
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from ovmfgui.flash.byte_formats import BYTE_FORMATS, byte_format


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
    assert f"[{len(data)}]" in text("c-array")


def test_ids_and_titles_are_unique():
    assert len({entry.id for entry in BYTE_FORMATS}) == len(BYTE_FORMATS)
    assert len({entry.title for entry in BYTE_FORMATS}) == len(BYTE_FORMATS)
