"""The story, step by step: what moves, what stays, what is written when, and what comes of it."""

from __future__ import annotations

import pytest
from played import (
    BEGIN,
    CODE,
    FRAME,
    SHARED,
    STORE,
    changed,
    chip_of,
    file_of,
    play,
    step,
)

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.engine.model import ModelPlatform
from ovmfgui.migration.replay import changes, run
from ovmfgui.migration.scenario.file import load
from ovmfgui.migration.scenario.shipped import shipped
from ovmfgui.migration.simulation.snapshot import ObjectKey
from ovmfgui.migration.simulation.states import RunState, StreamState
from ovmfgui.nvram.reading import read_store
from ovmfgui.refusal import Refused
from ovmfgui.span import Span


def test_define_copies_the_template_and_start_fills_two_chips_below_4_gib():
    replay = play('define host="a"', "start")
    defined, started = replay.steps[1:]
    assert file_of(defined, "a") == file_of(defined, "a", "/usr/share/OVMF/OVMF_VARS.fd")
    assert changed(defined) == {f"a:{STORE}": (Span(0, 0x84000),)}
    code, store = (chip_of(started, "a", f"system.flash{n}") for n in (0, 1))
    assert (code.address, store.address) == (0xFFC84000, 0xFFC00000)
    assert (code.read_only, store.read_only) == (True, False)
    assert started.outcome is Outcome.BOOTS
    assert replay.well


def test_a_guest_write_reaches_chip_and_file_alike_and_nothing_else():
    write = step(play(*BEGIN), "Set X")
    key_of_chip, key_of_file = "a:vm1/system.flash1", f"a:{STORE}"
    assert set(changed(write)) == {key_of_chip, key_of_file}
    assert changed(write)[key_of_chip] == changed(write)[key_of_file]
    assert chip_of(write, "a").command.idle
    assert [v.name for v in write.snapshot.host("a").guest("vm1").guest_view.variables] == ["X"]


def test_a_migration_carries_both_chips_and_writes_the_file_when_the_guest_runs():
    replay = play(*BEGIN, 'migrate to="b"')
    flowing, arrived = step(replay, "Both chips go over"), step(replay, "The guest arrives")
    runs = step(replay, "The guest runs, the store is dumped")
    assert flowing.snapshot.stream.state is StreamState.FLOWING
    assert [b.name for b in flowing.snapshot.stream.blocks] == ["system.flash0", "system.flash1"]
    for name in ("system.flash0", "system.flash1"):
        assert chip_of(arrived, "b", name).contents == chip_of(flowing, "a", name).contents
    assert chip_of(arrived, "b").dump_pending
    waiting = flowing.snapshot.host("b").guest("vm1").guest_view
    assert (waiting.variables, waiting.text[:17]) == ((), "There is no guest")
    template = file_of(arrived, "b", "/usr/share/OVMF/OVMF_VARS.fd")
    assert file_of(arrived, "b") == template != chip_of(arrived, "b").contents.tobytes()
    assert arrived.snapshot.host("a").guest("vm1").run_state is RunState.POSTMIGRATE
    assert file_of(runs, "b") == chip_of(runs, "b").contents.tobytes()
    assert set(changed(runs)) == {f"b:{STORE}"}
    assert runs.snapshot.host("a").guests == ()
    assert runs.snapshot.stream is None


def test_the_guest_goes_on_with_the_sources_code_until_the_next_power_on():
    replay = play(*BEGIN, 'migrate to="b"', "reset", "power-off", 'relaunch host="b"')
    reset, again = step(replay, "Reset vm1"), step(replay, "Start vm1 again")
    own = again.snapshot.host("b").file(CODE).contents
    assert (
        chip_of(reset, "b", "system.flash0").contents
        == reset.snapshot.host("a").file(CODE).contents
    )
    assert chip_of(reset, "b", "system.flash0").contents != own
    assert chip_of(again, "b", "system.flash0").contents == own
    assert "Host A" in reset.text
    assert "Host B" in again.text
    assert replay.outcome is Outcome.BOOTS


def test_chips_of_other_sizes_are_refused_and_the_source_keeps_the_guest():
    replay = play(*BEGIN, 'migrate to="b"', frame=FRAME.replace('["next"]', '["small"]'))
    refused, stays = replay.steps[-2:]
    assert refused.qemu == (
        "qemu-system-x86_64: Size mismatch: system.flash0: 0x37c000 != 0x1e0000: Invalid argument\n"
        "qemu-system-x86_64: error while loading state for instance 0x0 of device 'ram'\n"
        "qemu-system-x86_64: load of migration failed: Invalid argument"
    )
    assert (refused.ok, refused.snapshot.stream.state) == (False, StreamState.REFUSED)
    assert stays.snapshot.host("a").guest("vm1").run_state is RunState.RUNNING
    assert stays.snapshot.host("b").guests == stays.snapshot.host("b").domains == ()
    assert stays.snapshot.host("b").file(STORE) is None
    assert (replay.outcome, replay.well) == (Outcome.REFUSED_BY_QEMU, False)


def test_a_destination_without_the_second_chip_does_not_know_its_block():
    replay = play(*BEGIN, 'migrate to="b" without_store=true')
    assert replay.steps[-2].qemu.startswith(
        'qemu-system-x86_64: Unknown ramblock "system.flash1", cannot accept migration\n'
    )


@pytest.mark.parametrize("stop", [1, 2, 3, 50, 101, 141])
def test_a_write_that_is_migrated_in_the_middle_ends_as_if_it_had_not_been(stop: int):
    whole = play(*BEGIN, 'set-variable name="Y" text="world"')
    broken = play(
        *BEGIN,
        f'set-variable name="Y" text="world"\nstop_after={stop}',
        'migrate to="b"',
        "finish-write",
    )
    middle = step(broken, "Set Y, in the middle")
    assert f"{stop} of " in middle.snapshot.host("a").guest("vm1").unfinished
    arrived = step(broken, "The guest arrives")
    before, after = chip_of(middle, "a").command, chip_of(arrived, "b").command
    assert (before.wcycle, before.cmd, before.status) == (after.wcycle, after.cmd, after.status)
    assert after.romd
    assert file_of(broken.steps[-1], "b") == file_of(whole.steps[-1], "a")
    assert broken.steps[-1].snapshot.host("b").guest("vm1").unfinished == ""


def test_a_guest_finishes_its_write_before_it_does_anything_else():
    replay = play(*BEGIN, 'set-variable name="Y" text="z"\nstop_after=9', 'get name="Y"')
    assert [s.title for s in replay.steps[-2:]] == ["Set Y: the rest", "Read Y"]
    assert replay.steps[-1].ok


def test_power_lost_in_mid_write_leaves_the_old_value_and_what_was_written():
    replay = play(
        *BEGIN,
        'set-variable name="X" text="other"\nstop_after=90',
        'power-loss host="a"',
        "relaunch",
        'get name="X"',
    )
    lost = step(replay, "Power loss")
    assert (
        file_of(lost, "a") == chip_of(step(replay, "Set X, in the middle"), "a").contents.tobytes()
    )
    assert replay.steps[-1].text == "The guest reads X: “hello”."
    assert replay.well


def test_a_destination_that_is_paused_and_quit_never_wrote_its_file():
    replay = play(*BEGIN, 'migrate to="b" paused=true', "quit", 'relaunch host="b"')
    waits, quits, again = (
        step(replay, title)
        for title in ("The guest stands still", "Quit QEMU of vm1", "Start vm1 again")
    )
    assert waits.snapshot.host("b").guest("vm1").run_state is RunState.PAUSED
    assert file_of(quits, "b") == file_of(quits, "b", "/usr/share/OVMF/OVMF_VARS.fd")
    assert (quits.ok, again.ok, again.outcome) == (False, False, Outcome.BOOTS)
    assert "no longer finds 1 variable that it had saved: X" in again.consequence
    assert not replay.well


def test_a_destination_that_is_continued_writes_its_file():
    replay = play(*BEGIN, 'migrate to="b" paused=true', "continue")
    assert set(changed(replay.steps[-1])) == {f"b:{STORE}"}
    assert not chip_of(replay.steps[-1], "b").dump_pending


def test_on_shared_storage_the_dump_changes_nothing():
    replay = play(*BEGIN, 'migrate to="b"', 'set-variable name="Y" text="w"', frame=SHARED)
    dump = step(replay, "The guest runs, the store is dumped")
    assert dump.changed == ()
    assert file_of(replay.steps[-1], "a") == file_of(replay.steps[-1], "b")
    assert dump.snapshot.host("b").file(STORE).shared


def test_an_upgrade_in_place_leaves_private_stores_and_running_guests_alone():
    replay = play(*BEGIN, 'upgrade-package host="a" package="next"')
    upgrade = replay.steps[-1]
    assert set(changed(upgrade)) == {f"a:{CODE}"}
    assert (
        chip_of(upgrade, "a", "system.flash0").contents
        != upgrade.snapshot.host("a").file(CODE).contents
    )


def test_a_store_that_the_new_code_does_not_find_is_told_with_what_is_lost():
    small = FRAME.replace('["old"]', '["small"]')
    replay = play(
        *BEGIN, "power-off", 'upgrade-package host="a" package="old"', "relaunch",
        'set-variable name="Y" text="w"', frame=small,
    )  # fmt: skip
    again, write = step(replay, "Start vm1 again"), step(replay, "Set Y")
    assert again.outcome is Outcome.BOOTS_VOLATILE
    assert "saved: X" in again.consequence
    assert (write.ok, write.changed) == (False, ())
    guest_view = write.snapshot.host("a").guest("vm1").guest_view
    assert (guest_view.persistent, [v.name for v in guest_view.variables]) == (False, ["Y"])
    assert not replay.well


def test_a_cut_link_leaves_the_guest_where_it_was():
    replay = play(*BEGIN, 'migrate to="b"\ncut_at=50', 'migrate to="b"')
    cut = step(replay, "The link is cut")
    total = sum(b.size for b in cut.snapshot.stream.blocks)
    assert sum(b.sent for b in cut.snapshot.stream.blocks) == total // 2
    assert cut.snapshot.host("a").guest("vm1").run_state is RunState.RUNNING
    assert replay.steps[-1].snapshot.host("b").guest("vm1").run_state is RunState.RUNNING


def test_a_chip_whose_file_is_gone_is_refused_at_start_in_qemus_words():
    moved = FRAME + '[packages.moved]\nsynthetic = "4m"\ncode_path = "/elsewhere/CODE.fd"\n'
    replay = play(
        *BEGIN, "power-off", 'upgrade-package host="a" package="moved"', "relaunch", frame=moved
    )
    assert replay.outcome is Outcome.REFUSED_BY_QEMU
    assert replay.steps[-1].qemu == (
        f"qemu-system-x86_64: -drive if=pflash,unit=0,format=raw,readonly=on,file={CODE}: "
        f"Could not open '{CODE}': No such file or directory"
    )


def test_older_firmware_appends_a_record_in_four_writes_and_newer_in_two():
    old = FRAME.replace('synthetic = "4m"', 'synthetic = "4m"\nrecords = "old"')
    actions = (*BEGIN[:2], 'set-variable name="X" text="y"\nslowly=true')
    titles = [s.title for s in play(*actions, frame=old).steps[3:]]
    assert titles == ["X: header", "X: header valid", "X: name and data", "X: added"]
    assert [s.title for s in play(*actions).steps[3:]] == ["X: header, name and data", "X: added"]
    # What a guest executes decides, not what its host has installed.
    moved = play(*actions[:2], 'migrate to="b"', actions[2], frame=old)
    assert moved.steps[-1].title == "X: added"
    assert len(moved.steps) == 11


def test_a_variable_that_does_not_fit_is_refused_by_the_firmware_not_by_the_replay():
    replay = play('define host="a"', "start", 'set-variable name="X"\nsize=400000')
    assert not replay.steps[-1].ok
    assert replay.steps[-1].changed == ()


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        (["start"], "action 1 (start): a domain has to be named (defined: none yet"),
        ([BEGIN[0], BEGIN[2]], 'action 2 (set-variable): the guest of "vm1" is powered off'),
        ([*BEGIN, "start"], 'the guest of "vm1" runs already'),
        ([*BEGIN, 'migrate to="a"'], 'runs on Host A already; name another host in "to"'),
        ([*BEGIN, "pause", BEGIN[2]], 'the guest of "vm1" is paused; continue it first'),
        ([*BEGIN, "pause", "power-off"], "continue it first, or use quit"),
        ([*BEGIN, "continue"], 'the guest of "vm1" is running already'),
        ([*BEGIN, "finish-write"], "is in no write"),
        ([*BEGIN, 'set-variable name="Y"'], "say what the value is, in one of three ways"),
        ([*BEGIN, 'set-variable name="Y" text="z"\nstop_after=5000'], "stop_after has to be less"),
        ([*BEGIN, 'switch-firmware host="a"'], "power it off before its firmware is switched"),
        ([BEGIN[0], BEGIN[0]], 'action 2 (define): "vm1" is already defined on Host A'),
        ([BEGIN[0], 'install-second-package host="a" package="next"'], "a code_path and a"),
        ([*BEGIN, "power-off", 'relaunch host="b"'], '"vm1" is not defined on Host B'),
        ([*BEGIN, 'get name="X" domain="web"'], 'there is no domain "web" (defined: vm1)'),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_action_and_what_to_do(actions: list[str], words: str):
    with pytest.raises(Refused) as refused:
        play(*actions)
    assert words in str(refused.value)
    assert str(refused.value).startswith("test, action ")


def test_every_steps_changes_are_those_between_its_snapshot_and_the_one_before():
    replay = play(*BEGIN, 'migrate to="b"')
    for before, after in zip(replay.steps, replay.steps[1:], strict=False):
        assert after.changed == changes(before.snapshot, after.snapshot)
        contents = dict(after.snapshot.objects())
        for change in after.changed:
            assert change.size
            assert change.spans[-1].end <= contents[change.key].size
    assert [s.n for s in replay.steps] == list(range(len(replay.steps)))
    assert ObjectKey.file("a", STORE) in dict(replay.steps[-1].snapshot.objects())


def test_checkpoints_name_every_guest_after_every_step():
    replay = play(*BEGIN, 'set-variable name="Y" text="z"\nstop_after=7')
    last = replay.checkpoints[-1]
    assert (last.host, last.wcycle, last.cmd, last.status) == ("a", 1, 0x10, 0x80)
    assert last.vars_sha256 == chip_of(replay.steps[-1], "a").contents.sha256
    assert len(replay.checkpoints) == 3


def test_what_does_not_change_is_shared_between_the_steps():
    replay = play(*BEGIN, 'migrate to="b"', "power-off")
    contents = {id(pages) for s in replay.steps for _, pages in s.snapshot.objects()}
    # Two packages of two files, the store in its few states, and no copy more.
    assert len(contents) <= 12


@pytest.mark.parametrize(
    "path", [p for p in shipped() if not p.stem.startswith("debian-")], ids=lambda p: p.stem
)
def test_a_shipped_scenario_ends_as_it_says_and_has_a_lesson_at_every_step(path):
    replay = run(load(path), ModelPlatform())
    assert replay.scenario.expect is not None
    assert replay.outcome is replay.scenario.expect
    assert all(s.lesson for s in replay.steps)
    assert all(s.text.endswith(".") for s in replay.steps)


@pytest.mark.firmware
@pytest.mark.parametrize(
    "path", [p for p in shipped() if p.stem.startswith("debian-")], ids=lambda p: p.stem
)
def test_the_scenarios_on_debians_firmware_end_as_they_say(path):
    replay = run(load(path), ModelPlatform())
    assert replay.outcome is replay.scenario.expect
    assert all(s.lesson for s in replay.steps)


def test_a_store_that_is_full_is_reclaimed_through_the_ftw_areas_and_can_be_stopped_in_it():
    fill = [f'set-variable name="Big"\nsize={1200 + n}' for n in range(45)]
    small = FRAME.replace('["old"]', '["small"]').replace('["next"]', '["small"]')
    replay = play(*BEGIN, *fill, frame=small)
    reclaims = [s for s in replay.steps if "The store was full" in s.text]
    assert reclaims
    assert all(s.ok for s in replay.steps)
    assert [
        v.name for v in replay.steps[-1].snapshot.host("a").guest("vm1").guest_view.variables
    ] == [
        "X",
        "Big",
    ]
    number = reclaims[0].action_number - len(BEGIN)
    stopped = play(
        *BEGIN, *fill[: number - 1], f"{fill[number - 1]}\nstop_after=70000",
        'migrate to="b"', "finish-write", frame=small,
    )  # fmt: skip
    assert "reclaims" in step(stopped, "Set Big, in the middle").text
    whole = reclaims[0].snapshot.host("a").file(STORE).contents.tobytes()
    assert file_of(stopped.steps[-1], "b") == whole


def test_firmware_reads_its_store_once_for_many_writes(monkeypatch):
    """Anew after a start, and where a write ended that was cut into pieces."""
    reads = []

    def counted(data, **settings):
        reads.append(len(data))
        return read_store(data, **settings)

    monkeypatch.setattr("ovmfgui.nvram.editor.read_store", counted)
    many = [f'set-variable name="V{n % 9}" text="{n}"' for n in range(20)]
    whole = play(*BEGIN, *many)
    assert whole.outcome is Outcome.BOOTS
    assert len(reads) == 1
    # A write that stopped in the middle and went on leaves what is known behind.
    stopped = (*many[:-1], 'set-variable name="V3" text="other"\nstop_after=5', many[-1])
    again = read_store(file_of(play(*BEGIN, *stopped).steps[-1], "a"))
    assert again.find("V3").data == b"other"
    assert len(again.live) == len(read_store(file_of(whole.steps[-1], "a")).live)
