import pytest

from ovmfgui.gui.document.settings import (
    GEOMETRY,
    KEYS,
    RECENT_LIMIT,
    SESSION,
    SETTINGS,
    THEME,
    Settings,
)


def test_defaults_until_something_is_set(settings):
    for setting in SETTINGS:
        assert settings.get(setting) == setting.default


def test_values_keep_their_type_in_the_file(qtbot, tmp_path):
    file = tmp_path / "s.ini"
    written = Settings(file)
    with qtbot.waitSignal(written.changed):
        written.set(THEME, "dark")
    written.set(GEOMETRY, b"\x00\xff")
    written._store.sync()
    read = Settings(file)
    assert read.get(THEME) == "dark"
    assert read.get(GEOMETRY) == b"\x00\xff"
    read.forget(THEME)
    assert read.get(THEME) == THEME.default


def test_a_value_that_is_no_choice_gives_the_default(settings):
    settings.set(THEME, "purple")
    assert settings.get(THEME) == "system"


def test_files_opened_lately_stand_once_each_latest_first(settings):
    settings.remember(("a", "b"))
    settings.remember(("c",))
    settings.remember(("a", "b"))
    assert settings.recent() == (("a", "b"), ("c",))
    for number in range(RECENT_LIMIT + 5):
        settings.remember((f"file {number}",))
    assert len(settings.recent()) == RECENT_LIMIT


def test_a_single_file_is_still_a_list(settings, tmp_path):
    settings.remember(("only",))
    settings._store.sync()
    assert Settings(tmp_path / "settings.ini").recent() == (("only",),)


@pytest.mark.parametrize("text", ["{", "1", "[" * 100_000, '{"a":' * 100_000])
def test_a_session_and_keys_that_are_none_are_empty(settings, text):
    settings.set(SESSION, text)
    settings.set(KEYS, text)
    assert settings.session() == ()
    assert settings.keys() == {}
