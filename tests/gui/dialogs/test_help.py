"""The pages of help, and that they name the keys that there are."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from ovmfgui.gui.actions.table import ACTIONS
from ovmfgui.gui.dialogs.help import HelpDialog
from ovmfgui.help import help_pages
from ovmfgui.resources import resource_path

ROOT = Path(__file__).parents[3]


def test_every_page_is_reached_and_shown(qtbot, workbench):
    dialog = HelpDialog(workbench.actions)
    qtbot.addWidget(dialog)
    pages = help_pages()
    assert dialog.titles.count() == len(pages)
    for row, page in enumerate(pages):
        dialog.titles.setCurrentRow(row)
        shown = dialog.page.toPlainText()
        assert shown.startswith(page.title)
        assert len(shown) > 1000


def test_a_link_leads_to_another_page_or_to_what_is_shipped(qtbot, monkeypatch, workbench):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    dialog = HelpDialog(workbench.actions)
    qtbot.addWidget(dialog)
    dialog.page.anchorClicked.emit(QUrl("gate.md"))
    assert dialog.page.toPlainText().startswith("Before a firmware package goes out")
    dialog.page.anchorClicked.emit(QUrl("../gate"))
    assert [url.toLocalFile() for url in opened] == [str(resource_path("help") / "../gate")]


def test_pages_name_the_keys_that_commands_have_now(qtbot, workbench):
    dialog = HelpDialog(workbench.actions)
    qtbot.addWidget(dialog)
    names = [page.name for page in help_pages()]
    dialog.titles.setCurrentRow(names.index("bytes"))
    assert dialog.page.toPlainText().count("Ctrl+D gives the selected bytes a name") == 1
    workbench.actions.give_keys({"note": "Ctrl+Alt+N", "next-difference": ""})
    shown = dialog.page.toPlainText()
    assert "Ctrl+Alt+N gives the selected bytes a name" in shown
    assert "Go ▸ Next difference and Shift+F7 go from place to place" in shown
    workbench.actions.give_keys({})
    assert "F7 and Shift+F7 go from place to place" in dialog.page.toPlainText()


OF_WIDGETS = {"Ctrl+C", "F5"}
"""What widgets answer to themselves, and Ctrl+C in a terminal."""


@pytest.mark.parametrize("page", [*help_pages(), "README.md"])
def test_a_key_that_is_written_is_one_that_is_shipped(page):
    text = (ROOT / page).read_text("utf-8") if isinstance(page, str) else page.text
    written = set(re.findall(r"`((?:(?:Ctrl|Shift|Alt)\+)+[^`]+|F\d+)`", text))
    assert written - OF_WIDGETS <= {spec.shortcut for spec in ACTIONS}
