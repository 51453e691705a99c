"""Hosts and packages of a scenario that is being edited."""

from __future__ import annotations

import pytest

from ovmfgui.migration.scenario.cast import (
    HOSTS,
    PACKAGES,
    entries,
    named_by,
    package_of,
    renamed,
    title_of,
    with_entry,
    with_new,
    without,
)
from ovmfgui.migration.scenario.draft import draft_of, has_comments, headline
from ovmfgui.migration.scenario.shipped import find, shipped


@pytest.fixture
def draft():
    return draft_of(str(find("demo")))


def test_another_name_is_the_name_everywhere(draft):
    made = renamed(draft, HOSTS, "alpha", "first")
    assert list(entries(made, HOSTS)) == [
        "first" if name == "alpha" else name for name in entries(draft, HOSTS)
    ]
    assert named_by(made, HOSTS, "alpha") == 0
    assert named_by(made, HOSTS, "first") == named_by(draft, HOSTS, "alpha") > 0
    assert made.scenario().hosts[0].name == "first"
    package = next(iter(entries(draft, PACKAGES)))
    again = renamed(draft, PACKAGES, package, "mine")
    assert any("mine" in host.packages for host in again.scenario().hosts)


def test_a_name_that_is_taken_or_empty_changes_nothing(draft):
    for new in ("", "beta", "alpha"):
        assert renamed(draft, HOSTS, "alpha", new) is draft


def test_a_package_that_goes_is_installed_nowhere(draft):
    package = next(iter(entries(draft, PACKAGES)))
    made = without(draft, PACKAGES, package)
    assert all(package not in host["packages"] for host in entries(made, HOSTS).values())


def test_what_is_new_has_a_name_of_its_own_and_can_be_played(draft):
    for section in (HOSTS, PACKAGES):
        made, name = with_new(draft, section)
        assert name not in entries(draft, section)
        more, other = with_new(made, section)
        assert other not in entries(made, section)
        assert more.scenario()
    host, name = with_new(draft, HOSTS)
    assert title_of(host, HOSTS, name) == "Host C"


def test_what_is_not_known_is_kept(draft):
    table = {**entries(draft, HOSTS)["alpha"], "note": "of my own"}
    made = renamed(with_entry(draft, HOSTS, "alpha", table), HOSTS, "alpha", "first")
    assert 'note = "of my own"' in made.text()


def test_hosts_are_called_as_on_the_stage():
    assert headline({"do": "migrate", "to": "beta"}, {"beta": "Host B"}) == "migrate, to Host B"


def test_real_files_are_named_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert package_of(("a.fd", "b.fd"), "Mine") == {
        "title": "Mine",
        "code": str(tmp_path / "a.fd"),
        "vars": str(tmp_path / "b.fd"),
    }
    assert package_of(("u.fd",), "One")["unified"] == str(tmp_path / "u.fd")


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ('a = "#"', False),
        ("a = 1 # x", True),
        ('a = """\n# no\n"""', False),
        ("a = '#'\nb = '''\n#\n'''", False),
        ('a = "\\"#"', False),
        ("# hi", True),
    ],
)
def test_comments_are_seen_where_they_are(text, has):
    assert has_comments(text) is has


def test_texts_of_shipped_scenarios_are_no_comments():
    for path in shipped():
        lines = path.read_text().splitlines()
        assert has_comments(path.read_text()) == any(line.startswith("#") for line in lines)
