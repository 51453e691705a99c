"""Terms of the glossary where they stand: dots, hover, click and F1, up to whoever shows them."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QTextCharFormat, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip

from ovmfgui.gui.dialogs.help import HelpDialog
from ovmfgui.gui.views.migration.view import MigrationView
from ovmfgui.gui.widgets.term_browser import TermBrowser
from ovmfgui.help import glossary
from ovmfgui.migration.recorded.prepared import play
from ovmfgui.migration.scenario.shipped import find

TEXT = "<p>The <b>FTW spare area</b> of VARS. <a href='#1'>CODE</a> has an FTW spare area.</p>"


@pytest.fixture
def browser(qtbot):
    made = TermBrowser()
    qtbot.addWidget(made)
    made.resize(500, 200)
    made.setHtml(TEXT)
    made.show()
    return made


def cursor_at(browser, word):
    return browser.document().find(word)


def place_of(browser, word):
    cursor = cursor_at(browser, word)
    cursor.setPosition(cursor.selectionStart() + 1)
    return browser.cursorRect(cursor).center()


def test_a_term_has_dots_where_it_stands_first_and_links_stay_links(browser):
    assert browser.terms == ("FTW spare area", "VARS")
    first = cursor_at(browser, "FTW spare")
    assert first.charFormat().underlineStyle() is QTextCharFormat.UnderlineStyle.DotLine
    assert first.charFormat().fontWeight() > 400
    again = browser.document().find("FTW spare", first.selectionEnd())
    assert again.charFormat().underlineStyle() is not QTextCharFormat.UnderlineStyle.DotLine
    code = cursor_at(browser, "CODE")
    assert code.charFormat().anchorHref() == "#1"


def test_hover_tells_what_a_term_means(qtbot, browser):
    where = place_of(browser, "VARS")
    event = QHelpEvent(QEvent.Type.ToolTip, where, browser.viewport().mapToGlobal(where))
    QApplication.sendEvent(browser.viewport(), event)
    assert glossary()["VARS"] in QToolTip.text()
    nowhere = QPoint(490, 190)
    event = QHelpEvent(QEvent.Type.ToolTip, nowhere, browser.viewport().mapToGlobal(nowhere))
    QApplication.sendEvent(browser.viewport(), event)
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


@pytest.fixture
def lesson(qtbot, window):
    view = window.workbench.show_view(MigrationView)
    view.set_prepared(play(find("demo"), lambda *_: None))
    view.player.timeline.go(1)
    return view.lesson.text


def the_help(window):
    return next((w for w in window.findChildren(HelpDialog) if w.isVisible()), None)


def test_a_click_on_a_term_opens_the_glossary_there(qtbot, window, lesson):
    term = lesson.terms[0]
    word = next(form for form in (term, "template", "CODE") if form in lesson.terms)
    qtbot.mouseClick(lesson.viewport(), Qt.MouseButton.LeftButton, pos=place_of(lesson, word))
    dialog = the_help(window)
    assert dialog is not None
    assert dialog.titles.currentItem().text() == "Glossary"
    assert dialog.page.textCursor().selectedText() == word


def test_f1_on_a_term_that_is_chosen_by_keyboard_opens_the_glossary_there(qtbot, window, lesson):
    lesson.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(lesson, key)
    qtbot.keyClick(lesson, Qt.Key.Key_F1)
    dialog = the_help(window)
    assert dialog.page.textCursor().selectedText() == lesson.terms[0]


def test_another_key_of_the_help_explains_the_term_too(qtbot, window, lesson):
    window.actions_of.give_keys({"help": "Ctrl+Alt+H"})
    lesson.setFocus()
    qtbot.keyClick(lesson, Qt.Key.Key_Right)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(lesson, Qt.Key.Key_H, both)
    assert the_help(window).page.textCursor().selectedText() == lesson.terms[0]


def test_tab_leaves_the_text(qtbot, window, lesson):
    window.activateWindow()
    lesson.setFocus()
    qtbot.keyClick(lesson, Qt.Key.Key_Tab)
    assert not lesson.hasFocus()


def test_every_term_is_found_in_its_page(qtbot, workbench):
    dialog = HelpDialog(workbench.actions)
    qtbot.addWidget(dialog)
    for term in glossary():
        dialog.show_term(term)
        assert dialog.page.textCursor().selectedText() == term


def test_a_page_of_help_is_saved_as_html(qtbot, tmp_path, workbench):
    dialog = HelpDialog(workbench.actions)
    qtbot.addWidget(dialog)
    dialog.show_term("FvLength")
    path = tmp_path / "glossary.html"
    dialog.save_page(str(path))
    text = path.read_text()
    assert text.startswith("<!DOCTYPE HTML")
    assert all(term.partition(" (")[0] in text for term in glossary())
    assert "http" not in text.replace("http://www.w3.org", "")


def test_a_text_can_still_be_selected_and_copied(browser):
    cursor = browser.textCursor()
    cursor.select(QTextCursor.SelectionType.Document)
    assert "FTW spare area of VARS" in cursor.selectedText()


@pytest.mark.parametrize("by", [120, -120])
def test_the_wheel_with_ctrl_changes_the_size_as_far_as_text_can_be_read(browser, qapp, by):
    turn = QWheelEvent(
        *(QPointF(9, 9), QPointF(9, 9), QPoint(), QPoint(0, by)),
        *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier),
        *(Qt.ScrollPhase.NoScrollPhase, False),
    )
    before, sizes = browser.font().pointSizeF(), set()
    for _ in range(40):
        QApplication.sendEvent(browser.viewport(), turn)
        sizes.add(browser.font().pointSizeF())
    assert len(sizes) > 2
    assert 6 <= min(sizes) <= max(sizes) <= 32
    assert (max(sizes) > before) is (by > 0)
