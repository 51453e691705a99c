"""What the wheel brings, and what the base install does without."""

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from ovmfgui.cli import qt_libraries
from ovmfgui.cli.main import COMMANDS, main
from ovmfgui.cli.qt_libraries import DISTRIBUTIONS, LIBRARIES, sentence

ROOT = Path(__file__).parent.parent
DESKTOP = ROOT / "desktop"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SHARED = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
OF_THE_WINDOW = ("PySide6", "shiboken6", "pyqtgraph", "numpy")


def test_the_base_install_names_nothing_of_the_window():
    base = " ".join(PROJECT["project"]["dependencies"]).casefold()
    assert not [name for name in OF_THE_WINDOW if name.casefold() in base]
    gui = " ".join(PROJECT["project"]["optional-dependencies"]["gui"]).casefold()
    assert "pyside6-essentials" in gui
    assert "numpy" in gui


WITHOUT = f"""
import importlib.abc, sys
class Away(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {OF_THE_WINDOW!r}:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)
sys.meta_path.insert(0, Away())
"""


def without_the_window(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT + script],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_every_module_but_the_windows_is_read_without_qt_and_numpy():
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "ovmfgui").rglob("*.py")
        if "gui" not in path.relative_to(ROOT / "ovmfgui").parts and path.name != "__main__.py"
    ]
    done = without_the_window(
        f"import importlib\nfor name in {names!r}: importlib.import_module(name)"
    )
    assert done.returncode == 0, done.stderr
    assert len(names) > 300


def test_a_command_of_the_base_install_plays_the_lesson_without_qt():
    done = without_the_window(
        "from ovmfgui.cli.main import main; sys.exit(main(['replay','demo']))"
    )
    assert "Outcome" in done.stdout, done.stderr


@pytest.mark.parametrize("arguments", [["demo"], [], ["--screenshot", "/nonexistent"]])
def test_a_command_that_needs_the_window_says_so_in_one_line(monkeypatch, capsys, arguments):
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "PySide6" else name
    )
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.err == (
        "ovmfgui: this opens the window, which needs Qt: pip install 'ovmfgui[gui]'\n"
    )


RELEASES = (
    ("ID=debian\n", "sudo apt install libegl1 libxcb-cursor0"),
    ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', "sudo apt install libegl1 libxcb-cursor0"),
    ("NAME=Fedora\nID=fedora\n", "sudo dnf install libglvnd-egl xcb-util-cursor"),
    ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "sudo dnf install libglvnd-egl xcb-util-cursor"),
    ("ID=arch\n", "sudo pacman -S libglvnd xcb-util-cursor"),
    ('ID="opensuse-tumbleweed"\n', "sudo zypper install libglvnd libxcb-cursor0"),
    ("ID=nixos\n", None),
)


@pytest.mark.parametrize(("os_release", "step"), RELEASES)
def test_missing_libraries_are_named_as_the_distribution_has_them(os_release, step):
    missing = [each for each in LIBRARIES if each.name in ("libEGL.so.1", "libxcb-cursor.so.0")]
    told = sentence(missing, os_release)
    assert "libxcb-cursor.so.0" in told
    assert told.endswith(step or "libxcb-cursor.so.0")


def test_a_library_of_x11_is_asked_for_only_where_a_window_comes_there(monkeypatch):
    monkeypatch.setattr(qt_libraries, "_is_there", lambda name: name != "libxcb-cursor.so.0")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    qt_libraries.refuse_without_libraries()
    monkeypatch.delenv("QT_QPA_PLATFORM")
    with pytest.raises(qt_libraries.Refused, match="libxcb-cursor"):
        qt_libraries.refuse_without_libraries()


def test_every_library_has_a_package_everywhere():
    for each in LIBRARIES:
        assert all(getattr(each, distribution.column) for distribution in DISTRIBUTIONS)


@pytest.mark.skipif(shutil.which("dpkg") is None, reason="names of Debian's packages")
def test_debians_packages_have_these_libraries():
    for each in LIBRARIES:
        told = subprocess.run(
            ["dpkg", "-S", each.name], capture_output=True, text=True, check=False
        ).stdout
        # From Debian 13 on some carry "t64" in their names, and still answer to the old ones.
        assert f"{each.debian}:" in told or f"{each.debian}t64:" in told, each.name


def test_what_the_wheel_installs_is_there():
    assert all((ROOT / source).exists() for source in SHARED)
    made_with = {"make.py", "manual-sections.txt"}
    assert {path.name for path in DESKTOP.iterdir() if path.is_file()} - made_with == {
        Path(source).name for source in SHARED if source.startswith("desktop/")
    }


def test_the_desktop_entry_and_the_media_types_are_one():
    entry = (DESKTOP / "ovmfgui.desktop").read_text(encoding="utf-8")
    types = {
        element.get("type") for element in ElementTree.parse(DESKTOP / "ovmfgui-mime.xml").getroot()
    }
    said = next(line for line in entry.splitlines() if line.startswith("MimeType="))
    assert {each for each in said.removeprefix("MimeType=").split(";") if each} == types


def test_the_desktop_entry_is_valid():
    program = shutil.which("desktop-file-validate")
    if program is None:
        pytest.skip("desktop-file-validate is not installed")
    done = subprocess.run(
        [program, DESKTOP / "ovmfgui.desktop"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_metainfo_is_valid():
    program = shutil.which("appstreamcli")
    if program is None:
        pytest.skip("appstreamcli is not installed")
    done = subprocess.run(
        [program, "validate", "--no-net", DESKTOP / "ovmfgui.metainfo.xml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_description_of_the_package_has_no_link_that_leads_nowhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    hook = PROJECT["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]
    for each in hook["substitutions"]:
        text = re.sub(each["pattern"], each["replacement"], text)
    assert text.count("ovmfgui") > 20
    assert not re.findall(r"\]\((?!https?:)", text)


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("make", DESKTOP / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.made()


@pytest.mark.parametrize("name", ["ovmfgui.1", "ovmfgui.bash", "_ovmfgui", "ovmfgui.fish"])
def test_the_manual_and_the_completions_are_those_of_the_commands(made, name):
    assert (DESKTOP / name).read_text(encoding="utf-8") == made[name], (
        "run python desktop/make.py after a change of the commands"
    )


def test_the_manual_names_every_command():
    manual = (DESKTOP / "ovmfgui.1").read_text(encoding="utf-8")
    assert [each.name for each in COMMANDS if f"\\fBovmfgui {each.name}\\fR" not in manual] == []


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff")
def test_the_manual_is_sound_roff():
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", "-z", DESKTOP / "ovmfgui.1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("ovmfgui pre", "preflight"),
        ("ovmfgui vars bo", "boot"),
        ("ovmfgui vars boot ord", "order"),
        ("ovmfgui check --js", "--json"),
        ("ovmfgui replay --engine qe", "qemu"),
        ("ovmfgui check OVMF_CO", "OVMF_CODE.fd"),
        ("ovmfgui vars list guest", "guest_VARS.fd"),
        ("ovmfgui collect -o fo", "folder"),
    ],
)
def test_bash_completes_commands_options_values_and_files(tmp_path, line, wanted):
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no bash")
    for name in ("OVMF_CODE.fd", "guest_VARS.fd"):
        (tmp_path / name).touch()
    (tmp_path / "folder").mkdir()
    script = (
        f"source {DESKTOP}/ovmfgui.bash; COMP_WORDS=({line}); "
        "COMP_CWORD=$((${#COMP_WORDS[@]}-1)); asked=$(complete -p ovmfgui); "
        'asked=${asked##*-F }; ${asked% *}; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        [bash, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert wanted in done.stdout.split(), done


@pytest.mark.parametrize(("shell", "name"), [("zsh", "_ovmfgui"), ("fish", "ovmfgui.fish")])
def test_other_shells_can_read_their_completions(shell, name):
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    subprocess.run([shell, "-n", DESKTOP / name], check=True)
