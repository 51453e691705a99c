"""The window's command, as a user runs it: pictures, no display, one line for what is wrong."""

import os
import subprocess
import sys

import pytest

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


@pytest.fixture
def pair(tmp_path):
    paths = []
    for file in demo_files():
        path = tmp_path / file.path.split("/")[-1]
        path.write_bytes(file.data)
        paths.append(str(path))
    return paths


def test_every_view_is_drawn_into_a_picture_of_the_size_asked_for(tmp_path, pair):
    done = run(*pair, "--screenshot", "out", "--size", "1100x700", "--scale", "2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for view in VIEWS:
        assert size_of(tmp_path / "out" / f"window-{view}.png") == (2200, 1400)
        width, height = size_of(tmp_path / "out" / f"{view}.png")
        assert 0 < width <= 2200
        assert 0 < height < 1400
    assert (tmp_path / "out" / "verdict.png").is_file()


def test_light_and_dark_differ(tmp_path, pair):
    pictures = {}
    for theme in ("light", "dark"):
        done = run(pair[1], "--screenshot", theme, "--theme", theme, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        pictures[theme] = (tmp_path / theme / "window-variables.png").read_bytes()
    assert pictures["light"] != pictures["dark"]


def test_without_a_display_the_demo_is_drawn_and_told(tmp_path):
    done = run("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert "no display" in first
    assert str(tmp_path / "screenshots") in first
    for view in VIEWS:
        size_of(tmp_path / "screenshots" / f"window-{view}.png")
    assert (tmp_path / "screenshots" / "migration-step-01.png").is_file()
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
