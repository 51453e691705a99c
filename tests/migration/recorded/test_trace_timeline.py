"""The firmware's variable writes and reclaims, found again in the bus writes of a trace."""

from __future__ import annotations

import lzma
from pathlib import Path
from uuid import UUID

import pytest

from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.migration.recorded.trace_timeline import named, timeline
from ovmfgui.nvram.editor import Editor, Generation
from ovmfgui.nvram.reading import read_store
from ovmfgui.pflash.chip import Cfi01
from ovmfgui.pflash.contents import Pages
from ovmfgui.pflash.firmware_driver import bus_writes
from ovmfgui.pflash.geometry import X86
from ovmfgui.pflash.trace import TraceReset, TraceWrite, read_trace, replay_trace
from ovmfgui.refusal import Refused

DATA = Path(__file__).parents[2] / "data"
GUID = UUID("5f0c8a52-1d3a-4a53-9d2e-6f6d66677569")
STORE = synthetic_package("2m").vars


def traced(edits, before: bytes = STORE, generation: Generation = Generation.NEW):
    """The trace that edits leave, and the bytes they end with."""
    chip = Cfi01(Pages.of(before))
    events, data = [], before
    for edit in edits:
        change = edit(Editor(data, generation, compact=True))
        for write in bus_writes(change.writes):
            line = len(events) + 1
            events.append(TraceWrite(line, "c", write.offset, 1, write.value, chip.wcycle))
            chip.write(write.offset, write.value)
        data = change.after
    assert chip.contents().tobytes() == data
    return events, data


def setting(name: str, value: bytes):
    return lambda editor: editor.set_variable(name, GUID, value)


@pytest.mark.parametrize("generation", list(Generation))
def test_creating_setting_and_deleting_are_told_apart(generation: Generation):
    edits = [
        setting("One", b"1"),
        setting("Two", b"22"),
        setting("One", b"other"),
        lambda editor: editor.delete_variable("Two", GUID),
    ]
    events, after = traced(edits, generation=generation)
    acts = tuple(timeline(events, "c", STORE, X86))
    assert [act.title for act in acts] == ["Create One", "Create Two", "Set One", "Delete Two"]
    assert {act.guid for act in acts} == {str(GUID)}
    assert sum(act.writes for act in acts) == len(events)
    assert acts[0].first_line == 1
    assert [a.last_line + 1 for a in acts[:-1]] == [a.first_line for a in acts[1:]]
    assert acts[-1].contents.tobytes() == after
    # Each act's chip is as firmware left it there.
    assert read_store(acts[1].contents.tobytes()).find("Two").data == b"22"
    assert read_store(acts[0].contents.tobytes()).find("Two") is None


def test_a_reclaim_is_one_act_and_what_follows_is_told_apart_again():
    edits = [setting("Big", bytes([n]) * 1400) for n in range(1, 45)]
    events, after = traced(edits)
    acts = tuple(timeline(events, "c", STORE, X86))
    titles = [act.title for act in acts]
    assert titles[0] == "Create Big"
    assert "Reclaim" in titles
    reclaim = acts[titles.index("Reclaim")]
    assert reclaim.erases > 20
    assert set(titles) == {"Create Big", "Set Big", "Reclaim"}
    assert titles[titles.index("Reclaim") + 1] == "Set Big"
    assert acts[-1].contents.tobytes() == after
    assert list(named(acts)) == list(acts)


def test_a_write_that_is_cut_off_is_told_as_unfinished():
    events, _ = traced([setting("One", b"1"), setting("One", b"2")])
    acts = tuple(timeline([*events[:-8], TraceReset(999, "c")], "c", STORE, X86))
    assert [act.title for act in acts] == ["Create One", "Unfinished write One"]


def test_a_trace_of_a_chip_without_a_store_has_acts_without_names():
    events, _ = traced([setting("One", b"1")])
    acts = tuple(timeline(events, "c", b"\xff" * len(STORE), X86))
    assert sum(act.writes for act in acts) == len(events)
    with pytest.raises(Refused, match="give the file that was behind this chip"):
        list(timeline(events, "c", b"\xff" * 16, X86))


@pytest.mark.firmware
def test_every_setvariable_of_a_first_boot_is_named():
    with lzma.open(DATA / "ovmf-4m-first-boot.trace.xz", "rt") as log:
        events = list(read_trace(log))
    before = Path("/usr/share/OVMF/OVMF_VARS_4M.fd").read_bytes()
    acts = tuple(timeline(events, "system.flash1", before, X86))
    assert sum(act.writes for act in acts) == 31_656
    assert acts[-1].contents == replay_trace(events, "system.flash1", before, X86).contents
    titles = [act.title for act in acts]
    assert titles[:4] == ["Probe", "Probe", "Create CustomMode", "Create certdb"]
    assert "Delete ErrOut" in titles
    assert not [title for title in titles if title.startswith("Unfinished")]
    store = read_store(acts[-1].contents.tobytes())
    told = {(UUID(act.guid), act.name) for act in named(acts)}
    assert {record.key for record in store.live} <= told
