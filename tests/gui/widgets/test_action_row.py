from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QWidget

from ovmfgui.gui.widgets.action_row import ActionRow


def test_buttons_take_as_many_rows_as_they_need(qtbot):
    owner = QWidget()
    qtbot.addWidget(owner)
    row = ActionRow(owner)
    assert row.isHidden()
    row.set_actions([QAction(f"Do &thing number {n}…", owner) for n in range(4)])
    assert not row.isHidden()
    owner.show()
    wide = row.sizeHint().width()
    one = row.heightForWidth(wide)
    assert row.heightForWidth(wide // 2) > one
    for width in (wide, wide // 2, wide // 4):
        row.resize(width, row.heightForWidth(width))
        spots = [button.geometry() for button in row.buttons]
        assert all(row.rect().contains(spot) for spot in spots) or width < spots[0].width()
        assert not any(a.intersects(b) for n, a in enumerate(spots) for b in spots[:n])
    assert row.buttons[0].text() == "Do thing number 0…"


def test_a_click_does_it_and_says_so(qtbot):
    owner = QWidget()
    qtbot.addWidget(owner)
    row, done = ActionRow(owner), []
    action = QAction("Do it", owner)
    action.triggered.connect(lambda: done.append("did"))
    row.triggered.connect(lambda: done.append("said"))
    row.set_actions([action])
    row.buttons[0].click()
    assert sorted(done) == ["did", "said"]
    row.set_actions([])
    assert row.isHidden()


def test_buttons_are_as_their_actions_become(qtbot):
    owner = QWidget()
    qtbot.addWidget(owner)
    row = ActionRow(owner)
    first, action = QAction("Do it", owner), QAction("Do that", owner)
    action.setEnabled(False)
    row.set_actions([first, action])
    button = row.buttons[1]
    assert not button.isEnabled()
    assert button.icon().isNull()
    picture = QPixmap(16, 16)
    picture.fill()
    action.setEnabled(True)
    for each in (first, action):
        each.setIcon(QIcon(picture))
    assert button.isEnabled()
    assert not button.icon().isNull()
    assert not row.buttons[0].geometry().intersects(button.geometry())
    row.set_actions([first])
    action.setEnabled(False)
    assert [each.text() for each in row.buttons] == ["Do it"]
