"""A store outside a live migration: moved, saved, put into snapshots, forgotten, made anew."""

from __future__ import annotations

import pytest
from played import BEGIN, CODE, FRAME, SHARED, STORE, changed, chip_of, file_of, play, step

from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.simulation.snapshot import ROM_BLOCK
from ovmfgui.migration.simulation.states import FileRole, RunState
from ovmfgui.refusal import Refused

TEMPLATE = "/usr/share/OVMF/OVMF_VARS.fd"
SAVE = "/var/lib/libvirt/images/vm1.save"
QCOW2 = STORE.replace(".fd", ".qcow2")
IN_QCOW2 = ('define host="a"\nqcow2=true', *BEGIN[1:])
OFF = (*BEGIN, "power-off")
UNIFIED = FRAME.replace('synthetic = "4m"\n', 'synthetic = "4m"\nunified = true\n').replace(
    'synthetic = "2m"', 'synthetic = "2m"\nunified = true'
)


def test_an_offline_move_carries_the_definition_and_the_start_makes_another_store():
    replay = play(*OFF, 'move-offline to="b"', 'start host="b"', 'get name="X"')
    moved, made = step(replay, "vm1 is defined on Host B"), step(replay, "Make vm1's store")
    assert moved.changed == ()
    assert moved.snapshot.host("b").file(STORE) is None
    assert "copy it before the first start" in moved.consequence
    assert file_of(made, "b") == file_of(made, "b", TEMPLATE)
    assert (made.ok, made.qemu) == (False, "")
    assert "no longer finds 1 variable that it had saved: X" in made.consequence
    assert (replay.outcome, replay.well) == (Outcome.BOOTS, False)
    assert file_of(replay.steps[-1], "a") == file_of(step(replay, "Power off vm1"), "a")


def test_a_store_that_is_carried_along_or_shared_is_found():
    carried = play(*OFF, 'move-offline to="b"', 'copy-store to="b"\nhost="a"', 'start host="b"')
    assert file_of(step(carried, "Copy vm1's store"), "b") == file_of(carried.steps[-1], "a")
    shared = play(*OFF, 'move-offline to="b"', 'copy-store to="b"\nhost="a"', 'start host="b"',
                  frame=SHARED)  # fmt: skip
    assert step(shared, "Copy vm1's store").changed == ()
    for replay in (carried, shared):
        assert replay.well
        assert "Make vm1's store" not in [s.title for s in replay.steps]


def test_a_start_without_store_and_template_ends_with_libvirts_words():
    other = FRAME + (
        '[packages.moved]\nsynthetic = "4m"\ncode_path = "/e/CODE.fd"\nvars_path = "/e/VARS.fd"\n'
    )
    replay = play(
        *OFF, 'move-offline to="b"', 'start host="b"', frame=other.replace('["next"]', '["moved"]')
    )
    assert replay.outcome is Outcome.REFUSED_BY_QEMU
    assert replay.steps[-1].qemu == (
        "error: Failed to start domain 'vm1'\n"
        f"error: Failed to open file '{TEMPLATE}': No such file or directory"
    )
    assert replay.steps[-1].snapshot.host("b").file(STORE) is None


def test_a_save_file_holds_the_chips_and_the_store_is_written_when_the_guest_goes_on():
    replay = play(*BEGIN, "save", "restore", 'get name="X"')
    saved, back, runs = (
        step(replay, t) for t in ("Save of vm1", "Restore vm1", "The guest runs on")
    )
    assert saved.snapshot.host("a").guests == ()
    file = saved.snapshot.host("a").file(SAVE)
    assert (file.role, file.contents.tobytes()) == (FileRole.SAVED, file_of(saved, "a"))
    assert set(changed(saved)) == {f"a:{SAVE}"}
    assert back.snapshot.host("a").guest("vm1").run_state is RunState.PAUSED
    assert chip_of(back, "a").dump_pending
    assert not chip_of(runs, "a").dump_pending
    assert runs.snapshot.host("a").file(SAVE) is not None
    assert replay.well


def test_a_restored_guest_brings_its_code_and_overwrites_what_was_stored_since():
    replay = play(
        *BEGIN,
        "save",
        'upgrade-package host="a" package="next"',
        "start",
        'set-variable name="Y" text="new"',
        "power-off",
        "restore",
        'get name="Y"',
    )
    saved, back = step(replay, "Save of vm1"), step(replay, "Restore vm1")
    assert file_of(replay.steps[-1], "a") == file_of(saved, "a")
    own = back.snapshot.host("a").file(CODE).contents
    assert chip_of(back, "a", "system.flash0").contents != own
    assert "It goes on with synthetic 4m of Host A as it was saved" in back.consequence
    assert "Set back to what they were then: Y." in back.consequence
    assert replay.unmet == ("Y was asked for and not found.",)
    assert not replay.well


def test_a_save_file_on_firmware_of_another_size_is_refused_and_stays():
    replay = play(*BEGIN, "save", 'upgrade-package host="a" package="small"', "restore")
    refused = replay.steps[-1]
    assert "Size mismatch: system.flash0: 0x37c000 != 0x1e0000" in refused.qemu
    assert refused.snapshot.host("a").file(SAVE) is not None
    assert refused.snapshot.host("a").guests == ()
    assert (replay.outcome, replay.well) == (Outcome.REFUSED_BY_QEMU, False)


def test_a_write_that_is_saved_in_the_middle_ends_as_if_it_had_not_been():
    write = 'set-variable name="Y" text="world"'
    whole = play(*BEGIN, write)
    broken = play(*BEGIN, f"{write}\nstop_after=101", "save", "restore", "finish-write")
    saved, back = step(broken, "Save of vm1"), step(broken, "Restore vm1")
    assert "101 of 142 bus writes done" in saved.text
    assert (chip_of(back, "a").command.wcycle, chip_of(back, "a").command.cmd) == (1, 0x10)
    assert file_of(broken.steps[-1], "a") == file_of(whole.steps[-1], "a")


def test_a_save_file_can_be_taken_up_twice():
    replay = play(*BEGIN, 'set-variable name="Y" text="w"\nstop_after=9', "save", "restore",
                  "finish-write", "power-off", "restore", "finish-write")  # fmt: skip
    assert replay.well
    assert [s.title for s in replay.steps].count("Set Y: the rest") == 2


def test_a_save_file_brings_the_variables_to_another_host():
    replay = play(*BEGIN, "save", 'move-offline to="b"', 'copy-save to="b"', 'restore host="b"',
                  'get name="X"')  # fmt: skip
    made, back = step(replay, "Make vm1's store"), step(replay, "Restore vm1")
    assert file_of(made, "b") == file_of(back, "b") == file_of(made, "b", TEMPLATE)
    assert file_of(replay.steps[-1], "b") == file_of(step(replay, "Set X"), "a")
    assert replay.steps[-1].ok


def test_an_older_libvirt_does_not_know_a_sparse_save_file():
    new = FRAME.replace('title = "Host A"', 'title = "Host A"\nlibvirt = "11.3"')
    replay = play(*BEGIN, "save sparse=true", 'move-offline to="b"', 'copy-save to="b"',
                  'restore host="b"', frame=new)  # fmt: skip
    assert replay.steps[-1].qemu == (
        f"error: Failed to restore domain from {SAVE}\n"
        "error: operation failed: Invalid compressed save format 6"
    )
    assert replay.steps[-1].changed == ()
    here = play(*BEGIN, "save sparse=true", 'restore host="a"', 'get name="X"', frame=new)
    assert here.steps[-1].ok
    with pytest.raises(Refused, match=r"the sparse format came with 11\.2"):
        play(*BEGIN, "save sparse=true")


def test_a_start_goes_on_from_the_managed_save_and_uses_it_up():
    replay = play(*BEGIN, "managed-save", "start", "power-off", "start")
    path = "/var/lib/libvirt/qemu/save/vm1.save"
    assert step(replay, "Managed save of vm1").snapshot.host("a").file(path) is not None
    assert step(replay, "The guest runs on").snapshot.host("a").file(path) is None
    assert replay.steps[-1].title == "Start vm1"
    assert replay.well


def test_a_managed_save_undoes_the_reset_of_the_store():
    replay = play(*BEGIN, "managed-save", "reset-nvram", 'get name="X"')
    anew = step(replay, "Make vm1's store anew")
    assert file_of(anew, "a") == file_of(anew, "a", TEMPLATE)
    assert file_of(replay.steps[-1], "a") == file_of(step(replay, "Set X"), "a")
    assert replay.steps[-1].ok
    assert replay.unmet == (
        "vm1's store was to be made anew; the managed save brings the old one back.",
    )
    assert not replay.well


def test_a_reset_of_the_store_is_told_with_what_it_costs():
    replay = play(*OFF, "reset-nvram")
    assert step(replay, "Make vm1's store anew").consequence.startswith("1 variable of vm1 is lost")
    assert replay.well
    asked = play(*OFF, "reset-nvram", 'get name="X"')
    assert asked.unmet == ("X was asked for and not found.",)


def test_a_snapshot_in_qcow2_brings_guest_and_store_back():
    replay = play(
        *IN_QCOW2,
        "snapshot",
        'set-variable name="Y" text="w"',
        'delete-variable name="X"',
        "revert",
        'get name="X"',
    )
    taken, back = step(replay, "Snapshot “before” of vm1"), step(replay, "Back to “before”")
    inside = back.snapshot.host("a").file(f"{QCOW2} @before")
    assert inside.role is FileRole.SNAPSHOT
    assert inside.contents.tobytes() == file_of(taken, "a", QCOW2) == file_of(back, "a", QCOW2)
    assert "Set back to what they were then: X, Y." in back.consequence
    assert replay.well


def test_a_raw_store_allows_no_snapshot():
    replay = play(*BEGIN, "snapshot")
    assert replay.steps[-1].qemu == (
        "Error: Device 'pflash1' is writable but does not support snapshots"
    )
    assert (replay.outcome, replay.well, len(replay.unmet)) == (Outcome.BOOTS, False, 1)


def test_snapshots_go_with_the_file_that_holds_them_and_are_copied_with_it():
    gone = play(*IN_QCOW2, "snapshot", "power-off", "reset-nvram", "revert")
    assert gone.steps[-1].snapshot.host("a").file(f"{QCOW2} @before") is None
    assert gone.steps[-1].qemu == ("Error: Snapshot 'before' does not exist in one or more devices")
    assert not gone.well
    copied = play(*IN_QCOW2, "snapshot", "power-off", 'move-offline to="b"',
                  'copy-store to="b"\nhost="a"', 'start host="b"')  # fmt: skip
    assert file_of(copied.steps[-1], "b", QCOW2) == file_of(copied.steps[-1], "a", QCOW2)


def test_disks_that_go_back_leave_the_variables_where_they_are():
    replay = play(*BEGIN, "snapshot-disks", 'set-variable name="Y" text="w"', "power-off",
                  "revert-disks", "relaunch")  # fmt: skip
    back = step(replay, "The disks back to “before”")
    assert back.changed == ()
    assert "Old disks meet new variables: Y." in back.consequence
    assert (replay.outcome, replay.well) == (Outcome.BOOTS, False)
    same = play(*BEGIN, "snapshot-disks", "power-off", "revert-disks", "relaunch")
    assert same.well


def test_a_domain_of_the_same_name_begins_with_the_store_that_was_kept():
    kept = play(*OFF, "undefine keep_nvram=true", 'define host="a"', "start", 'get name="X"')
    assert kept.well
    assert step(kept, "Undefine vm1").changed == ()
    deleted = play(*OFF, "undefine", 'define host="a"', "start", 'get name="X"')
    assert step(deleted, "Undefine vm1").snapshot.host("a").file(STORE) is None
    assert deleted.unmet == ("X was asked for and not found.",)


def test_a_definition_on_a_second_host_leaves_a_shared_store_alone():
    replay = play(*OFF, 'define host="b"', 'start host="b"', 'get name="X"', frame=SHARED)
    assert step(replay, "Define vm1").changed == ()
    assert "on shared storage and is there already" in step(replay, "Define vm1").text
    assert replay.well


def test_a_rom_machine_saves_nothing_and_its_block_is_pc_bios():
    frame = UNIFIED.replace('["next"]', '["small"]')
    begin = ('define host="a"\nrom=true', "start", 'set-variable name="X" text="h"')
    replay = play(*begin, 'migrate to="b"', 'get name="X"', frame=frame)
    guest = replay.steps[2].snapshot.host("a").guest("vm1")
    assert [(chip.name, chip.address) for chip in guest.chips] == [(ROM_BLOCK, 0xFFC00000)]
    assert replay.steps[2].outcome is Outcome.BOOTS_VOLATILE
    refused = step(replay, "QEMU refuses the stream")
    assert "Size mismatch: pc.bios: 0x400000 != 0x200000: Invalid argument" in refused.qemu
    assert (replay.outcome, replay.well) == (Outcome.REFUSED_BY_QEMU, False)
    again = play(*begin, "power-off", "relaunch", frame=frame)
    assert "no longer finds 1 variable that it had saved: X" in again.steps[-1].consequence
    assert (again.outcome, again.well) == (Outcome.BOOTS_VOLATILE, False)


def test_code_alone_as_rom_boots_where_it_emulates_variables_and_is_loaded_at_all():
    large = play('define host="a"\nrom=true', "start")
    assert large.steps[-1].qemu == f"qemu: could not load PC BIOS '{CODE}'"
    for build, outcome in (("2m", Outcome.BOOTS_VOLATILE), ("2m-secboot", Outcome.NO_BOOT)):
        frame = FRAME.replace('["old"]', '["small"]').replace('"2m"', f'"{build}"')
        assert play('define host="a"\nrom=true', "start", frame=frame).outcome is outcome


def test_a_stateless_domain_forgets_and_that_is_well():
    begin = ('define host="a"\nstateless=true', "start", 'set-variable name="X" text="h"')
    replay = play(*begin, 'migrate to="b"', 'get name="X"', "power-off", 'relaunch host="b"')
    assert (replay.outcome, replay.well) == (Outcome.BOOTS_VOLATILE, True)
    assert all(s.ok for s in replay.steps)
    asked = play(*begin, "power-off", "relaunch", 'get name="X"')
    assert (asked.unmet, asked.well) == (("X was asked for and not found.",), False)


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ([*BEGIN, 'move-offline to="b"'], "power it off before it is moved offline"),
        ([*OFF, 'move-offline to="a"'], 'is on Host A already; name another host in "to"'),
        ([*BEGIN, 'migrate to="b"', 'copy-store to="b"\nhost="a"'], "power it off first"),
        ([*BEGIN, "undefine"], "power it off before it is undefined"),
        ([*BEGIN, "managed-save", "undefine"], "domain managed save image exists"),
        ([*IN_QCOW2, "snapshot", "power-off", "undefine"], "inactive domain with 1 snapshots"),
        ([*BEGIN, "save", 'copy-save to="a"'], 'is already there on Host A; name another host'),
        ([*BEGIN, "save", 'move-offline to="b"', 'copy-save to="b"', "restore"],
         "several save files (found: /var/lib/libvirt/images/vm1.save on Host A, "),
        ([*BEGIN, "restore"], "there is no such save file (found: none; save one first)"),
        ([*BEGIN, "save", "relaunch", "restore"], "power it off before its guest is restored"),
        ([*BEGIN, f'save file="{STORE}"'], "is no save file; name another file"),
        ([*BEGIN, "save", "undefine", 'define host="b"', "restore"], "is not defined on Host A"),
        ([*OFF, "save"], 'the guest of "vm1" is powered off'),
        ([*BEGIN, 'revert name="x"'], 'has no snapshot "x" on Host A (taken: none)'),
        ([*BEGIN, "snapshot-disks", "revert"], "is of the disks alone; use revert-disks"),
        ([*IN_QCOW2, 'snapshot name="a b"'], 'cannot be called "a b"'),
        ([*BEGIN, "reset-nvram"], "power it off before its store is made anew"),
        (['define host="a"\nrom=true', "reset-nvram"], "no store with a template"),
        (['define host="a"\nrom=true\nstateless=true'], "rom and stateless do not go together"),
        (['define host="a"\nrom=true', 'switch-firmware host="a"'], "no store that could be"),
        (['define host="a"', 'define host="b"\nqcow2=true', 'copy-store to="b"\nhost="a"'],
         "convert it with qemu-img convert"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_what_to_do(actions: list[str], words: str):
    with pytest.raises(Refused) as refused:
        play(*actions)
    assert words in str(refused.value)


def test_a_stateless_domain_of_a_build_that_needs_its_store_does_not_boot():
    frame = FRAME.replace('synthetic = "4m"', 'synthetic = "4m-secboot"')
    replay = play('define host="a"\nstateless=true', "start", frame=frame)
    assert (replay.outcome, replay.well) == (Outcome.NO_BOOT, False)


def test_a_unified_image_is_not_stateless_and_is_not_made_at_a_start():
    with pytest.raises(Refused, match="stateless wants CODE alone"):
        play('define host="a"\nstateless=true', frame=UNIFIED)
    replay = play('define host="a"', "start", "power-off", 'move-offline to="b"', 'start host="b"',
                  frame=UNIFIED)  # fmt: skip
    assert "or it does not start" in step(replay, "vm1 is defined on Host B").consequence
    assert "Could not open '/var/lib/libvirt/qemu/nvram/vm1.fd'" in replay.steps[-1].qemu
