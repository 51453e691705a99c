"""What a verdict advises is done, and the verdict on what came of it is good."""

from pathlib import Path

import pytest

from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.flash.source import read_file
from ovmfgui.layout.cures import Cure, cures, make, template_for
from ovmfgui.layout.demo import demo_files
from ovmfgui.layout.inspection import inspect, inspect_files
from ovmfgui.nvram.saving import create
from ovmfgui.refusal import Refused

OVMF = Path("/usr/share/OVMF")
CODE, VARS = OVMF / "OVMF_CODE_4M.fd", OVMF / "OVMF_VARS_4M.ms.fd"


def cured(inspection, cure, folder):
    """The verdict once the cure's file stands in the old one's place."""
    made = make(cure, inspection)
    target = folder / "cured.fd"
    create(target, made.data)
    paths = [file.path for file in inspection.image.files]
    if made.index is None:
        paths.append(str(target))
    else:
        paths[made.index] = str(target)
    return inspect_files(tuple(paths), lambda *_: None), made


def opened(tmp_path, code, store):
    paths = []
    for name, data in (("CODE.fd", code), ("VARS.fd", store)):
        path = tmp_path / name
        path.write_bytes(data)
        paths.append(str(path))
    return inspect_files(tuple(paths), lambda *_: None)


def test_what_fits_needs_nothing_but_can_be_looked_at():
    demo = inspect(image_of(demo_files()))
    assert cures(demo) == (Cure.LAYOUTS,)
    with pytest.raises(Refused):
        make(Cure.CONVERT, demo) if Cure.CONVERT in cures(demo) else make(Cure.CUT, demo)


@pytest.mark.firmware
def test_a_store_of_another_layout_is_converted(tmp_path):
    before = inspect_files((str(CODE), str(OVMF / "OVMF_VARS.ms.fd")), lambda *_: None)
    assert before.verdict.fit == "incompatible"
    assert cures(before)[0] is Cure.CONVERT
    after, made = cured(before, Cure.CONVERT, tmp_path)
    assert after.verdict.fit == "fits"
    assert {r.key: r.data for r in after.store.live}.items() >= {
        r.key: r.data for r in before.store.live if r.name != "MTC"
    }.items()
    assert str(len(after.store.live)) in made.words
    assert made.notes[0].startswith("Not carried over: ")
    assert all(note.endswith(".") for note in made.notes)


@pytest.mark.firmware
@pytest.mark.parametrize("where", ["code-front", "code-behind", "vars-front", "vars-behind"])
def test_padding_is_cut_and_no_variable_is_lost(tmp_path, where):
    code, store = CODE.read_bytes(), VARS.read_bytes()
    fill = b"\xff" * 0x40000
    files = {
        "code-front": (fill + code, store),
        "code-behind": (code + fill, store),
        "vars-front": (code, fill + store),
        "vars-behind": (code, store + fill),
    }
    before = opened(tmp_path, *files[where])
    if before.verdict.fit == "fits":
        assert Cure.CUT not in cures(before)
        return
    assert cures(before)[0] is Cure.CUT
    after, made = cured(before, Cure.CUT, tmp_path)
    assert made.data == (code if where.startswith("code") else store)
    assert after.verdict.fit == "fits"
    assert len(after.store.live) == len(read_records(VARS))


def read_records(path):
    return inspect_files((str(path),), lambda *_: None).store.live


@pytest.mark.firmware
def test_a_blank_store_is_replaced_by_the_template_of_this_code(tmp_path):
    path = tmp_path / "blank.fd"
    path.write_bytes(bytes(0x84000))
    before = inspect_files((str(CODE), str(path)), lambda *_: None)
    found = cures(before)
    assert Cure.TEMPLATE in found
    after, made = cured(before, Cure.TEMPLATE, tmp_path)
    assert made.data == read_file(OVMF / "OVMF_VARS_4M.fd").data
    assert after.verdict.fit == "fits"


@pytest.mark.firmware
def test_code_alone_is_offered_its_template(tmp_path):
    alone = inspect_files((str(CODE),), lambda *_: None)
    assert cures(alone) == (Cure.TEMPLATE, Cure.OTHER_STORE)
    after, made = cured(alone, Cure.TEMPLATE, tmp_path)
    assert made.index is None
    assert after.verdict.fit == "fits"
    for name in ("OVMF_CODE_4M.secboot.fd", "OVMF_CODE_4M.ms.fd", "OVMF_CODE.fd"):
        path = OVMF / name
        if path.exists():
            fit = inspect_files((str(path), template_for(str(path))), lambda *_: None).verdict.fit
            assert fit == "fits", name


@pytest.mark.firmware
def test_a_damaged_store_is_recovered_before_anything_else(tmp_path):
    data = bytearray(VARS.read_bytes())
    data[100:104] = bytes(4)
    before = opened(tmp_path, CODE.read_bytes(), bytes(data))
    assert cures(before)[0] is Cure.RECOVER
    alone = inspect_files((str(tmp_path / "VARS.fd"),), lambda *_: None)
    assert cures(alone) == (Cure.RECOVER,)


def test_what_is_not_known_is_not_offered(tmp_path):
    """Made of no witness: nothing can be converted for it."""
    code, store = demo_files()
    files = [
        FlashFile("CODE.fd", bytes(len(code.data) - 16) + b"\x90" * 16, Format.RAW, Role.CODE),
        store,
    ]
    found = cures(inspect(image_of(files)))
    assert Cure.CONVERT not in found


@pytest.mark.firmware
def test_findings_of_keys_lead_to_the_keys_and_notes_to_nothing():
    pair = inspect_files((str(CODE), str(VARS)), lambda *_: None)
    by_id = {finding.id: finding for finding in pair.findings}
    for finding in pair.findings:
        found = cures(pair, finding)
        assert all(isinstance(cure, Cure) for cure in found)
    keys = [f for f in by_id.values() if Cure.KEYS in cures(pair, f)]
    assert all(Cure.CONVERT not in cures(pair, f) for f in keys)
