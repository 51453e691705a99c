import re
import subprocess

import pytest
from debian_firmware import CODE_2M, CODE_4M, UNIFIED_2M, X86_CODE
from hypothesis import given
from hypothesis import strategies as st
from peers import peer

from ovmfgui.flash import reset_vector
from ovmfgui.flash.reset_vector import TABLE_FOOTER, read_reset_vector
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.machine.opening import open_image
from ovmfgui.refusal import Refused
from ovmfgui.trust.launch_digest import launch_digest
from ovmfgui.trust.mrtd import mrtd

# The table's own entries of base and size are listed as ranges too.
RANGE = re.compile(r"mbase=0x([0-9a-f]+) msize=0x([0-9a-f]+) type=(?!SecretBlock|HashTable)")


@pytest.mark.firmware
@pytest.mark.parametrize("path", [*X86_CODE, UNIFIED_2M], ids=lambda path: path.name)
def test_another_program_reads_the_same_table_and_ranges(path):
    (virt_fw_dump,) = peer("bin/virt-fw-dump")
    done = subprocess.run(
        [virt_fw_dump, "-i", path, "--ovmf-meta"], capture_output=True, text=True, check=True
    )
    entries = re.findall(r"guid:\S+ size=0x([0-9a-f]+) data=([0-9a-f]*)", done.stdout)
    ranges = RANGE.findall(done.stdout)
    data = path.read_bytes()
    found = read_reset_vector(data)
    assert found is not None
    ours = [e for e in found.entries if e.guid != TABLE_FOOTER]
    assert entries
    assert [(e.span.size, e.span.of(data)[:-18].hex()) for e in ours] == [
        (int(size, 16), raw) for size, raw in entries
    ]
    assert [(r.address, r.size) for r in found.ranges] == [
        (int(base, 16), int(size, 16)) for base, size in ranges
    ]


@pytest.mark.firmware
def test_tdx_metadata_tells_where_vars_lies_in_the_unified_image():
    found = read_reset_vector(CODE_2M.read_bytes())
    assert found is not None
    vars_range = next(r for r in found.ranges if r.purpose == "CFV (VARS)")
    assert (vars_range.raw_offset, vars_range.raw_size) == (0, 0x20000)
    assert vars_range.address == 0xFFE00000


@pytest.mark.firmware
def test_a_build_that_starts_in_32_bit_mode_has_no_metadata():
    found = read_reset_vector(CODE_4M.read_bytes())
    assert found is not None
    assert len(found.entries) == 4
    assert found.ranges == ()


@given(st.integers(0, 0x60), st.binary(min_size=1, max_size=8))
def test_a_table_that_lies_is_read_as_far_as_it_goes(distance, new):
    data = bytearray(synthetic_package("4m").code[-0x1000:])
    data[len(data) - distance - 1 : len(data) - distance - 1 + len(new)] = new
    found = read_reset_vector(bytes(data[:0x1000]))
    assert found is not None
    assert all(entry.span.end <= 0x1000 for entry in found.entries)


def test_too_few_bytes_have_no_reset_vector():
    assert read_reset_vector(bytes(16)) is None


@pytest.mark.firmware
def test_ranges_that_were_not_read_are_told_and_not_measured(monkeypatch):
    def findings():
        return [f.id for f in open_image([UNIFIED_2M]).findings]

    data = UNIFIED_2M.read_bytes()
    assert "metadata-ranges" not in findings()
    assert mrtd(data)
    assert launch_digest(data, 1, 0x800F12)
    monkeypatch.setattr(reset_vector, "MOST_RANGES", 2)
    assert "metadata-ranges" in findings()
    for measure in (mrtd, lambda data: launch_digest(data, 1, 0x800F12)):
        with pytest.raises(Refused, match=r"claims \d+ ranges of memory, and 4 were read"):
            measure(data)
