"""SEV-SNP's launch digest is that of sev-snp-measure, and other images are refused in a line."""

import json
import subprocess

import pytest
from debian_firmware import CODE_AA64, UNIFIED_2M, VARS_4M
from peers import peer

from ovmfgui.cli.main import main
from ovmfgui.flash.reset_vector import read_reset_vector
from ovmfgui.refusal import Refused
from ovmfgui.trust.launch_digest import MODELS, launch_digest, signature_of

pytestmark = pytest.mark.firmware


def oracle(path, processors, kind, features="0x1"):
    (program,) = peer("bin/sev-snp-measure")
    command = [program, "--mode", "snp", "--ovmf", path, "--vcpus", str(processors)]
    command += ["--vcpu-type", kind, "--guest-features", features]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize(
    ("processors", "kind", "features"),
    [(1, "EPYC", "0x1"), (4, "EPYC-Milan-v2", "0x1"), (2, "EPYC-Genoa", "0x21"),
     (9, "EPYC-Turin", "0x1"), (2, "EPYC-Rome-v3", "0x5"), (1, "EPYC-IBPB", "0x1")],
)  # fmt: skip
def test_it_is_what_the_oracle_says(processors, kind, features, capsys):
    arguments = ["--vcpus", str(processors), "--vcpu-type", kind, "--guest-features", features]
    assert main(["measure", str(UNIFIED_2M), *arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["sev_snp"]
    assert found["launch_digest"] == oracle(UNIFIED_2M, processors, kind, features)


def test_the_image_alone_is_what_the_oracle_says(capsys):
    (program,) = peer("bin/sev-snp-measure")
    command = [program, "--mode", "snp:ovmf-hash", "--ovmf", UNIFIED_2M]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    found = launch_digest(UNIFIED_2M.read_bytes(), 1, signature_of(*MODELS["EPYC"]))
    assert found.image.hex() == said
    assert main(["measure", str(UNIFIED_2M)]) == 0
    assert found.digest.hex() in capsys.readouterr().out


def test_every_byte_of_the_image_counts(tmp_path):
    data = bytearray(UNIFIED_2M.read_bytes())
    before = launch_digest(bytes(data), 1, 0)
    data[0x1000] ^= 1
    assert launch_digest(bytes(data), 1, 0).digest != before.digest


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([CODE_AA64], "no SEV metadata"),
        ([VARS_4M], "holds no CODE"),
        ([UNIFIED_2M, "--vcpu-type", "Skylake"], "none of EPYC"),
        ([UNIFIED_2M, "--vcpu-sig", "many"], "no number"),
        ([UNIFIED_2M, "--guest-features", "-1"], "no number"),
        ([UNIFIED_2M, "--vcpus", "0"], "no number of virtual processors"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_line(arguments, why, capsys):
    assert main(["measure", *map(str, arguments)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert why in told.err


def test_damaged_metadata_ends(tmp_path):
    """Whatever the ranges say, the answer or the refusal comes."""
    whole = UNIFIED_2M.read_bytes()
    found = read_reset_vector(whole)
    ranges = [each for each in found.ranges if each.technology == "SEV"]
    for at in range(ranges[0].span.start, ranges[-1].span.end, 4):
        for value in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x07\0\0\0"):
            data = whole[:at] + value + whole[at + 4 :]
            try:
                made = launch_digest(data, 2, 0)
            except Refused as refusal:
                made = str(refusal)
            assert made
