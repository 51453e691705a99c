"""What is wrong with a store forbids ``fits``; what is not known forbids to say that all agrees."""

import dataclasses
import random
from pathlib import Path

import pytest
from debian_firmware import CODE_2M, CODE_4M, CODE_4M_SECBOOT, CODE_AA64, CODE_IA32, VARS_AA64_MS
from stores import (
    DATA,
    FIRST_RECORD,
    patched,
    pristine,
    real_store,
    record,
    store_of,
    with_volume_checksum,
)

from ovmfgui.finding import Severity
from ovmfgui.layout.constants import Layout
from ovmfgui.layout.enforcement import Enforcement
from ovmfgui.layout.expects import expectation
from ovmfgui.layout.fit import judge
from ovmfgui.layout.pairing import Pairing
from ovmfgui.layout.verdict import Fit, Outcome, Verdict
from ovmfgui.layout.words import FACT_NAMES
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store

pytestmark = pytest.mark.firmware

STORES = sorted(path.name.removesuffix(".fd.xz") for path in DATA.glob("*.fd.xz"))
CODES = {
    "2M": CODE_2M,
    "4M": CODE_4M,
    "4M-secboot": CODE_4M_SECBOOT,
    "ia32": CODE_IA32,
    "AAVMF": CODE_AA64,
}
FUZZED = 300
BAD = Fit.INCOMPATIBLE


@pytest.fixture(scope="session")
def opened():
    images = {name: open_image([path]) for name, path in CODES.items()}
    return {name: (image, expectation(image)) for name, image in images.items()}


@pytest.fixture
def judged(opened):
    def judged(code: str, store: bytes, **changes) -> Verdict:
        image, expects = opened[code]
        told = dataclasses.replace(expects, **changes)
        # A chip of the size that the machine has; what is behind the volume is of no account.
        data = store.ljust(64 << 20, b"\0") if code == "AAVMF" else store
        return judge(Pairing(told, image.architecture, image.files[0].size, data, 1))

    return judged


def assert_honest(verdict: Verdict) -> None:
    errors = [f for f in verdict.findings if f.severity is Severity.ERROR]
    assert not errors or verdict.fit is not Fit.FITS, errors
    told = verdict.expects.layout.facts()
    unknown = [fact for fact, value in told.items() if value is None and fact != "event_log_offset"]
    assert not unknown or "agree" not in verdict.summary


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("code", CODES)
def test_an_error_in_the_store_forbids_fits(judged, code, store):
    assert_honest(judged(code, real_store(store)))


@pytest.mark.parametrize(("code", "store"), [("4M", "ovmf-4m-lived"), ("2M", "ovmf-2m-ms-lived")])
def test_an_error_forbids_fits_whatever_the_damage(judged, code, store):
    """A seeded fuzzer: some bytes here and there, most of them in headers."""
    whole, dice = real_store(store), random.Random(2026)
    starts = [0, 0x48, 0xF000, 0x41000, *(r.span.start for r in read_store(whole).records)]
    for _ in range(FUZZED):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 3)):
            at = dice.choice(starts) + dice.randrange(0x44)
            if at < len(data):
                data[at] = dice.choice([0, 0xFF, 0x3F, data[at] ^ 1 << dice.randrange(8)])
        assert_honest(judged(code, with_volume_checksum(bytes(data)) if at > 0x48 else bytes(data)))


@pytest.mark.parametrize("fact", [f.name for f in dataclasses.fields(Layout)])
def test_what_no_witness_tells_is_named(judged, opened, fact):
    """An unknown boundary leaves the answer open; nothing unknown is called agreement."""
    layout = dataclasses.replace(opened["4M"][1].layout, **{fact: None})
    verdict = judged("4M", pristine("4M"), layout=layout)
    assert_honest(verdict)
    if fact in ("variable_size", "ftw_working_offset", "ftw_spare_offset"):
        assert (verdict.fit, verdict.outcome) == (Fit.UNKNOWN, Outcome.UNKNOWN)
    if fact not in ("fv_length", "event_log_offset"):
        assert FACT_NAMES[fact] in verdict.summary


SEEN = {
    # store: what was seen with 4M, with 4M in SMM; booted, see test_store_faults_against_firmware
    "attr-no-write-status": (BAD, Outcome.NO_BOOT, "volume-passed-over"),
    "blockmap-num-0x40": (BAD, Outcome.NO_BOOT, "block-map-short"),
    "certdb-badsize": (BAD, Outcome.NO_BOOT, "certdb-hangs"),
    "dup-both-added": (BAD, Outcome.NO_BOOT, "listing-never-ends"),
    "namesize-0-added": (BAD, Outcome.NO_BOOT, "listing-never-ends"),
    "name-empty-2": (BAD, Outcome.NO_BOOT, "listing-never-ends"),
    "store-size-0": (BAD, Outcome.BOOTS_CORRUPTING, "store-size-none"),
    "store-size-ffffffff": (BAD, Outcome.NO_BOOT, "store-size-beyond"),
    "record-over-in-dead": (Fit.RISKY, Outcome.BOOTS, "store-faulty"),
    "headerlength-0x50": (BAD, Outcome.NO_BOOT, "no-store-header"),
    "hdrlen-0x50-goodsize": (BAD, Outcome.NO_BOOT, "no-store-header"),
    "dead-record-name-size": (BAD, Outcome.BOOTS_CORRUPTING, "out-of-reach"),
    "record-size-7fffffff": (BAD, Outcome.NO_BOOT, "record-beyond-store"),
}


@pytest.mark.parametrize("code", ["4M", "4M-secboot", "ia32"])
@pytest.mark.parametrize("store", SEEN)
def test_stores_that_x86_firmware_was_started_with(judged, code, store):
    verdict = judged(code, real_store(store))
    assert (verdict.fit, verdict.outcome, verdict.findings[0].id) == SEEN[store]


def test_certdb_is_of_no_account_to_a_build_without_secure_boot(judged):
    """Debian 13's 4M build boots with the store that kills Debian 12's, and saves (booted)."""
    verdict = judged("4M", real_store("certdb-badsize"), enforcement=Enforcement(False, ""))
    assert (verdict.fit, verdict.outcome) == (Fit.RISKY, Outcome.BOOTS)
    assert_honest(verdict)
    assert judged("4M", real_store("certdb-badsize"), enforcement=None).fit is BAD


@pytest.mark.parametrize(
    ("code", "fit", "outcome"),
    [
        ("4M", BAD, Outcome.BOOTS_CORRUPTING),
        ("4M-secboot", Fit.RISKY, Outcome.BOOTS),
        ("ia32", Fit.RISKY, Outcome.BOOTS),
    ],
)
def test_a_pending_write_is_lost_where_nobody_tells_the_variable_driver(judged, code, fit, outcome):
    for store in ("spare-complete-half-target", "spare-complete-intact-target"):
        verdict = judged(code, real_store(store))
        assert (verdict.fit, verdict.outcome) == (fit, outcome)
        assert "spare area holds 45 variables" in verdict.summary
        assert "ecover" in verdict.findings[0].text


def pending(data: bytes) -> bytes:
    """The store when the spare copy of a compaction was complete and nothing else was done."""
    stages = Editor(data).compact().stages()
    read = ((each, read_store(each)) for each in stages)
    return next(each for each, store in read if store.ftw and store.ftw.pending == "spare-complete")


def test_a_pending_write_on_2m_and_arm(judged):
    small = pending(real_store("ovmf-2m-ms-lived"))
    assert judged("2M", small).outcome is Outcome.BOOTS_CORRUPTING
    arm = pending(real_store("aavmf-lived"))
    verdict = judged("AAVMF", arm)
    assert (verdict.fit, verdict.outcome) == (Fit.RISKY, Outcome.BOOTS)


@pytest.mark.parametrize(
    ("offset", "new", "outcome"),
    [
        (0x42032, b"\0\0", Outcome.BOOTS_CORRUPTING),
        (0x42048, bytes(16), Outcome.NO_BOOT),
        (0x42010, bytes(16), Outcome.NO_BOOT),
    ],
    ids=["checksum", "store header", "no NvData"],
)
def test_a_damaged_copy_takes_the_regions_place_all_the_same(judged, offset, new, outcome):
    store = patched(real_store("spare-complete-half-target"), offset, new)
    verdict = judged("4M-secboot", store)
    assert (verdict.fit, verdict.outcome) == (BAD, outcome)


ARM = VARS_AA64_MS.read_bytes()[:0xC0000]


def test_arm_firmware_minds_neither_write_status_nor_block_map(judged):
    no_status = with_volume_checksum(patched(ARM, 0x2C, (0xE36 & ~0x20).to_bytes(4, "little")))
    short = with_volume_checksum(patched(ARM, 0x38, b"\2\0\0\0"))
    for store in (no_status, short):
        verdict = judged("AAVMF", store)
        assert (verdict.fit, verdict.outcome) == (Fit.RISKY, Outcome.BOOTS)


def added(data: bytes, *records: bytes) -> bytes:
    return patched(data, read_store(data).end, b"".join(records))


def test_enumeration_never_ends_on_arm_either(judged):
    twice = added(ARM, record("Dup", b"1"), record("Dup", b"2"))
    assert judged("AAVMF", twice).outcome is Outcome.NO_BOOT
    assert judged("AAVMF", twice, validates_records=True).outcome is Outcome.NO_BOOT
    empty = added(ARM, record("", b"1"))
    assert judged("AAVMF", empty).outcome is Outcome.NO_BOOT
    assert judged("AAVMF", empty, validates_records=True).outcome is Outcome.WIPED


@pytest.mark.parametrize("code", ["4M", "4M-secboot"])
@pytest.mark.parametrize(
    ("records", "finding"),
    [
        ((record("A\0B", b"1"),), "name-embedded-nul"),
        ((record("A", b""),), "data-empty"),
        ((record("A", b"1", state=0x3E), record("B", b""), record("A", b"2", state=0x3E)), None),
    ],
    ids=["NUL in a name", "no data", "twins in transition"],
)
def test_what_is_not_listed_is_a_risk(judged, code, records, finding):
    verdict = judged(code, added(pristine("4M"), *records, record("Z", b"z")))
    assert (verdict.fit, verdict.outcome) == (Fit.RISKY, Outcome.BOOTS)
    assert (finding or "twins-in-transition") in {f.id for f in verdict.findings}


@pytest.mark.parametrize(
    ("over", "outcome"),
    [
        (4, Outcome.BOOTS_VOLATILE),
        (0x100000, Outcome.BOOTS_VOLATILE),
        (0x400000, Outcome.UNKNOWN),
        (0x7FF00000, Outcome.NO_BOOT),
    ],
)
def test_how_far_a_live_record_runs_over_decides(judged, over, outcome):
    data = added(pristine("4M"), record("A", b"x"), record("B", b"y"))
    last = read_store(data).records[-1].span.start
    size = 0x40000 - (last + 60 + 4) + over
    verdict = judged("4M", patched(data, last + 0x28, size.to_bytes(4, "little")))
    assert (verdict.fit, verdict.outcome) == (BAD, outcome)


def test_four_wrong_bytes_are_no_interrupted_compaction(judged):
    damaged = patched(real_store("ovmf-4m-lived"), 0x28, b"XXXX")
    store = read_store(damaged)
    assert "compacted" not in " ".join(f.text for f in store.findings)
    assert len(store.carved) == len(read_store(real_store("ovmf-4m-lived")).live)
    assert judged("4M", damaged).outcome is Outcome.NO_BOOT


def test_a_store_whose_first_record_is_damaged_is_not_empty(judged):
    damaged = patched(real_store("ovmf-4m-lived"), FIRST_RECORD, bytes(4))
    verdict = judged("4M", damaged)
    assert (verdict.fit, verdict.outcome) == (BAD, Outcome.WIPED)
    assert "variables behind the break" in verdict.summary


def test_the_store_of_a_longer_header_is_read_behind_it(judged):
    """Booted: 0x50 bytes of header with a right checksum, the store behind it."""
    whole = store_of(record("A", b"1"), layout="4M")
    longer = whole[:0x48] + bytes(8) + whole[0x48:0x3FFF8] + whole[0x40000:]
    longer = patched(longer, 0x30, b"\x50\0\0\0")
    longer = patched(longer, 0x60, (0x3FFB0).to_bytes(4, "little"))
    total = sum(int.from_bytes(longer[i : i + 2], "little") for i in range(0, 0x50, 2))
    longer = patched(longer, 0x32, (-total & 0xFFFF).to_bytes(2, "little"))
    assert [r.name for r in read_store(longer).live] == ["A"]
    verdict = judged("4M", longer)
    assert (verdict.fit, verdict.outcome) == (Fit.RISKY, Outcome.BOOTS)


def test_the_stores_are_all_there():
    assert set(SEEN) <= set(STORES)
    assert all(Path(path).exists() for path in CODES.values())
