from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from ovmfgui.gui.dialogs.help import HelpDialog
from ovmfgui.help import help_pages
from ovmfgui.resources import resource_path


def test_every_page_is_reached_and_shown(qtbot):
    dialog = HelpDialog()
    qtbot.addWidget(dialog)
    pages = help_pages()
    assert dialog.titles.count() == len(pages)
    for row, page in enumerate(pages):
        dialog.titles.setCurrentRow(row)
        shown = dialog.page.toPlainText()
        assert shown.startswith(page.title)
        assert len(shown) > 1000


def test_a_link_leads_to_another_page_or_to_what_is_shipped(qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    dialog = HelpDialog()
    qtbot.addWidget(dialog)
    dialog.page.anchorClicked.emit(QUrl("gate.md"))
    assert dialog.page.toPlainText().startswith("Before a firmware package goes out")
    dialog.page.anchorClicked.emit(QUrl("../gate"))
    assert [url.toLocalFile() for url in opened] == [str(resource_path("help") / "../gate")]
