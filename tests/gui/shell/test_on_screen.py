from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QWidget

from ovmfgui.gui.shell.on_screen import keep_on_screen, within

FRAME, LEAST = QSize(2, 38), QSize(800, 500)


def test_a_window_that_is_within_its_screen_stays():
    room, wanted = QRect(0, 0, 1920, 1080), QRect(100, 100, 1282, 838)
    assert within(room, wanted, FRAME, LEAST) == wanted


def test_frame_and_all_are_within_a_screen_of_the_same_size():
    room = QRect(0, 24, 1280, 776)
    kept = within(room, QRect(0, 0, 1282, 838), FRAME, LEAST)
    assert room.contains(kept)


def test_a_window_beside_the_screen_comes_back():
    room = QRect(0, 0, 1024, 600)
    kept = within(room, QRect(900, -40, 1000, 580), FRAME, LEAST)
    assert room.contains(kept)
    assert kept.size() == QSize(1000, 580)


def test_the_least_size_counts_and_the_corner_is_seen():
    kept = within(QRect(0, 0, 640, 480), QRect(50, 50, 1280, 800), FRAME, LEAST)
    assert kept.topLeft() == QRect(0, 0, 1, 1).topLeft()
    assert kept.size() == LEAST + FRAME


def test_a_window_is_made_to_fit(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(4000, 3000)
    keep_on_screen(window)
    room = window.screen().availableGeometry()
    assert window.width() <= room.width()
    assert window.height() < room.height()
