from pathlib import Path

import pytest

from ovmfgui.cli import main as cli
from ovmfgui.cli.command import UNUSABLE, Command


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
    assert cli.main(["check"]) == UNUSABLE
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "RuntimeError: boom" in err
    log = err.rstrip().rpartition(" ")[2]
    assert "Traceback" in Path(log).read_text(encoding="utf-8")
