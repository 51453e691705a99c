"""TDX's MRTD, held against an independent implementation on sections that are made here."""

import json

import pytest
from debian_firmware import CODE_4M, UNIFIED_2M

from ovmfgui.cli.main import main
from ovmfgui.flash.reset_vector import read_reset_vector
from ovmfgui.refusal import Refused
from ovmfgui.trust.mrtd import Section, measured, mrtd

MADE = bytes(n * 7 & 0xFF for n in range(3 * 0x1000))
SECTIONS = [
    Section(0xFFFFD000, MADE, True),
    Section(0x810000, bytes(0x2000), False),
    Section(0x809000, MADE[:0x1000], True),
    Section(0x800000, bytes(0x6000), False),
]
# Of the same sections by reproduceMrtd of github.com/quex-tech/td-report-web (Apache-2.0).
KNOWN = (
    "691b55f5a970037ce2af0c029f8323b5a9c9a8e43a85d2f6"
    "ac6889facaf4962627a2ce5378cca12c37965602e3d9c196"
)


def test_sections_are_measured_as_another_program_does():
    assert measured(SECTIONS).by_section.hex() == KNOWN


def test_the_order_matters_where_a_section_has_more_than_one_page():
    found = measured(SECTIONS)
    assert found.by_page != found.by_section
    one = measured([SECTIONS[2]])
    assert one.by_page == one.by_section


@pytest.mark.firmware
def test_the_command_tells_both(capsys):
    assert main(["measure", str(UNIFIED_2M), "--json"]) == 0
    tdx = json.loads(capsys.readouterr().out)["tdx"]
    found = mrtd(UNIFIED_2M.read_bytes())
    assert tdx == {"mrtd": found.by_section.hex(), "mrtd_by_page": found.by_page.hex()}
    assert main(["measure", str(UNIFIED_2M)]) == 0
    assert found.by_section.hex() in capsys.readouterr().out


@pytest.mark.firmware
def test_a_part_of_an_image_is_refused():
    """CODE alone is not what a TDX guest starts with."""
    whole = UNIFIED_2M.read_bytes()
    with pytest.raises(Refused, match="unified image"):
        mrtd(whole[0x20000:])
    with pytest.raises(Refused, match="no TDVF metadata"):
        mrtd(bytes(0x10000))
    assert main(["measure", str(CODE_4M)]) == 2


@pytest.mark.firmware
def test_damaged_metadata_ends():
    whole = UNIFIED_2M.read_bytes()
    ranges = [each for each in read_reset_vector(whole).ranges if each.technology == "TDX"]
    for at in range(ranges[0].span.start, ranges[-1].span.end, 4):
        for value in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\x01"):
            data = whole[:at] + value + whole[at + 4 :]
            try:
                said = mrtd(data).by_page.hex()
            except Refused as refusal:
                said = str(refusal)
            assert said
