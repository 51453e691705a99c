import pytest

from ovmfgui.gui.catching_up import CatchingUp


class Counting(CatchingUp):
    """How often it was read anew."""

    def __init__(self, workbench) -> None:
        super().__init__(workbench)
        self.times = 0
        self.follow_document()

    def refresh(self) -> None:
        self.times += 1


@pytest.fixture
def view(qtbot, workbench):
    view = Counting(workbench)
    qtbot.addWidget(view)
    return view


def test_what_nobody_looks_at_waits_until_it_is_shown(view, document):
    for _change in range(3):
        document.inspection_changed.emit()
    assert (view.times, view.stale) == (1, True)
    view.show()
    assert (view.times, view.stale) == (2, False)
    document.inspection_changed.emit()
    assert (view.times, view.stale) == (3, False)
    view.hide()
    view.show()
    assert view.times == 3
