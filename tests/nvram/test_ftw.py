import struct
from uuid import UUID

import pytest
from stores import patched, pristine, real_store, record, store_of

from ovmfgui.nvram import ftw
from ovmfgui.nvram.ftw import working_block_header
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.structures import FtwWriteHeader, FtwWriteRecord
from ovmfgui.span import Span

WORKING = 0xF000
QUEUE = WORKING + 32
RECLAIM = "fe5cea76-4f72-49e8-986f-2cd899dffe5d"


def write_header(bits, *, records=1, private=0):
    return FtwWriteHeader(
        State=bits,
        ReservedByte=b"\xff" * 3,
        CallerId=UUID(RECLAIM),
        Reserved=b"\xff" * 4,
        NumberOfWrites=records,
        PrivateDataSize=private,
    ).to_bytes()


def write_record(bits):
    return FtwWriteRecord(
        State=bits,
        Reserved=b"\xff" * 7,
        Lba=0,
        Offset=0x48,
        Length=0xDFB8,
        RelativeOffset=-0x10000,
    ).to_bytes()


def with_queue(*parts):
    return patched(store_of(record("A", b"x")), QUEUE, b"".join(parts))


def test_a_real_write_that_was_recorded_and_never_copied():
    ftw = read_store(real_store("ovmf-2m-ftw-record-only")).ftw
    assert ftw.pending == "record-only"
    (write,) = ftw.writes
    assert str(write.caller) == RECLAIM
    assert not write.complete
    (target,) = write.records
    assert (target.lba, target.offset, target.length) == (0, 0x48, 0xDFB8)
    assert target.relative_offset == -0x10000
    assert not target.spare_complete
    assert target.span.start == 0xF048


@pytest.mark.parametrize(
    ("header", "state", "pending"),
    [
        (0xFE, 0xFF, "record-only"),
        (0xFC, 0xFF, "record-only"),
        (0xFC, 0xFD, "spare-complete"),
        (0xFC, 0xF9, None),
        (0xF8, 0xF9, None),
        (0xFF, 0xFF, None),
    ],
)
def test_how_far_a_write_got_is_told_by_its_bits(header, state, pending):
    store = read_store(with_queue(write_header(header), write_record(state)))
    assert store.ftw.pending == pending
    expected = set() if pending is None else {f"ftw-{pending}"}
    # Nothing was written to the spare area here.
    expected |= {"spare-copy-damaged"} if pending == "spare-complete" else set()
    assert {f.id for f in store.findings} == expected


def test_complete_writes_are_stepped_over_to_the_last():
    done = write_header(0xF8) + write_record(0xF9)
    store = read_store(with_queue(done, done, write_header(0xFC), write_record(0xFD)))
    assert len(store.ftw.writes) == 3
    assert store.ftw.pending == "spare-complete"


@pytest.mark.parametrize(("records", "private"), [(2**63, 0), (1, 2**63), (2**64 - 1, 2**64 - 1)])
def test_sizes_that_overflow_are_a_finding(records, private):
    store = read_store(with_queue(write_header(0xFC, records=records, private=private)))
    assert "ftw-write-overruns" in {f.id for f in store.findings}
    assert store.live[0].name == "A"


def test_a_working_block_whose_size_makes_no_sense_is_taken_for_one_block():
    data = patched(pristine(), WORKING + 0x18, struct.pack("<Q", 2**63))
    ftw = read_store(data).ftw
    assert not ftw.header_ok
    assert ftw.working == Span(WORKING, 0x1000)
    assert ftw.spare == Span.between(0x10000, 0x20000)


def test_the_copy_that_lies_in_the_spare_area_is_not_taken_for_the_working_block():
    data = patched(pristine(), WORKING, b"\xff" * 0x1000)
    data = patched(data, 0x1F000, working_block_header(0x1000))
    assert read_store(data).ftw is None


def test_a_working_block_off_a_block_boundary_is_none():
    data = patched(pristine(), WORKING, b"\xff" * 0x1000)
    data = patched(data, WORKING + 0x10, working_block_header(0x1000))
    assert read_store(data).ftw is None


def test_with_the_first_block_erased_the_pending_write_is_still_seen():
    data = with_queue(write_header(0xFC), write_record(0xFD))
    store = read_store(patched(data, 0, b"\xff" * 0x1000))
    assert store.volume is None
    assert store.ftw.pending == "spare-complete"
    assert {"volume-erased", "ftw-spare-complete"} <= {f.id for f in store.findings}


def test_a_wrong_checksum_of_the_volume_does_not_hide_the_ftw_area():
    assert read_store(patched(pristine(), 0x32, b"\0\0")).ftw.header_ok


QUEUE_ROOM = 0x1000 - 32


@pytest.mark.parametrize(
    ("records", "more", "read"), [(1, 0, 1), (1, 1, 0), (2, 0, 2), (2, 1, 1), (3, 0, 3)]
)
def test_a_record_counts_where_its_private_data_lies_in_the_working_block_too(records, more, read):
    """``more``: bytes of private data beyond what fills the queue to its last byte."""
    private = (QUEUE_ROOM - 40) // records - 40
    slack = QUEUE_ROOM - 40 - records * (40 + private)
    private += more
    assert slack < records
    one = write_record(0xFD) + b"\xaa" * private
    queue = (write_header(0xFC, records=records, private=private) + one * records)[:QUEUE_ROOM]
    store = read_store(with_queue(queue))
    (write,) = store.ftw.writes
    assert [each.span.start for each in write.records] == [
        QUEUE + 40 + n * (40 + private) for n in range(read)
    ]
    assert ("ftw-write-overruns" in {f.id for f in store.findings}) == (more > slack)


@pytest.mark.parametrize(("short", "found"), [(0, 2), (1, 1)])
def test_a_second_write_counts_where_its_header_lies_in_the_working_block(short, found):
    """The first write's private data ends ``short`` bytes before there is room for another."""
    private = QUEUE_ROOM - 40 - 40 - 40 + short
    first = write_header(0xF8, private=private) + write_record(0xF9) + bytes(private)
    queue = (first + write_header(0xFC, records=0))[:QUEUE_ROOM]
    assert len(read_store(with_queue(queue)).ftw.writes) == found


def test_more_writes_than_are_looked_at_are_told(monkeypatch):
    def ids(data):
        return [finding.id for finding in read_store(data).findings]

    complete = write_header(0xF8) + write_record(0xF8)
    done = with_queue(*[complete] * 3, write_header(0xFE), write_record(0xFE))
    claiming = with_queue(write_header(0xFE, records=9), *[write_record(0xFE)] * 9)
    overrunning = with_queue(write_header(0xFE, records=5_000), write_record(0xFE))
    assert "ftw-too-many" not in ids(done) + ids(claiming) + ids(overrunning)
    monkeypatch.setattr(ftw, "MOST_WRITES", 3)
    # Whether the fourth is half done is not known any more.
    assert "ftw-too-many" in ids(done)
    assert "ftw-too-many" in ids(claiming)
    assert "ftw-too-many" not in ids(overrunning)
