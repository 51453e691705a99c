"""Whole jobs under a real X server, by keyboard alone but for one, which is done by mouse too."""

import shutil
import time
from pathlib import Path

import pytest
from debian_firmware import VARS_4M_MS
from made_hosts import CODE, NVRAM, TEMPLATE, collected, domain, package, store_of
from stores import real_store
from x_screen import MISSING, Screen

from ovmfgui.flash.source import read_file
from ovmfgui.gui.document.settings import Settings
from ovmfgui.layout.demo import demo_files
from ovmfgui.nvram.decode.options import ACTIVE, split_load_option
from ovmfgui.nvram.reading import read_store
from ovmfgui.trust.databases import database

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {' and '.join(MISSING)}")


def test_a_lesson_is_presented_to_its_end_by_a_remote(tmp_path):
    with Screen(tmp_path, "1920x1080") as screen:
        screen.open("demo")
        screen.key("F11")
        screen.until(lambda line: line[0] == "focus" and line[1] == "Presentation")
        screen.key("b", "b")
        # Nineteen steps, and three questions between them.
        for _press in range(19 + 3):
            screen.key("Next")
        screen.until(lambda line: line == ["step", "19"])
        screen.key("Prior")
        screen.until(lambda line: line == ["step", "18"])
        screen.picture("presented")
        screen.key("Escape")
        screen.front()
        screen.key("ctrl+q")
        assert screen.ended() == 0


def test_two_hosts_are_compared_and_a_domain_is_replayed(tmp_path):
    old_code, old_vars = "/usr/share/OVMF/OVMF_CODE_2M.fd", "/usr/share/OVMF/OVMF_VARS_2M.fd"
    small, large = package("2m"), package("4m")
    files = large | {old_code: small[CODE], old_vars: small[TEMPLATE]}
    files |= {f"{NVRAM}/web_VARS.fd": store_of("4m"), f"{NVRAM}/old_VARS.fd": store_of("2m")}
    domains = [domain("web"), domain("old", code=old_code, template=old_vars)]
    collected(tmp_path / "here", files, domains)
    there = large | {old_code: large[CODE], old_vars: large[TEMPLATE]}
    collected(tmp_path / "there", there, guests=[each.definition for each in domains])
    settings = Settings(tmp_path / "settings.ini")
    settings.set_hosts((str(tmp_path / "here"), str(tmp_path / "there")))
    settings._store.sync()
    with Screen(tmp_path) as screen:
        screen.open()
        screen.key("ctrl+8")
        screen.until(lambda line: line == ["focus", "From host"])
        screen.key("Down")
        screen.tab_to("To host")
        screen.key("Down", "Down")
        screen.until(lambda line: line == ["row", "old"])
        screen.tab_to("Replay this domain's migration")
        screen.key("space")
        told = screen.until(lambda line: line[0] == "replay")
        assert told[1:] == ["old goes to there", "refused-by-qemu"]
        screen.picture("replayed")
        screen.key("ctrl+q")
        assert screen.ended() == 0


def _first_variable_goes(screen):
    screen.key("ctrl+2", "ctrl+shift+f")
    screen.until(lambda line: line == ["focus", "Filter variables"])
    screen.tab_to("Variables")
    screen.key("Down", "ctrl+Delete")
    return screen.until(lambda line: line[0] == "edits" and line[2] == "1")[1]


def _journals(folder, wanted, but=()):
    """What was written down of unsaved edits, once there is as much as wanted and nothing else."""
    end = time.monotonic() + 30
    while len(found := set(folder.glob("journal/*.json"))) != wanted or found & set(but):
        assert time.monotonic() < end, list(folder.iterdir())
        time.sleep(0.05)
    return found


def test_three_documents_are_edited_and_come_back_after_a_crash(tmp_path):
    stores = [tmp_path / f"{name}_VARS.fd" for name in ("web", "mail", "files")]
    before = demo_files()[1].data
    for store in stores:
        store.write_bytes(before)
    names = [store.name for store in stores]
    with Screen(tmp_path) as screen:
        screen.open(str(stores[0]))
        assert _first_variable_goes(screen) == names[0]
        for store in stores[1:]:
            screen.key("ctrl+o")
            screen.until(lambda line: line == ["focus", "QLineEdit"])
            screen.type(str(store))
            screen.key("Return")
            screen.until(lambda line, s=store: line[0] == "title" and line[1].startswith(s.name))
            screen.front()
            assert _first_variable_goes(screen) == store.name
        # Round once, back to where it was.
        for name in names:
            screen.key("ctrl+Tab")
            screen.until(lambda line, n=name: line[0] == "title" and line[1].startswith(n))
        left = _journals(tmp_path, 3)
        time.sleep(2)  # what is open is written down once all is quiet
        screen.crash()
        assert all(store.read_bytes() == before for store in stores)
        screen.open()
        (told,) = (line[1] for line in screen.said if line[0] == "announced")
        assert told.startswith("ovmfgui ended before 3 edits of ")
        assert all(name in told for name in names)
        # The message's cross has the focus; its answers stand before that.
        screen.key("shift+Tab", "shift+Tab")
        screen.until(lambda line: line == ["focus", "Bring the edits back"])
        screen.key("space")
        screen.until(lambda line: line[0] == "title" and line[1].startswith(names[2]))
        # Each edit is made anew, and written down by the new window.
        _journals(tmp_path, 3, but=left)
        for name in names:
            screen.key("ctrl+Tab")
            screen.until(lambda line, n=name: line == ["edits", n, "1"])
        assert all(store.read_bytes() == before for store in stores)
        screen.key("ctrl+q")
        screen.until(lambda line: line == ["focus", "Save"])
        screen.key("Return")
        assert screen.ended() == 0
        # Nothing is left to ask about.
        _journals(tmp_path, 0)
    assert all(store.read_bytes() != before for store in stores)
    assert len({store.read_bytes() for store in stores}) == 1


@pytest.mark.firmware
def test_the_keys_of_2023_are_enrolled_and_saved(tmp_path):
    store = tmp_path / "guest_VARS.fd"
    shutil.copy(VARS_4M_MS, store)
    with Screen(tmp_path, "1024x600") as screen:
        screen.open(str(store))
        screen.key("ctrl+9")
        screen.until(lambda line: line == ["view", "secure-boot"])
        screen.tab_to("Enrol a profile…")
        screen.key("space")
        screen.tab_to("Enrol")
        screen.picture("enrolling")
        screen.key("Return")
        screen.until(lambda line: line[0] == "told" and line[1].startswith("Enrol db, KEK"))
        screen.front()
        screen.key("ctrl+s")
        screen.until(lambda line: line[0] == "told" and line[1].startswith("Saved"))
        screen.key("ctrl+q")
        assert screen.ended() == 0
    variables = {record.key: record.data for record in read_store(read_file(store).data).live}
    subjects = [each.subject for each in database(variables, "KEK").certificates]
    assert "Microsoft Corporation KEK 2K CA 2023" in subjects
    assert Path(f"{store}.bak").read_bytes() == Path(VARS_4M_MS).read_bytes()


@pytest.mark.parametrize("hand", ["keyboard", "mouse"])
def test_a_boot_entry_is_renamed_by_its_fields_and_saved(tmp_path, hand):
    store = tmp_path / "guest_VARS.fd"
    store.write_bytes(real_store("ovmf-4m-lived"))
    with Screen(tmp_path) as screen:
        screen.open(str(store))
        (_by_keyboard if hand == "keyboard" else _by_mouse)(screen)
        screen.until(lambda line: line[0] == "told" and line[1].startswith("Saved"))
        screen.key("ctrl+q")
        assert screen.ended() == 0
    data = read_store(store.read_bytes()).find("Boot0001").data
    attributes, description, _start, _end = split_load_option(data)
    assert (attributes & ACTIVE, description) == (0, "Rescue")


def _by_keyboard(screen):
    screen.key("ctrl+2", "ctrl+shift+f")
    screen.until(lambda line: line == ["focus", "Filter variables"])
    screen.type("Boot0001")
    screen.tab_to("Variables")
    screen.key("Home", "F2")
    screen.until(lambda line: line == ["focus", "Description"])
    screen.type("Rescue")
    screen.key("Tab", "space", "Return")
    screen.until(lambda line: line[0] == "edits" and line[2] == "1")
    screen.front()
    screen.key("ctrl+s")


def _by_mouse(screen):
    screen.click("Variables")
    screen.until(lambda line: line == ["view", "variables"])
    screen.click("Boot order")
    screen.click("UEFI Non-Block Boot Device", times=2)
    screen.until(lambda line: line == ["focus", "Description"])
    screen.type("Rescue")
    screen.picture("renaming")
    screen.click("Active")
    screen.click("OK")
    screen.until(lambda line: line[0] == "edits" and line[2] == "1")
    screen.click("Save")
    screen.front()
