"""What was opened lately, by folder."""

from pathlib import Path

from PySide6.QtWidgets import QMenu

from ovmfgui.gui.document.recent import Folder, by_folder, name_of

CODE = "/usr/share/OVMF/OVMF_CODE_4M.fd"


def test_the_store_says_where_it_belongs_and_the_latest_folder_is_first():
    entries = (
        (CODE, "/guests/b/VARS.fd"),
        ("/guests/a/VARS.fd",),
        (CODE, "/guests/b/OLD.fd"),
    )
    found = by_folder(entries)
    assert [folder.path for folder in found] == ["/guests/b", "/guests/a"]
    assert found[0].entries == (entries[0], entries[2])
    assert name_of(entries[0]) == "VARS.fd + OVMF_CODE_4M.fd"


def test_ones_own_folder_is_short(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/home/me"))
    assert Folder("/home/me/guests", ()).title == "~/guests"
    assert Folder("/home/metoo/guests", ()).title == "/home/metoo/guests"


def test_menu_and_sources_show_the_folders(window, tmp_path):
    for folder in ("one & only", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "VARS.fd").write_bytes(b"")
        window.settings.remember((CODE, str(tmp_path / folder / "VARS.fd")))
    menu = next(m for m in window.menuBar().findChildren(QMenu) if m.title() == "Open &recent")
    assert [action.text().replace("&&", "&") for action in menu.actions()] == [
        str(tmp_path / "two"),
        "VARS.fd + OVMF_CODE_4M.fd",
        str(tmp_path / "one & only"),
        "VARS.fd + OVMF_CODE_4M.fd",
    ]
    recent = window.sources.tree.topLevelItem(0)
    assert [recent.child(row).text(0) for row in range(2)] == [
        str(tmp_path / "two"),
        str(tmp_path / "one & only"),
    ]
    assert recent.child(0).isExpanded()
    window.sources.tree.setCurrentItem(recent.child(1).child(0))
    assert window.sources.chosen() == (CODE, str(tmp_path / "one & only" / "VARS.fd"))
