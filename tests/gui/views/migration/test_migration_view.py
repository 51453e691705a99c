import pytest
from PySide6.QtCore import Qt, QUrl

from ovmfgui.gui.document.document import Document
from ovmfgui.gui.document.tasks import TaskRunner
from ovmfgui.gui.look import theme
from ovmfgui.gui.views.migration.step_text import lesson_html, step_html
from ovmfgui.gui.views.migration.view import MigrationView
from ovmfgui.migration.lesson.host_cast import cast_of
from ovmfgui.migration.lesson.host_rows import sections_of
from ovmfgui.migration.lesson.pairing import pair_at
from ovmfgui.migration.lesson.questions import questions_of
from ovmfgui.migration.recorded.prepared import play
from ovmfgui.migration.recorded.segments import segments_of
from ovmfgui.migration.scenario.shipped import chapters, find, headlines, shipped
from ovmfgui.migration.simulation.states import RunState, StreamState
from ovmfgui.pflash.contents import Pages

KEYS = Qt.Key


@pytest.fixture(scope="module")
def story():
    """The built-in lesson, played."""
    return play(find("demo"), lambda *_: None)


@pytest.fixture
def document():
    document = Document(TaskRunner())
    yield document
    document.tasks.shutdown()


@pytest.fixture
def view(qtbot, workbench, story):
    view = MigrationView(workbench)
    qtbot.addWidget(view)
    view.resize(760, 600)
    view.show()
    view.set_prepared(story)
    return view


def steps_where(story, condition) -> list[int]:
    return [step.n for step in story.replay.steps if condition(step)]


def row(view, label: str, host: str | None = None):
    rows = [row for row in view.stage.rows if row.label == label]
    return next(row for row in rows if host is None or row.key.host == host)


def test_keys_and_buttons_go_through_the_steps(qtbot, view):
    qtbot.keyClick(view.player.timeline, KEYS.Key_Right)
    assert view.step.n == 1
    view.player.step_forward()
    assert view.step.n == 2
    view.player.step_back()
    assert view.step.n == 1
    view.player.to_last()
    assert view.step.n == len(view.player) - 1
    view.player.step_forward()
    assert view.step.n == len(view.player) - 1
    view.player.to_first()
    assert view.step.n == 0


def test_each_step_is_told_with_qemus_exact_words_and_the_lesson(view, story):
    for index, step in enumerate(story.replay.steps):
        view.player.timeline.go(index)
        assert step.title in view.words.text.toPlainText()
        assert step.consequence in view.words.text.toPlainText()
        assert view.words.printed.toPlainText() == step.qemu
        assert " ".join(step.lesson.split()) in view.lesson.plain_text().replace("\n", " ")


def test_a_step_that_changes_something_looks_different(view, story):
    before = None
    for index, step in enumerate(story.replay.steps):
        view.show_step(index)
        picture = view.stage.grab().toImage()
        if step.changed or step.snapshot.stream is not None:
            assert picture != before, step.title
        before = picture


def test_an_open_command_is_shown_on_the_chip_that_has_it(view, story):
    busy = steps_where(
        story,
        lambda step: any(
            not chip.command.idle
            for host in step.snapshot.hosts
            for guest in host.guests
            if guest.run_state is RunState.RUNNING
            for chip in guest.chips
        ),
    )
    view.show_step(busy[0])
    chips = [row for row in view.stage.rows if row.busy]
    assert [chip.label for chip in chips] == ["VARS chip"]
    assert "waiting for the byte to program" in chips[0].words
    assert "waiting for the byte to program" in view.stage.accessibleDescription()


def test_a_write_lights_the_same_bytes_in_chip_and_file(view, story):
    def is_small_write(step) -> bool:
        return step.action == "set-variable" and bool(step.changed)

    view.show_step(steps_where(story, is_small_write)[0])
    chip, file = row(view, "VARS chip"), row(view, "Domain vm1")
    assert chip.changed == file.changed
    assert 0 < chip.changed_size < 1000
    assert not chip.fresh


def test_the_guest_keeps_the_sources_code_until_it_is_started_anew(view, story):
    arrived = steps_where(
        story,
        lambda step: (
            step.snapshot.stream is not None and step.snapshot.stream.state is StreamState.COMPLETE
        ),
    )[0]
    view.show_step(arrived)
    beta = row(view, "CODE chip", "beta")
    assert "Host A" in beta.notes[-1]
    view.player.to_last()
    assert "Host B" in row(view, "CODE chip", "beta").notes[-1]


def test_where_code_expects_other_boundaries_they_are_marked(view):
    view.player.to_last()
    chip = row(view, "VARS chip", "beta")
    assert 0x30000 in chip.expected
    assert 0x84000 not in chip.expected
    view.player.to_first()
    assert all(not row.expected for row in view.stage.rows)


def test_the_outcome_is_told_at_the_end_alone(view):
    assert view.bar.outcome.text() == ""
    view.player.to_last()
    assert view.bar.outcome.text().startswith(
        theme.fit_style(theme.Fit.INCOMPATIBLE, view.palette()).sign
    )


def test_a_click_on_a_chip_opens_its_bytes_and_they_follow_the_steps(qtbot, view, story):
    view.show_step(steps_where(story, lambda step: step.action == "start")[0])
    chip = row(view, "VARS chip")
    rect = view.stage.rect_of(chip.key)
    qtbot.mouseClick(view.stage, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert not view.drawer.isHidden()
    assert view.drawer.grid.data == chip.contents.tobytes()
    assert view.drawer.heading().startswith("VARS chip, Host A")
    view.player.step_forward()
    assert view.drawer.grid.data == row(view, "VARS chip").contents.tobytes()
    view.player.to_first()
    assert "not there" in view.drawer.heading()
    view.bytes.stop()
    assert view.drawer.isHidden()


def test_the_bytes_of_a_host_are_opened_on_request(qtbot, view, document, workbench):
    view.show_step(1)
    template = row(view, "template", "alpha")
    view.bytes.follow(template)
    with qtbot.waitSignal(document.presented, timeout=20_000):
        view.drawer.open_button.click()
    (file,) = document.image.files
    assert file.path == "template, Host A"
    # The view itself has let go of what was played.
    assert file.data == template.contents.tobytes()
    assert workbench.views.shown == ["hex"]


def test_arrow_keys_walk_through_files_and_chips(qtbot, view):
    view.player.to_last()
    labels = []
    for _ in range(3):
        qtbot.keyClick(view.stage, KEYS.Key_Down)
        labels.append(view.drawer.heading().partition(" ·")[0])
    assert labels == ["CODE, Host A", "template, Host A", "Domain vm1, Host A"]


def test_playing_goes_on_by_itself_and_stops_at_the_end(qtbot, view):
    view.player.set_interval(1)
    view.show_step(len(view.player) - 3)
    view.player.toggle()
    assert view.player.playing
    qtbot.waitUntil(lambda: not view.player.playing)
    assert view.step.n == len(view.player) - 1


def test_a_scenario_is_played_in_the_background(qtbot, workbench):
    view = MigrationView(workbench)
    qtbot.addWidget(view)
    view.show()
    with qtbot.waitSignal(view.replay_changed, timeout=20_000) as shown:
        view.playing.scenario(find("same-package"))
    assert view.replay is shown.args[0]
    assert view.bar.scenarios.currentText() == view.replay.scenario.title
    qtbot.waitUntil(view.bar.run_button.isEnabled)


def test_before_anything_is_played_the_scenarios_are_offered(qtbot, workbench):
    view = MigrationView(workbench)
    qtbot.addWidget(view)
    view.show()
    text = view.offer_page.toPlainText()
    for lesson in headlines():
        assert lesson.title in text
        assert lesson.teaches in text
    assert "min · 3 questions" in text
    assert view.player.isHidden()
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        view.offer_page.anchorClicked.emit(QUrl("#0"))
    assert view.replay.scenario.name == "demo"
    assert not view.player.isHidden()
    qtbot.waitUntil(view.bar.run_button.isEnabled)


def test_a_replay_from_elsewhere_is_shown(qtbot, workbench, story):
    view = MigrationView(workbench)
    qtbot.addWidget(view)
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        view.playing.replay(story.replay)
    assert view.replay is story.replay


def test_a_scenario_that_cannot_be_played_says_why_and_changes_nothing(qtbot, view, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text("title = 3")
    before = view.replay
    with qtbot.waitSignal(view._workbench.refused, timeout=20_000) as refused:
        view.playing.scenario(bad)
    assert "bad" in refused.args[0]
    assert view.replay is before
    qtbot.waitUntil(view.bar.run_button.isEnabled)


def test_the_lessons_text_grows_and_shrinks_within_bounds(view):
    start = view.lesson.points
    view.lesson.larger()
    assert view.lesson.points > start
    for _ in range(60):
        view.lesson.larger()
    assert view.lesson.points == 40
    for _ in range(60):
        view.lesson.smaller()
    assert view.lesson.points == 9


def test_every_shipped_scenario_is_in_one_chapter_the_built_in_lesson_first():
    names = [lesson.name for chapter in chapters() for lesson in chapter.lessons]
    assert names[0] == "demo"
    assert sorted(names) == sorted(path.stem for path in shipped())


def test_the_index_of_lessons_can_be_gone_back_to(qtbot, view):
    qtbot.mouseClick(view.bar.lessons_button, Qt.MouseButton.LeftButton)
    assert view.offer_page.isVisible()
    assert view.player.isHidden()
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        view.offer_page.anchorClicked.emit(QUrl("#1"))
    assert view.replay.scenario.name == "same-package"
    assert not view.player.isHidden()


def test_a_question_is_asked_before_its_step_and_answered_by_it(qtbot, view, story):
    question = next(q for q in questions_of(story.replay) if q.right == "not")
    panel = view.lesson.question
    assert panel.isHidden()
    view.player.timeline.go(question.asked_at)
    assert panel.text.text() == question.text
    assert panel.proof.isHidden()
    wrong = next(button for button in panel.buttons if button.text() == "It goes well")
    qtbot.mouseClick(wrong, Qt.MouseButton.LeftButton)
    assert panel.result.text() == "You say: It goes well."
    qtbot.mouseClick(panel.proof, Qt.MouseButton.LeftButton)
    assert view.step.n == question.answered_at
    assert panel.result.text().startswith("✖ You said: It goes well. No: it does not")
    assert panel.buttons == []


def test_a_right_answer_is_said_to_be_right(view, story):
    question = questions_of(story.replay)[-1]
    view.player.timeline.go(question.asked_at)
    panel = view.lesson.question
    panel.answer(next(each for each in question.choices if each.id == question.right))
    view.player.timeline.go(question.answered_at)
    assert panel.result.text().startswith("✔ Right")


def test_everyone_keeps_a_place_at_every_step(story):
    steps = story.replay.steps
    cast = cast_of(steps, "alpha")
    counts = {len(sections_of(step, "alpha", cast)) for step in steps}
    assert cast.domains == ("vm1",)
    assert len(counts) == 1


def test_the_host_that_something_happens_on_is_in_sight(story):
    for index, step in enumerate(story.replay.steps):
        assert step.host in pair_at(story.replay.steps, index)
        stream = step.snapshot.stream
        if stream is not None:
            assert {stream.source, stream.destination} == set(pair_at(story.replay.steps, index))


def test_segments_tile_what_they_stand_for(story):
    for contents, segments in story.charts.items():
        ends = [segment.span.end for segment in segments]
        starts = [segment.span.start for segment in segments]
        assert starts == [0, *ends[:-1]]
        assert ends[-1] == contents.size


def test_a_blank_chip_has_no_structure():
    assert segments_of(Pages.of(bytes(0x84000))) == ()
    assert segments_of(Pages.of(b"\xff" * 0x84000)) == ()


def test_text_from_outside_is_shown_as_it_is(story):
    from dataclasses import replace

    step = replace(story.replay.steps[1], text="a <b> & c", lesson="one\ntwo\n\nthree <i>")
    assert "a &lt;b&gt; &amp; c" in step_html(step, 9, theme.light_palette())
    assert lesson_html(step, "") == "<p>one two</p><p>three &lt;i&gt;</p>"


@pytest.mark.parametrize("size", [(420, 300), (760, 560), (1600, 1000)])
def test_rows_do_not_overlap_at_any_size(view, size):
    view.resize(*size)
    view.player.to_last()
    rects = [view.stage.rect_of(row.key) for row in view.stage.rows]
    assert len(rects) > 5
    assert not any(a.intersects(b) for i, a in enumerate(rects) for b in rects[i + 1 :])


def test_the_view_fits_a_small_screen_whatever_is_shown_in_it(qtbot, view):
    view.bar.plot_button.click()
    qtbot.waitUntil(lambda: view.plot is not None, timeout=20_000)
    view.bar.edit_button.click()
    view.bytes.follow(view.stage.rows[0])
    hint = view.minimumSizeHint()
    assert hint.width() <= 800
    assert hint.height() <= 540
    view.bar.plot_button.click()
    view.bytes.stop()
    qtbot.waitUntil(lambda: view.minimumSizeHint().height() <= 400)
