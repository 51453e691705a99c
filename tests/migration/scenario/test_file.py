"""Scenarios as a person writes them: what they mean, and a plain word for every mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from ovmfgui.flash.placement import ARM_VIRT
from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.scenario.file import load, parse
from ovmfgui.migration.scenario.host import Storage
from ovmfgui.migration.scenario.shipped import find, headlines, shipped
from ovmfgui.nvram.pristine import volume_header
from ovmfgui.pflash.generation import QEMU_10_0
from ovmfgui.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
title = "T"
summary = "S"
outcome = "boots"
[packages.ovmf]
synthetic = "2m"
title = "OVMF"
[hosts.alpha]
title = "Host A"
qemu = "10.0"
packages = ["ovmf"]
storage = "shared"
[hosts.beta]
[[actions]]
do = "define"
host = "alpha"
domain = "web"
lesson = ["one", '''two
  lines''']
[[actions]]
do = "set-variable"
name = "Timeout"
guid = "8BE4DF61-93CA-11D2-AA0D-00E098032B8C"
data = "05 00"
attributes = ["NV", "BS"]
slowly = true
"""


def test_a_scenario_says_what_was_written():
    scenario = parse(GOOD, "mine", "/tmp/mine.toml")
    assert (scenario.name, scenario.title, scenario.summary) == ("mine", "T", "S")
    assert scenario.expect is Outcome.BOOTS
    alpha, beta = scenario.hosts
    assert (alpha.title, alpha.qemu, alpha.packages) == ("Host A", QEMU_10_0, ("ovmf",))
    assert (alpha.storage, beta.storage, beta.title) == (Storage.SHARED, Storage.OWN, "beta")
    assert scenario.packages["ovmf"].title == "OVMF"
    assert len(scenario.packages["ovmf"].code) == 0x1E0000
    define, write = scenario.actions
    assert (define.number, define.do, define.arguments["domain"]) == (1, "define", "web")
    assert (define.lesson_for(0), define.lesson_for(1), define.lesson_for(2)) == (
        "one",
        "two lines",
        "",
    )
    assert write.arguments == {
        "name": "Timeout",
        "guid": UUID("8be4df61-93ca-11d2-aa0d-00e098032b8c"),
        "data": b"\x05\x00",
        "attributes": 3,
        "slowly": True,
    }


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('title = "T"', "title = 3", "title has to be text in quotes"),
        ('title = "T"', "title = ", "this is not TOML: Invalid value (at line 2"),
        ('title = "T"', 'titel = "T"', '"titel" means nothing here; known are title, summary'),
        ('outcome = "boots"', 'outcome = "fine"', "outcome is 'fine'; it is one of boots,"),
        ('qemu = "10.0"', 'qemu = "6.2"', "host alpha: qemu is '6.2'; known are 7.2.0, 7.2, 10.0"),
        ('qemu = "10.0"', 'libvirt = "nine"', "libvirt is 'nine'; it is two numbers in quotes"),
        ('storage = "shared"', 'storage = "nfs"', "storage is 'nfs'; it is one of own, shared"),
        ('["ovmf"]', '["seabios"]', 'host alpha: there is no package "seabios"; the scenario has'),
        ('["ovmf"]', '"ovmf"', "host alpha: packages has to be a list of names"),
        ('synthetic = "2m"', 'synthetic = "3m"', 'package ovmf: there is no synthetic build "3m"'),
        ('synthetic = "2m"', "", "package ovmf: say where its images come from"),
        ('synthetic = "2m"', 'code = "/nowhere/a"\nvars = "/b"', "package ovmf: /nowhere/a"),
        ('title = "OVMF"', 'records = "newest"', 'records is \'newest\'; it is "new", or "old"'),
        ('synthetic = "2m"', 'build = "2m"', 'package ovmf: "build" means nothing here'),
        ('do = "define"', 'do = "defin"', "action 1: there is no action 'defin'; known are define"),
        ('do = "define"', "", "action 1: it does not say what to do"),
        ('host = "alpha"', 'host = "gamma"', "action 1 (define): host: there is no host 'gamma'"),
        ('host = "alpha"', "", "action 1 (define): host is missing: on which host"),
        ('domain = "web"', 'to = "beta"', 'action 1 (define): "to" means nothing here; known are'),
        ('data = "05 00"', 'data = "5"', "data is '5'; it has to be bytes in hex, in quotes"),
        ('"NV", "BS"', '"NX"', "attributes is ['NX']; it has to be attribute names"),
        ("slowly = true", 'slowly = "yes"', "slowly is 'yes'; it has to be true or false"),
        ("slowly = true", "stop_after = 0", "stop_after is 0; it has to be a number, 1 or more"),
        ("slowly = true", "lesson = 5", "action 2 (set-variable): lesson is a text"),
        ("[packages.ovmf]", "[package.ovmf]", '"package" means nothing here; known are'),
    ],
)
def test_a_mistake_gets_a_plain_word_with_its_place(old: str, new: str, words: str):
    assert old in GOOD
    with pytest.raises(Refused) as refused:
        parse(GOOD.replace(old, new, 1), "mine", "/tmp/mine.toml")
    text = str(refused.value)
    assert text.startswith("/tmp/mine.toml")
    assert words in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there are no packages; write a table such as [packages.ovmf]"),
        ('[packages.a]\nsynthetic = "2m"', "there are no hosts; write a table such as [hosts."),
        ('[packages.a]\nsynthetic = "2m"\n[hosts.a]', "nothing happens: write [[actions]]"),
        ('hosts = 5\n[packages.a]\nsynthetic = "2m"', "there are no hosts"),
        (
            '[packages.a]\nsynthetic = "2m"\n[packages.b]\nsynthetic = "2m"\n'
            '[hosts.x]\npackages = ["a", "b"]',
            "two packages have /usr/share/OVMF/OVMF_CODE.fd",
        ),
    ],
)  # fmt: skip
def test_what_is_missing_is_said(text: str, words: str):
    with pytest.raises(Refused) as refused:
        parse(text, "x")
    assert words in str(refused.value)


def test_a_shipped_scenario_is_found_by_name_and_a_file_by_its_path(tmp_path: Path):
    mine = tmp_path / "mine.toml"
    mine.write_text(GOOD)
    assert find(str(mine)) == mine
    assert find("demo") in shipped()
    assert load(mine).name == "mine"


@pytest.mark.parametrize("name", ["dmeo", "/no/such.toml", "."])
def test_a_name_that_is_none_is_refused_with_the_names_that_are(name: str):
    with pytest.raises(Refused, match="same-package"):
        find(name)


def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path):
    binary, huge = tmp_path / "binary.toml", tmp_path / "huge.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    huge.write_bytes(b"#" * (2 << 20))
    with pytest.raises(Refused, match="is no text file"):
        load(binary)
    with pytest.raises(Refused, match=r"huge\.toml"):
        load(huge)
    with pytest.raises(Refused, match="does not exist"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("mebibytes", "words"),
    [(16, 'code = "code.fd"\nvars = "code.fd"'), (32, 'code = "code.fd"\nvars = "code.fd"'),
     (64, 'unified = "code.fd"')],
)  # fmt: skip
def test_firmware_of_other_machines_is_refused_with_the_reason(tmp_path, mebibytes, words):
    (tmp_path / "code.fd").write_bytes(
        volume_header(0x40000, 0x40000).ljust(mebibytes << 20, b"\0")
    )
    text = GOOD.replace('synthetic = "2m"', words)
    with pytest.raises(Refused, match="scenarios play x86 machines, and Arm's virt"):
        parse(text, "x", folder=tmp_path)


def test_firmware_of_arms_virt_machine_is_told_by_its_size(tmp_path: Path):
    (tmp_path / "code.fd").write_bytes(volume_header(0x40000, 0x40000).ljust(64 << 20, b"\0"))
    text = GOOD.replace('synthetic = "2m"', 'code = "code.fd"\nvars = "code.fd"')
    package = parse(text, "x", folder=tmp_path).packages["ovmf"]
    assert package.board is ARM_VIRT
    assert package.code_path == "/usr/share/AAVMF/AAVMF_CODE.fd"
    assert parse(GOOD, "x").packages["ovmf"].board is None


def test_the_shipped_scenarios_are_listed_without_the_firmware_they_use(monkeypatch):
    monkeypatch.setattr(
        "ovmfgui.migration.scenario.packages._contents", lambda *_: pytest.fail("read")
    )
    listed = headlines()
    assert {"demo", "debian-same-package"} < {headline.name for headline in listed}
    assert all(headline.title and headline.summary for headline in listed)


def test_paths_in_a_scenario_are_relative_to_it(tmp_path: Path):
    made = parse(GOOD, "x").packages["ovmf"]
    (tmp_path / "code.fd").write_bytes(made.code)
    (tmp_path / "vars.fd").write_bytes(made.template or b"")
    text = GOOD.replace('synthetic = "2m"', 'code = "code.fd"\nvars = "vars.fd"')
    assert parse(text, "x", folder=tmp_path).packages["ovmf"].code == made.code
