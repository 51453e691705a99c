from stores import REAL, real_store

from ovmfgui.cli.main import main
from ovmfgui.finding import Severity
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.forms import changed, form_for
from ovmfgui.nvram.hot_keys import keys_passed_over, with_hot_keys
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.switches import toggled_activity
from ovmfgui.nvram.vendors import GLOBAL


def test_keys_that_firmware_wrote_hold_the_crc_of_their_entries():
    found = 0
    for name in REAL:
        store = read_store(real_store(name))
        for key in store.live:
            if key.guid == GLOBAL and key.name in ("Key0000", "Key0001", "Key0002"):
                assert keys_passed_over(store, key.name, key.data) == ()
                found += 1
    assert found >= 2


def test_an_entry_that_is_changed_loses_its_key_and_that_is_said():
    store = read_store(real_store("ovmf-4m-lived"))
    key, entry = store.find("Key0000"), store.find("Boot0000")
    new = changed(form_for(GLOBAL, "Boot0000"), entry.data, {"description": "Setup"})
    told = keys_passed_over(store, "Boot0000", new)
    assert "Key0000 is passed over" in told[0]
    crc = told[0].rpartition("0x")[2].rstrip(".")
    mended = changed(form_for(GLOBAL, "Key0000"), key.data, {"crc": f"0x{crc}"})
    assert "Key0000 is passed over" in keys_passed_over(store, "Key0000", mended)[0]
    assert keys_passed_over(store, "Boot0001", new) == ()


def renamed(editor):
    """Boot0000, which Key0000 starts, with another description."""
    entry = editor.store.find("Boot0000")
    new = changed(form_for(GLOBAL, "Boot0000"), entry.data, {"description": "Setup"})
    return editor.set_variable("Boot0000", GLOBAL, new)


def passed_over(store):
    entry = store.find("Boot0000")
    return keys_passed_over(store, "Boot0000", entry.data)


def test_hot_keys_get_the_new_crc_of_their_entry_along_with_it():
    editor = Editor(real_store("ovmf-4m-lived"))
    edit, keys = with_hot_keys(editor, renamed(editor))
    assert keys == ("Key0000", "Key0001")
    after = read_store(edit.after)
    assert passed_over(after) == ()
    assert edit.title.endswith("and the CRC of Key0000 and Key0001")
    for key in keys:
        # Nothing of the key but its CRC.
        old, new = editor.store.find(key).data, after.find(key).data
        assert (new[:4], new[8:]) == (old[:4], old[8:])
    # At each moment of it the store is sound: the entry first, then its key.
    stages = [read_store(stage) for stage in edit.stages()]
    assert not [f for stage in stages for f in stage.findings if f.severity is Severity.ERROR]
    # Four writes a variable; between one and the next nothing at all is noticed.
    assert [stage.findings for stage in stages[::4]] == [(), (), (), ()]
    new = {name: after.find(name).data for name in ("Boot0000", *keys)}
    there = [[stage.find(name).data == data for name, data in new.items()] for stage in stages]
    assert all(entry or not any(its) for entry, *its in there)
    assert there[0] == [False] * 3
    assert there[-1] == [True] * 3


def test_a_key_that_was_passed_over_before_stays_as_it_is():
    editor = Editor(real_store("ovmf-4m-lived"))
    editor.go_on(renamed(editor))
    edit = toggled_activity(editor, "Boot0000")
    assert edit.title == "Deactivate Boot0000"
    assert "Key0000" not in {write.what.partition(":")[0] for write in edit.writes}


def test_an_entry_that_is_switched_off_keeps_its_key():
    editor = Editor(real_store("ovmf-4m-lived"))
    assert passed_over(read_store(toggled_activity(editor, "Boot0000").after)) == ()


def test_the_command_names_keys_that_it_breaks_or_keeps_them(tmp_path, capsys):
    path, kept = tmp_path / "VARS.fd", tmp_path / "kept.fd"
    path.write_bytes(real_store("ovmf-4m-lived"))
    words = ["vars", "set", str(path), "Boot0000", "--field", "description=Setup", "-o", str(kept)]
    assert main([*words, "--keep-hot-keys"]) == 0
    assert capsys.readouterr().err == ""
    assert passed_over(read_store(kept.read_bytes())) == ()
    kept.unlink()
    assert main(words) == 0
    assert "Key0000 is passed over by firmware" in capsys.readouterr().err
    assert len(passed_over(read_store(kept.read_bytes()))) == 2
