"""Questions between steps: the replay alone says what is right."""

import pytest

from ovmfgui.migration.engine.playing import play
from ovmfgui.migration.lesson.page import lesson_page
from ovmfgui.migration.lesson.questions import questions_of
from ovmfgui.migration.scenario.file import load, parse
from ovmfgui.migration.scenario.shipped import find, headlines, shipped

STORY = """
title = "A story"
summary = "One host."
teaches = "Something."

[packages.first]
synthetic = "{first}"

[packages.second]
synthetic = "{second}"

[hosts.alpha]
packages = ["first"]

[[actions]]
do = "define"
host = "alpha"

[[actions]]
do = "start"
question = "Does it boot?"

[[actions]]
do = "power-off"

[[actions]]
do = "upgrade-package"
host = "alpha"
package = "second"

[[actions]]
do = "relaunch"
question = "And now?"
"""


def played(first, second):
    return play(parse(STORY.format(first=first, second=second), "story"))


@pytest.mark.parametrize(
    ("second", "right"),
    [("4m", "boots"), ("4m-next", "boots"), ("4m-shifted", "unknown"), ("2m", "no-boot")],
)
def test_the_right_answer_is_what_came(second, right):
    replay = played("4m", second)
    first, last = questions_of(replay)
    assert (first.text, first.right) == ("Does it boot?", "boots")
    assert last.right == right == replay.steps[last.answered_at].outcome
    assert replay.steps[last.asked_at].action == "upgrade-package"
    assert last.right in [choice.id for choice in last.choices]
    assert len(last.choices) == 4
    assert len({choice.words for choice in last.choices}) == 4


def test_where_the_right_answer_stands_tells_nothing():
    """The choices of two questions with other answers stand in one order."""
    boots, falls = (questions_of(played("4m", second))[-1] for second in ("4m", "2m"))
    assert boots.choices == falls.choices
    assert boots.right != falls.right


def scenario(path):
    marks = [pytest.mark.firmware] if path.stem.startswith("debian") else []
    return pytest.param(path, id=path.stem, marks=marks)


@pytest.mark.parametrize("path", [scenario(path) for path in shipped()])
def test_every_question_that_is_shipped_has_an_answer(path):
    replay = play(load(path))
    asked = [action for action in replay.scenario.actions if action.question]
    found = questions_of(replay)
    assert [each.text for each in found] == [action.question for action in asked]
    assert found
    assert replay.scenario.teaches
    for each in found:
        assert each.asked_at < each.answered_at


def test_the_index_knows_what_each_takes():
    lessons = {each.name: each for each in headlines()}
    assert all(each.teaches and 1 <= each.minutes <= 15 for each in lessons.values())
    assert lessons["demo"].questions == 3
    assert lessons["demo"].minutes > lessons["2m-to-4m"].minutes


def test_a_page_asks_before_the_step_and_answers_in_it():
    text = lesson_page(play(load(find("4m-to-2m"))))
    question = "The files of Host B are smaller. Will the migration go well?"
    asked, answered = (
        text.index(f'class="question">{question}'),
        text.index(f'class="answer">{question} <b>It does not go well.'),
    )
    assert asked < text.index('id="step-4"') < answered
