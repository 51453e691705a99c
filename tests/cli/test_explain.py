"""``ovmfgui explain``."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from ovmfgui.cli import explain as explain_command
from ovmfgui.cli.main import main
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.migration.explain import explaining

if TYPE_CHECKING:
    from pathlib import Path

SEEN = "qemu-system-x86_64: Size mismatch: system.flash0: 0x37c000 != 0x1e0000: Invalid argument"


def test_a_message_is_explained_with_cause_proof_and_cure(capsys):
    assert main(["explain", SEEN]) == 0
    out = capsys.readouterr().out
    assert out.startswith("QEMU: qemu-system-x86_64: Size mismatch")
    for heading in ("Cause  ", "Proof  ", "Cure   "):
        assert f"\n  {heading}" in out


def test_a_message_comes_from_standard_input_too(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"noise\n{SEEN}\nmore noise\n"))
    assert main(["explain", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["explanations"]
    assert found["id"] == "flash-size-mismatch"
    assert found["line"] == SEEN
    assert set(found) == {
        "id", "speaker", "line", "meaning", "cause", "causes", "proof", "cure", "source",
    }  # fmt: skip


def test_opened_files_prove_it(tmp_path: Path, capsys):
    code, store = tmp_path / "code.fd", tmp_path / "vars.fd"
    code.write_bytes(synthetic_package("2m").code)
    store.write_bytes(synthetic_package("4m").vars)
    crash = "!!!! X64 Exception Type - 0D(#GP - General Protection)"
    assert main(["explain", crash, "--code", str(code), "--vars", str(store)]) == 0
    assert "incompatible (no-boot)" in " ".join(capsys.readouterr().out.split())


def test_an_unknown_text_is_said_to_be_unknown_with_status_1(capsys):
    assert main(["explain", "something else"]) == 1
    assert capsys.readouterr().out.startswith("Nothing is known of this text.")
    assert main(["explain", "something else", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["explanations"] == []


def test_no_text_at_all_is_refused(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["explain"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_what_is_known_is_listed(capsys):
    assert main(["explain", "--list"]) == 0
    assert "flash-size-mismatch (QEMU)\n    Size mismatch: system.flash0" in capsys.readouterr().out
    assert main(["explain", "--list", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["messages"]) > 30


def test_what_was_not_looked_at_is_said(capsys, monkeypatch):
    def unread(text):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        assert main(["explain", "--json"]) == 0
        out, err = capsys.readouterr()
        told = json.loads(out)["unread"]
        assert err == (f"ovmfgui: {told}\n" if told else "")
        return told

    assert unread(SEEN) == ""
    assert "the first 4,000 characters of a line" in unread(f"{SEEN}\n{'x' * 4001}")
    monkeypatch.setattr(explain_command, "MOST_MESSAGE", len(SEEN))
    monkeypatch.setattr(explaining, "MOST_MESSAGE", len(SEEN))
    assert unread(SEEN) == ""
    assert f"the first {len(SEEN)} characters" in unread(f"{SEEN}\n")
    monkeypatch.setattr(explaining, "MOST_FOUND", 1)
    assert "the first 1 messages" in unread(SEEN)
