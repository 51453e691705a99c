from uuid import UUID

import pytest
from debian_firmware import VARS_4M_MS, VARS_4M_SNAKEOIL
from hypothesis import given
from hypothesis import strategies as st
from stores import REAL, real_store

from ovmfgui.nvram import vendors
from ovmfgui.nvram.decode import decoder_for
from ovmfgui.nvram.decode.decoded import Undecodable
from ovmfgui.nvram.decode.options import build_load_option, split_load_option
from ovmfgui.nvram.decode.path_from_text import device_path_from_text
from ovmfgui.nvram.forms import FORMS, Mistake, changed, filled, form_for
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.signature_list import parse_signature_lists
from ovmfgui.refusal import Refused

GLOBAL = vendors.GLOBAL
DISK = r"HD(1,GPT,8BE4DF61-93CA-11D2-AA0D-00E098032B8C,0x800,0x1000)/\EFI\debian\shimx64.efi"


def real_records():
    stores = [read_store(real_store(name)) for name in REAL]
    stores += [read_store(path.read_bytes()) for path in (VARS_4M_MS, VARS_4M_SNAKEOIL)]
    return [record for store in stores for record in store.live]


def test_every_value_of_real_stores_that_has_a_form_comes_back_byte_for_byte():
    seen = set()
    for record in real_records():
        form = form_for(record.guid, record.name)
        if form is None:
            continue
        assert form.write(filled(form, record.data)) == record.data, record.name
        seen.add(decoder_for(record.guid, record.name).kind)
    assert seen >= {"load option", "hot key", "console", "keys", "order", "timeout", "language"}


def test_every_part_has_a_key_of_its_own_and_what_is_read_fills_all_of_them():
    for record in real_records():
        form = form_for(record.guid, record.name)
        if form is not None:
            keys = [part.key for part in form.parts]
            assert sorted(set(keys)) == sorted(keys)
            assert sorted(form.read(record.data)) == sorted(keys)


FLAG = st.sampled_from(["yes", "no"])


@given(
    st.fixed_dictionaries(
        {
            "description": st.text(st.characters(exclude_characters="\0"), max_size=20),
            "active": FLAG,
            "hidden": FLAG,
            "force-reconnect": FLAG,
            "category": st.sampled_from(["boot", "application", "0x200"]),
            "path": st.sampled_from([DISK, r"\EFI\BOOT\BOOTX64.EFI", f"{DISK}\n{DISK}"]),
            "optional": st.binary(max_size=20).map(lambda data: data.hex(" ")),
            "optional-as": st.just("hex"),
        }
    )
)
def test_a_load_option_that_is_filled_in_reads_as_it_was_filled_in(parts):
    form = FORMS["load option"]
    data = form.write(parts)
    read = filled(form, data)
    same = [key for key in parts if not key.startswith("optional")]
    assert [read[key] for key in same] == [parts[key] for key in same]
    _attributes, _description, _start, end = split_load_option(data)
    assert data[end:] == bytes.fromhex(parts["optional"])


@given(
    st.lists(st.sampled_from(["Ctrl", "Alt", "Shift", "Logo"]), unique=True),
    st.lists(st.sampled_from(["F2", "Esc", "a", "+", "Enter"]), min_size=1, max_size=3),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
)
def test_a_hot_key_that_is_filled_in_reads_as_it_was_filled_in(shifts, keys, entry, crc):
    if "+" in keys[:-1]:
        keys = [key for key in keys if key != "+"] or ["F2"]
    order = ["Shift", "Ctrl", "Alt", "Logo"]
    words = sorted(shifts, key=order.index) + keys
    parts = {"keys": "+".join(words), "entry": f"Boot{entry:04X}", "crc": f"0x{crc:08X}"}
    form = FORMS["hot key"]
    assert filled(form, form.write(parts)) == parts


@pytest.mark.parametrize("kind", FORMS)
@given(data=st.binary(max_size=64))
def test_bytes_that_are_no_such_value_are_never_lost(kind, data):
    form = FORMS[kind]
    try:
        parts = filled(form, data)
    except Undecodable:
        return
    assert form.write(parts) == data


OPTION = build_load_option("Debian", device_path_from_text(DISK))

MISTAKES = [
    ("Timeout", GLOBAL, b"\5\0", {"value": "soon"}, "value", "no number"),
    ("Timeout", GLOBAL, b"\5\0", {"value": "70000"}, "value", "0 to 65535"),
    ("BootNext", GLOBAL, b"\5\0", {"value": "first"}, "value", "Boot0001"),
    ("PlatformLang", GLOBAL, b"en\0", {"text": "é"}, "text", "“é”"),
    ("SecureBootEnable", vendors.SECURE_BOOT_ENABLE, b"\1", {"bytes": "3"}, "bytes", "1, 2"),
    ("OsIndications", GLOBAL, bytes(8), {"other": "1"}, "other", "switch of its own"),
]


@pytest.mark.parametrize(("name", "guid", "data", "parts", "part", "words"), MISTAKES)
def test_what_makes_no_sense_is_said_of_its_part(name, guid, data, parts, part, words):
    with pytest.raises(Mistake, match=words) as caught:
        changed(form_for(guid, name), data, parts)
    assert caught.value.part == part


def test_an_entry_gets_another_description_and_keeps_the_rest():
    record = next(r for r in real_records() if r.name == "Boot0001" and r.guid == GLOBAL)
    form = form_for(record.guid, record.name)
    data = changed(form, record.data, {"description": "Rescue", "active": "no"})
    old, new = filled(form, record.data), filled(form, data)
    assert {key for key in old if old[key] != new[key]} == {"description", "active"}


def signatures_in(data):
    lists = parse_signature_lists(data)
    assert lists.problem is None
    return [(s.owner, s.data) for each in lists.lists for s in each.signatures]


def test_signatures_are_removed_and_added_by_the_line():
    databases = (r for r in real_records() if r.name in ("KEK", "db", "dbx"))
    record = max(databases, key=lambda r: len(signatures_in(r.data)))
    assert len(signatures_in(record.data)) > 1
    form = form_for(record.guid, record.name)
    lines = filled(form, record.data)["signatures"].split("\n")
    owner = UUID(int=7)
    fewer = changed(form, record.data, {"signatures": "\n".join(lines[1:])})
    assert signatures_in(fewer) == signatures_in(record.data)[1:]
    more = changed(
        form, record.data, {"signatures": "\n".join([*lines, f"SHA-256 {owner} {'ab' * 32}"])}
    )
    assert signatures_in(more) == [*signatures_in(record.data), (owner, b"\xab" * 32)]
    with pytest.raises(Mistake, match="Line 1: SHA-256 has 32 bytes"):
        form.write({"signatures": f"sha-256 {owner} abcd"})


def test_a_value_that_the_form_has_no_place_for_is_left_to_hex():
    with pytest.raises(Undecodable, match="no place"):
        filled(FORMS["load option"], b"\x40" + OPTION[1:])
    with pytest.raises(Refused, match="as hex"):
        changed(FORMS["timeout"], b"\5", {"value": "1"})
    with pytest.raises(Refused, match="no field 'delay'; there are value"):
        changed(FORMS["timeout"], b"\5\0", {"delay": "1"})
