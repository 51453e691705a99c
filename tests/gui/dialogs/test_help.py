from ovmfgui.gui.dialogs.help import HelpDialog
from ovmfgui.help import help_pages


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
