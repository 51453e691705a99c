"""The tools that tests look at pictures with, held to what they are for."""

import pytest
from looked_at import faults
from painted import Text, grounds_of
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QLabel, QWidget

WORDS = "Which bytes are these?"


def written(ink, *grounds):
    """Words in one ink, across as many grounds side by side."""
    picture = QImage(220, 30, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    wide = picture.width() // len(grounds)
    for number, ground in enumerate(grounds):
        painter.fillRect(number * wide, 0, wide, picture.height(), QColor(ground))
    painter.setPen(QColor(ink))
    painter.drawText(10, 20, WORDS)
    box = QRectF(10, 8, painter.fontMetrics().horizontalAdvance(WORDS), 14)
    painter.end()
    return Text(WORDS, QColor(ink), box), picture


@pytest.mark.parametrize(
    ("ink", "grounds"),
    [
        ("#000000", ["#ffffff"]),
        ("#202020", ["#202020"]),
        ("#202020", ["#242424"]),
        ("#000000", ["#ffffff", "#404040"]),
        ("#ffffff", ["#1e1e1e", "#c0c0c0"]),
        ("#ffffff", ["#0044aa", "#1e1e1e"]),
        ("#202020", ["#ffffff", "#242424"]),
    ],
)
def test_every_ground_of_a_text_is_found_and_no_edge_of_a_letter(qapp, ink, grounds):
    found = {ground.name() for ground in grounds_of(*written(ink, *grounds))}
    assert found == set(grounds) or (found < {*grounds, ink} and ink in found)
    if len(grounds) > 1:
        assert found == set(grounds)


@pytest.fixture
def page(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(300, 120)
    made.show()
    return made


def told(page):
    return [each for each in faults(page, page.grab().toImage()) if "blank" not in each]


@pytest.mark.parametrize("size", [(0, 0), (40, 20)])
def test_a_label_without_room_is_told(page, size):
    label = QLabel("Not enough room", page)
    label.resize(*size)
    label.show()
    (fault,) = told(page)
    assert "Not enough room" in fault


def test_a_label_that_is_covered_is_told_where_it_has_no_room(page):
    label = QLabel("Behind something else", page)
    label.resize(60, 20)
    label.show()
    over = QWidget(page)
    over.setAutoFillBackground(True)
    over.resize(300, 120)
    over.show()
    assert len(told(page)) == 1


def test_what_is_kept_beyond_the_edge_is_not_told(page):
    label = QLabel("Behind a tab", page)
    label.setGeometry(-400, -400, 5, 5)
    label.show()
    assert told(page) == []
