"""Migration streams, save files and traces in the window."""

import subprocess
import time
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog
from stream_building import be, head, recorded

from ovmfgui.flash.image import Role
from ovmfgui.gui.dialogs.trace import TraceDialog
from ovmfgui.layout.demo import demo_files
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.migration.recorded.prepared import play
from ovmfgui.migration.recorded.stream import prepare_recording
from ovmfgui.migration.recorded.trace import prepare_trace
from ovmfgui.migration.scenario.shipped import find
from ovmfgui.nvram.editor import Editor
from ovmfgui.pflash.chip import Cfi01
from ovmfgui.pflash.contents import Pages
from ovmfgui.pflash.firmware_driver import bus_writes
from ovmfgui.refusal import Refused

DATA = Path(__file__).parents[3] / "data"
LibvirtHeader = 92


def quiet(*_):
    pass


@pytest.fixture(scope="module")
def chips():
    return {
        "system.flash0": next(f.data for f in demo_files() if f.role is Role.CODE),
        "system.flash1": next(f.data for f in demo_files() if f.role is Role.VARS),
    }


def libvirt(stream: bytes) -> bytes:
    xml = b"<domain type='kvm'/>\0"
    header = b"LibvirtQemudSave" + b"".join(be(4, n)[::-1] for n in (2, len(xml), 1, 0))
    return header.ljust(LibvirtHeader, b"\0") + xml + stream


@pytest.fixture(params=["stream", "save"])
def recording(request, tmp_path, chips):
    stream = recorded(chips, wcycle=1, cmd=0x10)
    path = tmp_path / f"guest.{request.param}"
    path.write_bytes(libvirt(stream) if request.param == "save" else stream)
    return str(path)


def idle(window):
    return not window.document.tasks.tasks


def test_a_recording_is_opened_in_every_view(qtbot, window, recording, chips):
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open((recording,))
    assert [file.data for file in window.document.image.files] == list(chips.values())
    assert window.document.verdict is not None
    assert window.document.store.live
    view = window.pages.tabs.view("migration")
    assert [row.label for row in view.stage.rows] == ["CODE chip", "VARS chip"]
    assert "waiting for the byte to program" in view.stage.rows[1].words
    assert "pc.ram" in view.lesson.plain_text()
    assert window.pages.front.id == "migration"
    assert not view.bar.edit_button.isEnabled()
    assert view.player.isHidden()


def test_a_recording_can_be_dropped(qtbot, window, recording):
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open_dropped((recording,))
    assert window.document.image.role is Role.PAIR


def test_a_recording_stays_on_offer_beside_the_scenarios(qtbot, window, recording):
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open((recording,))
    view = window.pages.tabs.view("migration")
    assert view.bar.path == recording
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        view.playing.scenario(find("demo"))
    assert view.bar.edit_button.isEnabled()
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        view.bar.chosen.emit(recording)
    assert view.replay.engine == "recorded"
    qtbot.waitUntil(lambda: idle(window), timeout=20_000)


def test_the_chips_of_an_arm_machine_stand_where_they_stand(tmp_path, chips):
    named = dict(zip(("virt.flash0", "virt.flash1"), chips.values(), strict=True))
    path = tmp_path / "arm.mig"
    path.write_bytes(recorded(named))
    guest = prepare_recording(str(path), quiet).replay.steps[0].snapshot.hosts[0].guests[0]
    assert [chip.address for chip in guest.chips] == [0, 0x0400_0000]
    assert [chip.read_only for chip in guest.chips] == [True, False]


def test_chips_without_firmware_are_shown_but_not_opened():
    prepared = prepare_recording(str(DATA / "qtest-program-7.2.stream.xz"), quiet)
    assert prepared.chips == ()
    assert "no firmware" in prepared.replay.steps[0].text
    assert "middle of a command" in prepared.replay.steps[0].consequence


def test_a_recording_without_flash_is_refused_with_the_reason(tmp_path):
    path = tmp_path / "cut.mig"
    path.write_bytes(head()[:30])
    with pytest.raises(Refused, match=r"cut\.mig: there are no flash contents.*cut off"):
        prepare_recording(str(path), quiet)


def test_what_is_cut_off_is_said_at_the_step(tmp_path, chips):
    path = tmp_path / "cut.mig"
    path.write_bytes(recorded(chips)[:-200])
    step = prepare_recording(str(path), quiet).replay.steps[0]
    assert not step.ok
    assert "cut off" in step.consequence


@pytest.fixture
def running(tmp_path):
    """A QEMU that is stopped before its first instruction, with real firmware."""
    store = tmp_path / "VARS.fd"
    store.write_bytes(Path("/usr/share/OVMF/OVMF_VARS_4M.fd").read_bytes())
    socket = tmp_path / "qmp"
    code = "if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd"
    process = subprocess.Popen(
        [
            *("qemu-system-x86_64", "-S", "-machine", "q35", "-m", "64", "-nodefaults"),
            *("-display", "none", "-drive", code),
            *("-drive", f"if=pflash,unit=1,format=raw,file={store}"),
            *("-qmp", f"unix:{socket},server=on,wait=off"),
        ]
    )
    try:
        end = time.monotonic() + 20
        while not socket.exists() and time.monotonic() < end:
            time.sleep(0.02)
        yield str(socket)
    finally:
        process.kill()
        process.wait()


@pytest.mark.firmware
def test_a_running_qemu_is_looked_at(qtbot, window, running):
    with qtbot.waitSignal(window.document.presented, timeout=30_000):
        window.commands.migration.attach(running)
    image = window.document.image
    for file, name in zip(image.files, ("CODE", "VARS"), strict=True):
        assert file.data == Path(f"/usr/share/OVMF/OVMF_{name}_4M.fd").read_bytes()
    view = window.pages.tabs.view("migration")
    assert "As it is now" in view.words.text.toPlainText()
    assert "It stands still" in view.stage.accessibleDescription()


def test_where_no_qemu_listens_it_is_told(qtbot, window, tmp_path):
    with qtbot.waitSignal(window.workbench.refused, timeout=20_000):
        window.commands.migration.attach(str(tmp_path / "nothing"))
    assert window.document.image is None


# Traces


def trace_of(tmp_path):
    """A log of what the guest writes in a scenario, with the file before."""
    before = next(f.data for f in demo_files() if f.role is Role.VARS)
    chip, data, lines = Cfi01(Pages.of(before)), before, ["pflash_reset system.flash1: reset"]
    for value in (b"one", b"other"):
        edit = Editor(data).set_variable("Example", UUID(int=7), value)
        for write in bus_writes(edit.writes):
            lines.append(
                f"pflash_io_write system.flash1: offset:0x{write.offset:04x} size:1 "
                f"value:0x{write.value:04x} wcycle:{chip.wcycle}"
            )
            chip.write(write.offset, write.value)
        data = edit.after
    log, file = tmp_path / "flash.log", tmp_path / "VARS.fd"
    log.write_text("\n".join(lines) + "\n")
    file.write_bytes(before)
    return str(log), str(file), data


def test_each_act_of_a_trace_is_a_step(tmp_path):
    log, before, after = trace_of(tmp_path)
    prepared = prepare_trace(log, before, quiet)
    steps = prepared.replay.steps
    assert [step.title for step in steps] == ["Before", "Create Example", "Set Example"]
    chip = steps[-1].snapshot.hosts[0].guests[0].chips[0]
    assert chip.contents.tobytes() == after
    assert all(step.changed for step in steps[1:])
    assert "pflash_io_write" in steps[1].qemu
    assert sum(prepared.activity.amounts) == Path(log).read_text().count("io_write")


def test_a_trace_asks_for_what_the_chip_held_and_plays_it(qtbot, window, tmp_path):
    log, before, _after = trace_of(tmp_path)
    window.commands.files.open((log,))
    dialog = window.findChild(TraceDialog)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    dialog.before.setText(before)
    assert ok.isEnabled()
    view = window.pages.tabs.view("migration")
    with qtbot.waitSignal(view.replay_changed, timeout=20_000):
        ok.click()
    assert len(view.player) == 3
    view.player.to_last()
    assert "Set Example" in view.words.text.toPlainText()
    assert view.stage.rows[0].label == "VARS chip"
    assert view.bar.outcome.text() == ""


def test_the_opened_store_is_proposed_for_a_trace(qtbot, window, demo_paths, tmp_path):
    log, _before, _after = trace_of(tmp_path)
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open(demo_paths)
    window.commands.files.open((log,))
    dialog = window.findChild(TraceDialog)
    assert dialog.before.text() == demo_paths[1]
    dialog.reject()


def test_a_trace_of_another_chip_is_refused(tmp_path):
    log, _before, _after = trace_of(tmp_path)
    small = tmp_path / "small.fd"
    small.write_bytes(bytes(0x10))
    with pytest.raises(Refused, match="name the one of the log"):
        prepare_trace(log, str(small), quiet)


def test_an_arm_trace_is_told_in_blocks_of_its_own_chip(tmp_path):
    before = tmp_path / "arm.fd"
    before.write_bytes(synthetic_package("2m").vars.ljust(64 << 20, b"\x5a"))
    prepared = prepare_trace(str(DATA / "arm-virt.trace"), str(before), quiet)
    assert prepared.activity.block_size == 256 << 10
    chip = prepared.replay.steps[-1].snapshot.hosts[0].guests[0].chips[0]
    assert chip.address == 0x400_0000
    assert chip.contents.read(0, 0x40000).strip(b"\xff") == b"\x78\x56\x34\x12"


@pytest.mark.firmware
def test_a_real_boot_is_told_variable_by_variable():
    log = str(DATA / "ovmf-4m-first-boot.trace.xz")
    prepared = prepare_trace(log, "/usr/share/OVMF/OVMF_VARS_4M.fd", quiet)
    titles = [step.title for step in prepared.replay.steps]
    assert "Create Boot0000" in titles
    assert sum(prepared.activity.amounts) == 31_656
    assert "31,656 bus writes" in prepared.aside.html


def test_scenarios_have_lessons_instead_of_an_aside():
    assert play(find("same-package"), quiet).aside is None


@pytest.fixture
def bare_recording(tmp_path):
    """Chips without firmware in them: nothing that the other views could show."""
    path = tmp_path / "bare.stream"
    contents = {"system.flash0": b"\x01" * 0x10000, "system.flash1": b"\x02" * 0x10000}
    path.write_bytes(recorded(contents))
    return str(path)


def test_with_a_recording_on_screen_nothing_speaks_of_the_pair_before(
    qtbot, demo_window, bare_recording, monkeypatch, tmp_path
):
    window = demo_window
    qtbot.waitUntil(window.badge.isVisible)
    window.commands.files.open((bare_recording,))
    view = window.pages.bring_up("migration")
    qtbot.waitUntil(lambda: view.replay is not None and idle(window), timeout=20_000)
    assert window.pages.front.id == "migration"
    assert "bare.stream" in window.windowTitle()
    qtbot.waitUntil(lambda: not window.badge.isVisible())
    assert window.document.image is None
    assert not window.actions_of["save-as"].isEnabled()
    view.bytes.follow(view.stage.rows[1])
    target = tmp_path / "chip.fd"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), ""))
    view.drawer.save_button.click()
    assert target.read_bytes() == b"\x02" * 0x10000


def test_the_store_of_a_recording_is_saved_under_a_name_of_its_own(
    qtbot, window, recording, chips, monkeypatch, tmp_path
):
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open((recording,))
    document, proposed = window.document, []
    assert window.windowTitle().startswith(f"{Path(recording).name}[*]")
    qtbot.waitUntil(window.badge.isVisible)
    first = document.store.live[0]
    document.edit(document.editor().delete_variable(first.name, first.guid))
    target = tmp_path / "taken.fd"

    def name(_owner, _title, suggestion, *_rest):
        proposed.append(suggestion)
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", name)
    with qtbot.waitSignal(document.on_disk, timeout=20_000):
        window.actions_of["save"].trigger()
    assert proposed[0].endswith(".fd")
    assert "guest" in proposed[0]
    assert target.read_bytes() == document.image.files[1].data
    assert not document.modified
    assert "taken.fd" in window.windowTitle()


def test_a_lesson_is_a_document_beside_the_pair(qtbot, demo_window):
    window = demo_window
    title = window.windowTitle()
    window.commands.migration.play_lesson()
    view = window.pages.tabs.view("migration")
    qtbot.waitUntil(lambda: view.replay is not None and idle(window), timeout=20_000)
    assert view.replay.scenario.title in window.windowTitle()
    qtbot.waitUntil(lambda: not window.badge.isVisible())
    view.player.timeline.go(5)
    window.pages.bring_up("variables")
    assert view.replay.scenario.title in window.windowTitle()
    assert not window.actions_of["save-as"].isEnabled()
    window.pages.bring_up("migration")
    window.actions_of["previous-document"].trigger()
    assert window.windowTitle() == title
    assert view.replay is None
    assert window.pages.front.id == "variables"
    qtbot.waitUntil(window.badge.isVisible)
    window.actions_of["next-document"].trigger()
    assert window.pages.front.id == "migration"
    assert view.player.current == 5


def test_a_file_that_is_opened_from_a_lesson_is_seen(qtbot, demo_window, demo_paths):
    window = demo_window
    window.commands.migration.play_lesson()
    qtbot.waitUntil(lambda: idle(window), timeout=20_000)
    with qtbot.waitSignal(window.document.presented, timeout=20_000):
        window.commands.files.open((demo_paths[1],))
    assert window.pages.front.id == "map"
    assert Path(demo_paths[1]).name in window.windowTitle()
