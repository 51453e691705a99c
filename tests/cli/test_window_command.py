"""The window's command, as a user runs it: pictures, no display, one line for what is wrong."""

import os
import subprocess
import sys

import pytest
from PySide6.QtGui import QImage, qGray

from ovmfgui.cli.main import main
from ovmfgui.layout.demo import demo_files

PNG = b"\x89PNG\r\n\x1a\n"
VIEWS = ("map", "variables", "structure", "hex", "migration")


def run(*arguments, cwd, **environment):
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR")
    }
    return subprocess.run(
        [sys.executable, "-m", "ovmfgui", *arguments],
        cwd=cwd,
        env={**clean, "HOME": str(cwd), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def size_of(path):
    data = path.read_bytes()
    assert data.startswith(PNG)
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    paths = []
    for file in demo_files():
        path = folder / file.path.split("/")[-1]
        path.write_bytes(file.data)
        paths.append(str(path))
    return paths


@pytest.fixture(scope="module")
def large_and_dark(tmp_path_factory, pair):
    """The pair's pictures; drawn once, as it takes ten seconds."""
    folder = tmp_path_factory.mktemp("dark")
    options = ("--size", "1100x700", "--scale", "2", "--theme", "dark")
    return run(*pair, "--screenshot", "out", *options, cwd=folder), folder / "out"


@pytest.fixture(scope="module")
def told_and_drawn(tmp_path_factory):
    """The demo where there is no display."""
    folder = tmp_path_factory.mktemp("demo")
    return run("demo", cwd=folder), folder / "screenshots"


def brightness(path):
    """Of a picture's middle grey, 0 to 255."""
    small = QImage(str(path)).scaled(48, 48)
    return sum(qGray(small.pixel(x, y)) for x in range(48) for y in range(48)) / 48**2


@pytest.mark.xdist_group("pictures")
def test_every_view_is_drawn_into_a_picture_of_the_size_asked_for(large_and_dark):
    done, folder = large_and_dark
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for view in VIEWS:
        assert size_of(folder / f"window-{view}.png") == (2200, 1400)
        width, height = size_of(folder / f"{view}.png")
        assert 0 < width <= 2200
        assert 0 < height < 1400
    assert (folder / "verdict.png").is_file()


@pytest.mark.xdist_group("pictures")
@pytest.mark.parametrize("view", VIEWS)
def test_pictures_are_light_unless_dark_is_asked_for(large_and_dark, told_and_drawn, view):
    light, dark = (each[1] / f"window-{view}.png" for each in (told_and_drawn, large_and_dark))
    assert brightness(dark) < 96
    assert brightness(light) > 160


@pytest.mark.xdist_group("pictures")
def test_without_a_display_the_demo_is_drawn_and_told(told_and_drawn):
    done, folder = told_and_drawn
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert "no display" in first
    assert str(folder) in first
    for view in VIEWS:
        size_of(folder / f"window-{view}.png")
    assert (folder / "migration-step-01.png").is_file()
    text = "\n".join(rest)
    assert "verdict: fits" in text
    assert "variables: 4" in text
    assert "Size mismatch: system.flash0: 0x37c000 != 0x1e0000: Invalid argument" in text


def test_without_a_display_and_files_the_first_page_is_drawn(tmp_path):
    done = run(cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "screenshots" / "welcome.png").is_file()


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path, pair):
    (tmp_path / "taken").write_text("a file")
    done = run(*pair, "--screenshot", "taken", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "taken" in done.stderr


def test_a_file_that_is_no_image_is_one_line(tmp_path):
    wrong = tmp_path / "note.txt"
    wrong.write_text("nothing to see")
    done = run(str(wrong), "--screenshot", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert str(wrong) in done.stderr


def test_the_window_leaves_after_its_first_complete_frame(tmp_path, pair):
    done = run(*pair, "--quit-after-first-paint", cwd=tmp_path, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "arguments", [["--size", "big"], ["--size", "10x10"], ["--scale", "9"], ["--theme", "pink"]]
)
def test_options_that_make_no_sense_are_refused(capsys, arguments):
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert arguments[1] in told
