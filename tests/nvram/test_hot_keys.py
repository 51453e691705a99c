from stores import REAL, real_store

from ovmfgui.nvram.forms import changed, form_for
from ovmfgui.nvram.hot_keys import keys_passed_over
from ovmfgui.nvram.reading import read_store
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
