"""Memory is given back once, and asks what all windows hold, not the one that has closed."""

import pytest

from ovmfgui.gui.document import closing, open_documents
from ovmfgui.gui.document.document import Document
from ovmfgui.gui.document.tasks import TaskRunner


@pytest.fixture
def done(monkeypatch, qapp):
    """What was done, in order; of a process in which nothing else is open."""
    monkeypatch.setattr(closing, "_every", type(closing._every)())
    monkeypatch.setattr(closing, "_whole_windows", [])
    done = []
    for name in ("search_all", "search_closed"):
        monkeypatch.setattr(closing, name, lambda name=name: done.append(name))
    monkeypatch.setattr(closing, "something_is_set_aside", lambda: False)
    monkeypatch.setattr(closing, "begin_ahead", lambda work: done.append(work.__name__))
    return done


@pytest.fixture
def two(done, demo):
    made = [Document(TaskRunner()) for _each in range(2)]
    for each in made:
        each.present(demo)
    yield made
    for each in made:
        each.tasks.shutdown()


def test_what_is_open_in_another_window_is_not_held_up_and_keeps_its_memory(
    done, two, demo, monkeypatch
):
    first, second = two
    second.close()
    closing.let_go()
    assert done == ["search_closed", "give_back"]
    done.clear()
    monkeypatch.setattr(open_documents, "LARGE", 1)
    first.present(demo)
    second.present(demo)
    second.close()
    closing.let_go()
    assert done == ["search_closed"]
    done.clear()
    first.close()
    closing.let_go()
    assert done == ["search_all", "give_back"]


def test_one_of_several_is_closed_without_a_search(done, two, demo):
    first, _second = two
    first.show(open_documents.Content(demo, ("another",)))
    first.close()
    closing.let_go()
    assert done == ["give_back"]


def test_one_of_several_is_closed_with_a_search_where_something_was_set_aside(
    done, two, demo, monkeypatch
):
    first, _second = two
    monkeypatch.setattr(closing, "something_is_set_aside", lambda: True)
    first.show(open_documents.Content(demo, ("another",)))
    first.close()
    closing.let_go()
    assert done == ["search_closed", "give_back"]


def test_several_that_are_closed_are_let_go_of_once(qtbot, done, two):
    first, second = two
    first.close_all()
    second.close_all()
    closing.was_closed(all_of_it=True)
    (timer,) = closing._soon
    assert timer.isActive()
    qtbot.waitUntil(lambda: not timer.isActive())
    assert done == ["search_all", "give_back"]
