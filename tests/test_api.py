"""The library's front door, and the examples that the README shows."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from ovmfgui import api
from ovmfgui.flash.image import Role
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.nvram.vendors import GLOBAL
from ovmfgui.resources import resource_path

TOP = Path(__file__).parents[1]
EXAMPLES = sorted(resource_path("examples").glob("*.py"))
OVMF = Path("/usr/share/OVMF")
CODE, VARS = OVMF / "OVMF_CODE_4M.fd", OVMF / "OVMF_VARS_4M.fd"


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "guest_VARS.fd"
    path.write_bytes(VARS.read_bytes())
    return api.open_store(path)


def ran(name, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    runpy.run_path(str(resource_path(f"examples/{name}.py")))
    return capsys.readouterr().out.splitlines()


def test_the_example_of_a_verdict(tmp_path, monkeypatch, capsys):
    lines = ran("verdict", tmp_path, monkeypatch, capsys)
    assert lines[1] == "incompatible boots-volatile"
    assert any(line.startswith("- ") for line in lines)


def test_the_example_of_a_changed_variable(tmp_path, monkeypatch, capsys):
    lines = ran("change_variable", tmp_path, monkeypatch, capsys)
    assert lines[-1] == "fits"
    assert api.open_store(tmp_path / "guest_VARS.fd").get("Timeout") == b"\5\0"


def test_the_example_of_a_scenario(tmp_path, monkeypatch, capsys):
    replay = api.play("demo")
    lines = ran("run_scenario", tmp_path, monkeypatch, capsys)
    assert len(lines) == len(replay.steps) + 1
    assert lines[-1].startswith(str(replay.outcome))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_short_and_stands_in_the_readme_as_it_is(path):
    text = path.read_text()
    assert len(text.splitlines()) < 15
    assert f"```python\n{text}```\n" in (TOP / "README.md").read_text()


def test_every_example_is_run_by_a_test():
    assert [path.stem for path in EXAMPLES] == ["change_variable", "run_scenario", "verdict"]


def test_a_pair_opened_and_a_pair_named_get_the_same_verdict():
    image = api.open(VARS, str(CODE))
    assert image.role is Role.PAIR
    assert api.check(image) == api.check(CODE, VARS)
    assert (api.check(image).fit, api.check(image).outcome) == (Fit.FITS, Outcome.BOOTS)


@pytest.mark.parametrize("arguments", [(), (CODE,), (CODE, CODE), (VARS, CODE, CODE)])
def test_files_that_make_no_machine_are_refused_in_one_line(arguments):
    with pytest.raises(api.Refused) as refusal:
        api.check(api.open(*arguments))
    assert "\n" not in str(refusal.value)


def test_an_opened_image_is_checked_without_other_files():
    with pytest.raises(api.Refused, match="only files"):
        api.check(api.open(CODE, VARS), VARS)


def test_a_store_is_changed_in_memory_and_then_in_its_file(store):
    path = Path(store.path)
    before = path.read_bytes()
    store.set("Timeout", b"\7\0")
    store.set("Timeout", b"\1\0", "EfiGlobalVariable")
    store.set("Lang", b"eng\0", GLOBAL)
    store.append("Lang", b"x")
    store.delete("Lang")
    assert (store.get("Timeout"), store.get("Lang"), len(store.edits)) == (b"\1\0", None, 5)
    assert path.read_bytes() == before
    backup = store.save()
    assert backup is not None
    assert backup.read_bytes() == before
    assert path.read_bytes() == store.data
    assert api.open_store(path).get("Timeout") == b"\1\0"
    store.compact()
    assert store.save() is None
    assert path.read_bytes() == store.data
    assert api.check(CODE, path).fit is Fit.FITS


def test_saving_no_change_leaves_the_file_alone(store):
    assert store.save() is None
    assert not Path(f"{store.path}.bak").exists()


def test_a_file_that_another_program_changed_is_not_overwritten(store):
    store.set("Timeout", b"\1\0")
    Path(store.path).write_bytes(b"")
    with pytest.raises(api.Refused):
        store.save()
    assert Path(store.path).read_bytes() == b""
    assert len(store.edits) == 1


def test_a_name_that_nobody_knows_needs_a_guid(store):
    with pytest.raises(api.Refused, match="GUID"):
        store.set("Nobody'sName", b"x")
    assert store.edits == []


def test_the_largest_variable_is_that_of_the_code_given(tmp_path):
    path = tmp_path / "guest_VARS.fd"
    path.write_bytes(VARS.read_bytes())
    with pytest.raises(api.Refused, match="too big"):
        api.open_store(path, code=CODE).set("Lang", bytes(40000))
    with pytest.raises(api.Refused, match="no CODE"):
        api.open_store(path, code=VARS)


def test_an_engine_that_there_is_not_is_refused():
    with pytest.raises(api.Refused, match="engine is one of model, qemu, both"):
        api.play("demo", engine="paper")
    with pytest.raises(api.Refused):
        api.play("no such scenario")


def test_what_it_returns_shows_itself_in_one_line(store):
    image = api.open(CODE, VARS)
    shown = [repr(image), repr(image.files[0]), repr(image.spaces[-1]), repr(store)]
    for line in shown:
        assert "\n" not in line
        assert len(line) < 200
    expected = "/usr/share/OVMF/OVMF_VARS_4M.fd: pair, x64, 4,194,304 bytes>"
    assert shown[0].endswith(expected)


def test_importing_it_loads_next_to_nothing():
    code = (
        "import sys; from ovmfgui import api; "
        "print([name for name in sys.modules if name.split('.')[0] in "
        "('numpy', 'construct', 'cryptography', 'PySide6') "
        "or name.startswith('ovmfgui.') "
        "and name.split('.')[1] not in ('api', 'progress', 'refusal')])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
