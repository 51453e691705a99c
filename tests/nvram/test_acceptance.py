"""What firmware takes of an authenticated variable's attributes and time."""

import pytest
from stores import VENDOR, pristine, record, store_of

from ovmfgui.nvram.acceptance import accepted_attributes, accepted_timestamp, attributes_problem
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.refusal import Refused

AT, PLAIN = 0x27, 0x07
MAY = bytes((0xE8, 0x07, 5, 31, 12, 0, 0)).ljust(16, b"\0")
JUNE = bytes((0xE8, 0x07, 6, 1, 12, 0, 0)).ljust(16, b"\0")


def stamped():
    """A store with the authenticated variable A, last changed in May."""
    edit = Editor(pristine()).set_variable("A", VENDOR, b"1", AT, timestamp=MAY)
    return read_store(edit.after)


@pytest.mark.parametrize("wanted", [PLAIN, 0x03, 0x47])
def test_a_write_that_drops_at_is_refused(wanted):
    with pytest.raises(Refused, match="lets no write change them"):
        accepted_attributes("A", stamped().find("A"), wanted)


@pytest.mark.parametrize("wanted", [None, AT, AT | 0x40])
def test_a_write_with_the_attributes_that_are_there_is_taken(wanted):
    assert accepted_attributes("A", stamped().find("A"), wanted) == AT


def test_a_write_that_adds_at_is_refused():
    current = read_store(store_of(record("A", b"1"))).find("A")
    with pytest.raises(Refused, match="lets no write change them"):
        accepted_attributes("A", current, AT)


def test_at_is_among_the_attributes_that_a_new_variable_may_have():
    assert attributes_problem(AT) is None
    assert accepted_attributes("A", None, AT) == AT
    assert accepted_attributes("A", None, AT | 0x40) == AT


def test_a_variable_without_at_keeps_no_time():
    store = stamped()
    current = store.find("A")
    assert accepted_timestamp(store.authenticated, "A", current, AT, None) == MAY
    assert accepted_timestamp(store.authenticated, "A", current, PLAIN, None) == bytes(16)
    with pytest.raises(Refused, match="it has no time"):
        accepted_timestamp(store.authenticated, "A", current, PLAIN, JUNE)


def test_a_store_without_authentication_takes_no_variable_with_at():
    store = read_store(pristine(plain=True))
    assert accepted_timestamp(store.authenticated, "A", None, PLAIN, None) is None
    with pytest.raises(Refused, match="keeps no authenticated variables"):
        accepted_timestamp(store.authenticated, "A", None, AT, None)


def test_no_earlier_time_and_the_same_one_again_are_taken():
    store = stamped()
    current = store.find("A")
    assert accepted_timestamp(store.authenticated, "A", current, AT, MAY) == MAY
    assert accepted_timestamp(store.authenticated, "A", current, AT, JUNE) == JUNE
    later = Editor(store_of()).set_variable("A", VENDOR, b"1", AT, timestamp=JUNE).after
    after = read_store(later)
    with pytest.raises(Refused, match="no earlier time"):
        accepted_timestamp(after.authenticated, "A", after.find("A"), AT, MAY)
    assert accepted_timestamp(True, "A", after.find("A"), AT, MAY, appending=True) == JUNE


@pytest.mark.parametrize("size", [15, 17])
def test_a_time_of_another_size_is_refused(size):
    with pytest.raises(Refused, match="a timestamp has 16 bytes"):
        accepted_timestamp(True, "A", None, AT, bytes(size))
