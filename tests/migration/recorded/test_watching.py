"""A store's file, looked at again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from ovmfgui.cli.main import main
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.migration.recorded import watching
from ovmfgui.nvram.editor import Editor, Generation
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

GUID = UUID("5f0c8a52-1d3a-4a53-9d2e-6f6d66677569")


@pytest.fixture
def store(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setattr(watching, "LOOKED_EVERY", 0.02)
    path = tmp_path / "vars.fd"
    path.write_bytes(synthetic_package("2m").vars)
    return path


def edited(store: Path, edit) -> bytes:
    return edit(Editor(store.read_bytes(), Generation.NEW, compact=True)).after


def titles(store: Path, *contents) -> list[list[str]]:
    """What is told after each of the contents was written."""
    found: list[list[str]] = []
    waiting = list(contents)
    quiet = 0

    def over() -> bool:
        return not waiting and quiet > 6

    for act in watching.changes_of(store, over):
        if act is not None:
            found[-1].append(act.title)
            assert act.contents.tobytes() == store.read_bytes()
            quiet = 0
            continue
        quiet += 1
        if waiting and quiet > 6:
            quiet = 0
            store.write_bytes(waiting.pop(0)())
            found.append([])
    return found


def test_states_are_named_variable_by_variable(store: Path):
    def setting(name: str, value: bytes):
        return lambda: edited(store, lambda editor: editor.set_variable(name, GUID, value))

    assert titles(
        store,
        setting("One", b"1"),
        setting("One", b"2"),
        lambda: edited(store, lambda editor: editor.delete_variable("One", GUID)),
        lambda: edited(store, lambda editor: editor.compact()),
    ) == [["Create One"], ["Set One"], ["Delete One"], ["Reclaim"]]


def test_a_file_that_is_no_store_any_more_ends_it(store: Path):
    with pytest.raises(Refused, match="not a flash image"):
        titles(store, lambda: b"no store")


def test_the_command_says_what_it_can_see(store: Path, capsys):
    assert main(["follow", str(store), "--seconds", "0.1"]) == 0
    told = capsys.readouterr().out
    assert "states are seen, not writes" in told
    assert "0 acts: the time is up" in told
    assert main(["follow"]) == 2
    assert "name a store, or after --qmp" in capsys.readouterr().err


def test_a_template_is_not_followed_in_the_place_of_a_store(tmp_path: Path, capsys):
    template = tmp_path / "OVMF_VARS.fd"
    template.write_bytes(b"")
    domain = f"""<domain type='kvm'><name>new</name><os>
      <type arch='x86_64' machine='q35'>hvm</type><loader type='pflash'>{tmp_path}/C.fd</loader>
      <nvram template='{template}'>{tmp_path}/new_VARS.fd</nvram></os></domain>"""
    (tmp_path / "new.xml").write_text(domain)
    assert main(["follow", str(tmp_path / "new.xml"), "--seconds", "0.1"]) == 2
    assert "does not exist yet" in capsys.readouterr().err
