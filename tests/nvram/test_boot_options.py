import pytest
from stores import pristine, real_store, record, store_of

from ovmfgui.nvram import vendors
from ovmfgui.nvram.boot_options import BootEditor, boot_options, boot_order, matching_options
from ovmfgui.nvram.decode import decode
from ovmfgui.nvram.decode.options import AUTO_CREATED, build_load_option
from ovmfgui.nvram.decode.path_from_text import device_path_from_text
from ovmfgui.nvram.reading import read_store
from ovmfgui.refusal import Refused

TEXT = r"HD(1,GPT,12345678-1234-1234-1234-123456789ABC,0x800,0x40000)/\EFI\debian\shimx64.efi"
DISK = device_path_from_text(TEXT)


def boot(name, data):
    return record(name, data, guid=vendors.GLOBAL)


def option(description="Disk", **settings):
    return build_load_option(description, DISK, **settings)


def store_with(**variables):
    return store_of(*(boot(name, data) for name, data in variables.items()))


def shown(data):
    return [(each.name, each.position) for each in boot_options(read_store(data))]


def test_entries_come_in_their_order_and_the_others_behind_by_number():
    data = store_with(
        Boot0002=option("Two"),
        Boot00FF=option("Last", attributes=0),
        Boot0000=option("Zero", optional=AUTO_CREATED.bytes_le),
        Boot0001=b"\1",
        BootOrder=b"\0\0\7\0\2\0",
        BootNext=b"\2\0",
        Boot00ff=option("no number of an entry"),
    )
    assert shown(data) == [
        ("Boot0000", 0),
        ("Boot0007", 1),
        ("Boot0002", 2),
        ("Boot0001", None),
        ("Boot00FF", None),
    ]
    zero, missing, two, broken, last = boot_options(read_store(data))
    assert (zero.description, zero.automatic, zero.active, zero.path) == ("Zero", True, True, TEXT)
    assert (missing.record, "not there" in missing.problem) == (None, True)
    assert (two.is_next, zero.is_next, two.problem) == (True, False, "")
    assert "load option" in broken.problem
    assert (last.active, last.automatic) == (False, False)


def test_a_real_store_has_the_order_that_its_firmware_left():
    assert [name for name, position in shown(real_store("ovmf-4m-lived"))] == [
        "Boot0001",
        "Boot0000",
        "Boot0002",
    ]


def test_an_entry_gets_the_lowest_free_number_and_the_last_place():
    data = store_with(Boot0000=option(), BootOrder=b"\0\0\1\0")
    edit = BootEditor(data).add("Debian", DISK, optional=b"x\0\0\0")
    assert shown(edit.after) == [("Boot0000", 0), ("Boot0001", 1), ("Boot0002", 2)]
    (added,) = [o for o in boot_options(read_store(edit.after)) if o.name == "Boot0002"]
    assert (added.description, added.path, added.active) == ("Debian", TEXT, True)
    assert decode(added.record).value["optional_data"] == "78000000"
    # The variable first: BootOrder never names what is not there.
    assert edit.writes[0].what.startswith("Boot0002")
    assert edit.title == "Add Boot0002, Debian"


def test_an_entry_gets_the_place_and_number_that_are_asked_for():
    data = BootEditor(pristine()).add("One", DISK).after
    data = BootEditor(data).add("Two", DISK, position=0, number=0x1A, active=False).after
    assert shown(data) == [("Boot001A", 0), ("Boot0000", 1)]
    assert not boot_options(read_store(data))[0].active
    with pytest.raises(Refused, match="Boot001A already"):
        BootEditor(data).add("Three", DISK, number=0x1A)


def test_the_order_may_leave_entries_out_but_not_name_what_is_not_there():
    data = real_store("ovmf-4m-lived")
    after = BootEditor(data).order((2, 0)).after
    assert shown(after) == [("Boot0002", 0), ("Boot0000", 1), ("Boot0001", None)]
    assert boot_order(read_store(BootEditor(data).order(()).after)) == ()
    for numbers, words in (((2, 9), "no Boot0009"), ((2, 2), "twice")):
        with pytest.raises(Refused, match=words):
            BootEditor(data).order(numbers)
    assert BootEditor(data).order((1, 0, 2)).writes == ()


def test_an_entry_goes_with_all_that_names_it():
    data = store_with(
        Boot0000=option(), Boot0001=option(), BootOrder=b"\0\0\1\0\0\0", BootNext=b"\0\0"
    )
    edit = BootEditor(data).remove(0)
    assert {r.name: r.data for r in read_store(edit.after).live} == {
        "Boot0001": option(),
        "BootOrder": b"\1\0",
    }
    after = BootEditor(edit.after).remove(1).after
    assert read_store(after).live == ()
    with pytest.raises(Refused, match="no Boot0001"):
        BootEditor(after).remove(1)
    dangling = store_with(BootOrder=b"\5\0")
    assert read_store(BootEditor(dangling).remove(5).after).live == ()


def test_the_next_start_can_be_chosen_and_taken_back():
    data = real_store("ovmf-4m-lived")
    chosen = BootEditor(data).start_next(2).after
    assert [o.name for o in boot_options(read_store(chosen)) if o.is_next] == ["Boot0002"]
    back = BootEditor(chosen).start_next(None).after
    assert read_store(back).find("BootNext") is None
    assert BootEditor(data).start_next(None).writes == ()
    with pytest.raises(Refused, match="no Boot0009"):
        BootEditor(data).start_next(9)


def test_an_entry_may_come_with_a_compaction():
    dead = [record("Old", bytes(0x1E00), state=0x3C) for _ in range(7)]
    data = store_of(*dead, record("A", bytes(0xB60)))
    with pytest.raises(Refused, match="no room"):
        BootEditor(data).add("Disk", DISK)
    after = BootEditor(data, compact=True).add("Disk", DISK).after
    assert shown(after) == [("Boot0000", 0)]
    assert read_store(after).find("A").data == bytes(0xB60)


def test_many_entries_are_removed_in_one_change():
    numbers = range(0x10, 0x10 + 300)
    many = {f"Boot{n:04X}": option(f"Old {n}") for n in numbers}
    data = store_of(
        boot("Boot0000", option("Kept")),
        *(boot(name, value) for name, value in many.items()),
        boot("BootOrder", b"\0\0\x10\0\x11\0"),
        boot("BootNext", b"\x12\0"),
        layout="4M",
    )
    edit = BootEditor(data).remove(*numbers)
    assert shown(edit.after) == [("Boot0000", 0)]
    assert read_store(edit.after).find("BootNext") is None
    assert "300 boot entries" in edit.title
    assert [w.offset for w in edit.writes] == [w.offset for w in reversed(edit.reverts)]
    with pytest.raises(Refused, match="Boot0001"):
        BootEditor(data).remove(0x10, 1)


@pytest.mark.parametrize(
    ("pattern", "numbers"),
    [("uefi pxe*", [1]), ("Boot000[12]", [1, 2]), ("*shimx64.efi", [0, 1, 2]), ("PXE", [])],
)
def test_a_pattern_fits_name_description_or_path(pattern, numbers):
    data = store_with(
        Boot0000=option("debian"), Boot0001=option("UEFI PXEv4"), Boot0002=option("Disk")
    )
    found = matching_options(boot_options(read_store(data)), pattern)
    assert [each.number for each in found] == numbers
