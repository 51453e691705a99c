"""A domain's own move as a scenario: what is played comes to the answer of the row."""

from pathlib import Path

import pytest
from debian_firmware import CODE_4M_SECBOOT, VARS_4M
from made_hosts import (
    CODE,
    NVRAM,
    TEMPLATE,
    TYPES,
    collected,
    domain,
    domain_xml,
    package,
    store_of,
)

from ovmfgui.hosts.connection import DomainText
from ovmfgui.hosts.preflight import preflight
from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.engine.playing import play
from ovmfgui.migration.scenario.of_domain import move_of, not_played
from ovmfgui.refusal import Refused

WEB = f"{NVRAM}/web_VARS.fd"


def between(tmp_path, here, there, one, **said):
    a = collected(tmp_path / "a", here, [one], stores=said.pop("stores", True))
    guests = [one.definition or one.live]
    b = collected(tmp_path / "b", there, guests=guests, types=said.pop("there_types", TYPES))
    return preflight(a, b).rows[0], a, b


@pytest.mark.parametrize(
    ("here", "there", "outcome"),
    [
        ("4m", "4m", Outcome.BOOTS),
        ("4m", "4m-next", Outcome.BOOTS),
        ("4m", "4m-shifted", Outcome.UNKNOWN),
        ("4m", "2m", Outcome.REFUSED_BY_QEMU),
        ("2m", "4m", Outcome.REFUSED_BY_QEMU),
    ],
)
def test_the_replay_comes_to_the_rows_answer(tmp_path, here, there, outcome):
    row, a, b = between(
        tmp_path, package(here) | {WEB: store_of(here)}, package(there), domain("web")
    )
    scenario = move_of(row, a, b).scenario()
    assert scenario.expect is outcome
    replay = play(scenario)
    assert replay.outcome is outcome
    assert [host.title for host in scenario.hosts] == ["a", "b"]


def test_the_store_is_the_domains_own_and_stays_as_it_is(tmp_path):
    own = bytearray(store_of("4m"))
    own[-1] ^= 0xFF
    row, a, b = between(tmp_path, package("4m") | {WEB: bytes(own)}, package("4m"), domain("web"))
    draft = move_of(row, a, b)
    assert draft.scenario().packages["here"].template == bytes(own)
    play(draft.scenario())
    assert Path(a.tree.path(WEB)).read_bytes() == bytes(own)


def test_a_domain_that_is_shut_off_moves_without_its_store(tmp_path):
    files = package("4m") | {WEB: store_of("4m")}
    row, a, b = between(tmp_path, files, package("2m"), domain("web", state="shut off"))
    draft = move_of(row, a, b)
    assert [table["do"] for table in draft.actions] == ["define", "move-offline", "start"]
    assert draft.scenario().expect is row.offline_move is Outcome.BOOTS
    replay = play(draft.scenario())
    assert replay.outcome is Outcome.BOOTS
    assert not replay.unmet


def test_a_domain_that_was_never_started_has_its_template(tmp_path):
    row, a, b = between(tmp_path, package("4m"), package("4m"), domain("web", state="shut off"))
    draft = move_of(row, a, b)
    assert draft.document["packages"]["here"]["vars"] == a.tree.path(TEMPLATE)
    assert "moved switched off" in draft.document["summary"]


def test_code_that_is_missing_there_is_played_as_qemus_refusal(tmp_path):
    only_template = {TEMPLATE: package("4m")[TEMPLATE]}
    row, a, b = between(
        tmp_path, package("4m") | {WEB: store_of("4m")}, only_template, domain("web")
    )
    replay = play(move_of(row, a, b).scenario())
    assert replay.outcome is Outcome.REFUSED_BY_QEMU
    said = " ".join(step.qemu or "" for step in replay.steps)
    assert f"Could not open '{CODE}'" in said


def test_what_no_chip_has_a_part_in_is_not_played(tmp_path):
    files = package("4m") | {WEB: store_of("4m")}
    row, a, b = between(tmp_path / "1", files, {}, domain("web"))
    assert "before a QEMU starts" in not_played(row, a, b)
    with pytest.raises(Refused, match="before a QEMU starts"):
        move_of(row, a, b)
    row, a, b = between(
        tmp_path / "2", files, package("4m"), domain("web"), there_types={"aarch64": ["virt-7.2"]}
    )
    assert "before a QEMU starts" in not_played(row, a, b)
    rom = domain("web", loader="type='rom'", nvram="")
    row, a, b = between(tmp_path / "3", files, package("4m"), rom)
    assert "no second flash chip" in not_played(row, a, b)


def test_a_name_that_is_no_file_name_makes_one(tmp_path):
    one = domain("a b", store=WEB)
    row, a, b = between(tmp_path, package("4m") | {WEB: store_of("4m")}, package("4m"), one)
    assert move_of(row, a, b).path == "a-b.toml"


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("board", "features", "said", "outcome"),
    [
        ("pc-i440fx-7.2", "", {"machine": "pc"}, Outcome.NO_BOOT),
        (
            "pc-q35-7.2",
            "<features><smm state='off'/></features>",
            {"no_smm": True},
            Outcome.NO_BOOT,
        ),
        ("pc-q35-7.2", "", {}, Outcome.BOOTS),
    ],
)
def test_a_domain_of_a_build_with_smm_is_played_on_its_own_machine(
    tmp_path, board, features, said, outcome
):
    files = {CODE: CODE_4M_SECBOOT.read_bytes(), TEMPLATE: VARS_4M.read_bytes()}
    xml = domain_xml("web", board=board).replace(b"</domain>", features.encode() + b"</domain>")
    one = DomainText("web", "running", xml, xml)
    row, a, b = between(tmp_path, files | {WEB: files[TEMPLATE]}, files, one)
    draft = move_of(row, a, b)
    assert {key: draft.actions[0][key] for key in said} == said
    assert draft.actions[0].keys() <= {"do", "host", "domain", "lesson", *said}
    assert play(draft.scenario()).outcome is row.next_power_on is outcome
