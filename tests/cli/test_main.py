import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ovmfgui.cli import main as cli
from ovmfgui.cli.command import FAULT, OUTPUT_FAILED, UNUSABLE, Command
from ovmfgui.layout.synthetic import synthetic_package


@pytest.mark.parametrize("command", cli.COMMANDS, ids=lambda command: command.name)
def test_every_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main([command.name, "--help"])
    assert stop.value.code == 0
    assert f"ovmfgui {command.name}" in capsys.readouterr().out


def test_the_help_lists_every_command(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    out = capsys.readouterr().out
    assert all(command.name in out and command.summary in out for command in cli.COMMANDS)


def test_wrong_arguments_get_one_line(capsys):
    assert cli.main(["check", "--frob"]) == UNUSABLE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert "ovmfgui check --help" in captured.err


def test_a_fault_of_our_own_shows_no_traceback(capsys, monkeypatch):
    class Faulty(Command):
        def load(self):
            msg = "boom"
            raise RuntimeError(msg)

    monkeypatch.setattr(cli, "COMMANDS", (Faulty("check", "fail", ""),))
    assert cli.main(["check"]) == FAULT
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "RuntimeError: boom" in err
    log = err.rstrip().rpartition(" ")[2]
    assert "Traceback" in Path(log).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("word", "meant"), [("chekc", "check"), ("inspekt", "inspect"), ("matrx", "matrix")]
)
def test_a_mistyped_command_is_told(capsys, tmp_path, monkeypatch, word, meant):
    monkeypatch.chdir(tmp_path)
    assert cli.main([word, "--json", "x"]) == UNUSABLE
    assert f"did you mean {meant}?" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_not_there_makes_no_window(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["gone_VARS.fd"]) == UNUSABLE
    assert "no command and no file" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.fixture
def pair(tmp_path):
    made = synthetic_package("2m")
    (tmp_path / "CODE.fd").write_bytes(made.code)
    (tmp_path / "VARS.fd").write_bytes(made.vars)
    (tmp_path / "u.fd").write_bytes(made.vars + made.code)
    return tmp_path


def shell(folder, line, **environment):
    program = f"{sys.executable} -m ovmfgui"
    return subprocess.run(
        ["sh", "-c", line.replace("ovmfgui", program, 1)],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("where", [">&-", ">/dev/full"])
def test_an_answer_that_cannot_be_written_has_its_own_status(pair, where):
    done = shell(pair, f"ovmfgui check CODE.fd VARS.fd --json {where}")
    assert done.returncode == OUTPUT_FAILED
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("where", [">&-", ">/dev/full", "2>&-", "| true"])
def test_a_save_is_no_failure_whatever_becomes_of_the_output(pair, where):
    done = shell(pair, f"ovmfgui split u.fd {where}")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert (pair / "u_CODE.fd").read_bytes() == (pair / "CODE.fd").read_bytes()


def test_an_ascii_terminal_gets_its_answer(pair):
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = shell(pair, "ovmfgui check CODE.fd VARS.fd", **ascii_only)
    assert done.returncode == 0
    assert "fits" in done.stdout
    (pair / "VÄRS\U0001f600.fd").write_bytes((pair / "VARS.fd").read_bytes())
    done = shell(pair, "ovmfgui matrix CODE.fd V*S?*.fd --json", **ascii_only)
    assert done.stdout.isascii()
    assert json.loads(done.stdout)["schema"] == 1
