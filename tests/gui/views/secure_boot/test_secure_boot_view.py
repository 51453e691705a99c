"""The page of Secure Boot: the chain, what has ended, what would start, a profile enrolled."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from ovmfgui.flash.image import Role
from ovmfgui.flash.opening import image_of
from ovmfgui.gui.dialogs.profile import ProfileDialog
from ovmfgui.gui.views.secure_boot.card import TrustCard
from ovmfgui.gui.views.secure_boot.view import SecureBootView
from ovmfgui.layout.demo import demo_files
from ovmfgui.layout.inspection import inspect
from ovmfgui.layout.verdict import Fit

SHIM = Path("/usr/lib/shim/shimx64.efi.signed")
UNSIGNED = Path("/usr/lib/shim/shimx64.efi")


@pytest.fixture
def view(qtbot, demo_window):
    """The page over the demo store alone: its CODE is a build without Secure Boot."""
    store = next(file for file in demo_files() if file.role is Role.VARS)
    demo_window.document.present(inspect(image_of([store])))
    return demo_window.workbench.show_view(SecureBootView)


def enrol(window, name):
    dialog = ProfileDialog(window.document, window)
    dialog.choices[name].setChecked(True)
    dialog.accepted.connect(lambda: window.commands.secure_boot._enrol(dialog))
    dialog.enrol.click()


def dropped(view, *paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    view.dropEvent(event)
    return event.isAccepted()


def names(view):
    return [card.card.title for card in view.chain.cards]


def test_setup_mode_is_said_and_a_profile_fills_the_chain(view, demo_window):
    assert view.state.text() == "ℹ Setup mode"
    assert names(view) == []
    enrol(demo_window, "microsoft-2011+2023")
    assert view.state.text() == "✔ Secure Boot on"
    assert "Microsoft Corporation KEK 2K CA 2023" in names(view)
    assert len(names(view)) == 8
    demo_window.document.undo_stack.undo()
    assert names(view) == []


def test_what_has_ended_is_told_by_sign_and_word_not_by_colour_alone(view, demo_window):
    enrol(demo_window, "microsoft-2011+2023")
    ended = [card for card in view.chain.cards if card.card.ended]
    assert [card.second_line for card in ended] == [
        "⚠ ended 2026-06-24",
        "⚠ ended 2026-06-27",
        "⚠ ended 2026-10-19",
    ]
    assert all("ended" in card.accessibleName() for card in ended)
    assert "Firmware does not look at the date" in view.findings.toPlainText()


def test_a_card_is_as_tall_as_its_words_and_an_endless_name_is_shortened(qtbot, view, demo_window):
    enrol(demo_window, "microsoft-2011+2023")
    demo_window.resize(1000, 700)
    demo_window.workbench.show("secure-boot")
    cards = view.chain.cards
    qtbot.waitUntil(
        lambda: all(card.height() == card.heightForWidth(card.width()) for card in cards)
    )
    narrow = [card.heightForWidth(card.minimumSizeHint().width()) for card in cards]
    wide = [card.heightForWidth(2_000) for card in cards]
    assert all(few >= many for few, many in zip(narrow, wide, strict=True))
    assert max(narrow) > max(wide)
    # Two lines: what the card takes at the least.
    assert set(wide) <= {cards[0].minimumSizeHint().height() + by for by in (-1, 0, 1)}
    card = TrustCard(cards[0].card._replace(title="x" * 4_000))
    qtbot.addWidget(card)
    assert card.heightForWidth(200) < 10 * wide[0]


def test_a_card_tells_all_of_itself_and_selects_its_variable(qtbot, view, demo_window):
    enrol(demo_window, "microsoft-2023")
    view.chain.cards[0].setFocus()
    qtbot.keyClick(view.chain.cards[0], Qt.Key.Key_Space)
    assert "SHA-256" in view.details.toPlainText()
    record = demo_window.document.record_at(demo_window.document.selection)
    assert record.name == "PK"
    assert view.chain.cards[0].isChecked()


@pytest.mark.firmware
def test_a_dropped_loader_is_judged_and_its_anchor_marked_again_after_each_edit(
    qtbot, view, demo_window
):
    enrol(demo_window, "microsoft-2011+2023")
    assert dropped(view, SHIM, UNSIGNED)
    qtbot.waitUntil(lambda: len(view.judged) == 2, timeout=20_000)
    assert [each.judgement.starts for each in view.judged] == [True, False]
    assert [card.mark for card in view.chain.binaries] == [Fit.FITS, Fit.INCOMPATIBLE]
    view.chain.binaries[0].click()
    marked = [card.card.title for card in view.chain.cards if card.mark is Fit.FITS]
    assert len(marked) == 1
    assert "UEFI CA" in marked[0]
    assert "shimx64.efi.signed starts" in view.details.toPlainText()
    demo_window.document.undo_stack.undo()
    # In setup mode nothing is checked: whatever was dropped starts.
    assert [each.judgement.starts for each in view.judged] == [True, True]


def test_code_that_does_not_check_is_said(view, demo_window, demo):
    demo_window.document.present(demo)
    enrol(demo_window, "microsoft-2011+2023")
    assert view.state.text() == "⚠ Not enforced"
    assert "this CODE does not enforce them" in view.findings.toPlainText()


def test_anything_else_that_is_dropped_is_the_windows(view, demo_paths):
    assert not dropped(view, demo_paths[0])


def test_what_is_no_binary_is_refused(qtbot, view, demo_window, tmp_path):
    fake = tmp_path / "fake.efi"
    fake.write_bytes(b"no program")
    with qtbot.waitSignal(demo_window.workbench.refused, timeout=20_000) as told:
        dropped(view, fake)
    assert "no EFI binary" in told.args[0]


def test_the_review_is_of_the_profile_that_is_chosen(qtbot, view, demo_window):
    dialog = ProfileDialog(demo_window.document, demo_window)
    qtbot.addWidget(dialog)
    said = dialog.text.toPlainText()
    assert "+ Microsoft UEFI CA 2023" in said
    assert "leaves setup mode" in said
    assert f"becomes {dialog.review.pcr7.after.hex()}" in said
    dialog.choices["distribution"].setChecked(True)
    assert "Microsoft UEFI CA 2023" not in dialog.text.toPlainText()
    assert [change.name for change in dialog.review.changes] == ["db"]
    enrol(demo_window, "distribution")
    again = ProfileDialog(demo_window.document, demo_window)
    qtbot.addWidget(again)
    again.choices["distribution"].setChecked(True)
    assert again.text.toPlainText().startswith("Nothing")
    assert not again.enrol.isEnabled()


def test_without_a_store_there_is_nothing_to_trust(view, demo_window, qtbot, demo_paths):
    with qtbot.waitSignal(demo_window.document.presented, timeout=20_000):
        demo_window.document.open(demo_paths[:1])
    assert demo_window.document.image.file_with(Role.VARS, Role.UNIFIED) is None
    assert view.overview is None
    assert "Add the VARS file" in view._empty.text()
    assert not demo_window.actions_of["enrol-profile"].isEnabled()


def test_the_line_above_the_variables_leads_here(qtbot, demo_window):
    variables = demo_window.workbench.show("variables")
    qtbot.mouseClick(variables.secure_boot.chain, Qt.MouseButton.LeftButton)
    assert demo_window.pages.front.id == "secure-boot"


@pytest.mark.firmware
def test_of_a_medium_every_loader_is_told(qtbot, view, demo_window, tmp_path):
    folder = tmp_path / "EFI" / "BOOT"
    folder.mkdir(parents=True)
    (folder / "BOOTX64.EFI").write_bytes(SHIM.read_bytes())
    enrol(demo_window, "microsoft-2011+2023")
    view.binaries.add([str(tmp_path)])
    qtbot.waitUntil(lambda: len(view.judged) == 1, timeout=20_000)
    assert view.judged[0].chains
    said = view.details.toPlainText()
    assert "BOOTX64.EFI" in said
    assert "firmware" in said
