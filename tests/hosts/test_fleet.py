"""A fleet's distinct answers stand for every single move."""

import json
import random

import pytest
from made_hosts import NVRAM, TEMPLATE, TYPES, collected, domain, package, store_of

from ovmfgui.cli.main import main
from ovmfgui.hosts.domain_facts import facts_of, store_paths
from ovmfgui.hosts.fleet import read_fleet
from ovmfgui.hosts.host import Domain, Host
from ovmfgui.hosts.host_folder import read_host
from ovmfgui.hosts.preflight import preflight
from ovmfgui.machine.host_tree import HostTree
from ovmfgui.refusal import Refused

OLDER = {"x86_64": ["pc-q35-6.2", "q35"]}


def made_fleet(folder, hosts=6, each=4, seed=1):
    """Hosts of three packages and two versions of QEMU; stores of several builds, some missing."""
    chance = random.Random(seed)
    for number in range(hosts):
        domains, files = [], package(("4m", "4m-next", "2m")[number % 3])
        for index in range(each):
            name = f"vm{number}-{index}"
            board = chance.choice(["pc-q35-7.2", "pc-q35-7.2", "pc-i440fx-7.2"])
            state = chance.choice(["running", "shut off"])
            domains.append(domain(name, state, board=board))
            build = chance.choice(["4m", "2m", None])
            if build is not None:
                files[f"{NVRAM}/{name}_VARS.fd"] = store_of(build)
        types = OLDER if number == 4 else TYPES
        collected(folder / f"host{number}", files, domains, types=types)


def every_move(folder):
    hosts = {
        name: read_host(str(folder / name)) for name in sorted(p.name for p in folder.iterdir())
    }
    for home, a in hosts.items():
        for there, b in hosts.items():
            if home != there:
                for row in preflight(a, b).rows:
                    yield (home, row.name, there), row


def told(row):
    store = row.store
    return (
        row.code_there,
        None if store is None else (store.there, store.exists, store.size),
        row.live.answer,
        row.next_power_on,
        row.offline_move,
        row.advice,
        [finding.id for finding in row.findings],
        row.well,
    )


def fleet_moves(fleet):
    """Every move that the distinct pairs stand for."""
    pairs = {(p.domains, p.hosts): p for p in fleet.pairs if not p.meets_a_file}
    for one in fleet.domains:
        for number, host in enumerate(fleet.hosts):
            if number != one.host:
                pair = pairs.get((one.kind, host.kind))
                yield (fleet.hosts[one.host].name, one.name, host.name), pair


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_distinct_pairs_answer_as_every_single_move(tmp_path, seed):
    made_fleet(tmp_path, seed=seed)
    fleet = read_fleet(str(tmp_path))
    single = dict(every_move(tmp_path))
    assert fleet.moves == len(single)
    for move, pair in fleet_moves(fleet):
        assert pair is not None
        assert told(pair.row) == told(single[move]), move
    assert len(fleet.pairs) < len(single)
    assert fleet.well is all(row.well for row in single.values())


def test_a_file_under_the_stores_path_is_a_pair_of_its_own(tmp_path):
    shared = {f"{NVRAM}/vm_VARS.fd": store_of("4m")}
    collected(tmp_path / "a", package("4m") | shared, [domain("vm"), domain("other")])
    collected(tmp_path / "b", package("4m") | shared, [domain("vm", "shut off")])
    collected(tmp_path / "c", package("4m"))
    fleet = read_fleet(str(tmp_path))
    single = dict(every_move(tmp_path))
    assert fleet.moves == len(single) == 6
    met = [pair for pair in fleet.pairs if pair.meets_a_file]
    assert sum(pair.moves for pair in met) == 2
    for pair in met:
        one = fleet.domains[pair.domain]
        move = (fleet.hosts[one.host].name, one.name, fleet.hosts[pair.host].name)
        assert told(pair.row) == told(single[move])
        assert pair.row.store.there == "same"


def test_broken_folder_is_told_and_not_well(tmp_path):
    made_fleet(tmp_path, hosts=2, each=1)
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "host.json").write_text("{")
    fleet = read_fleet(str(tmp_path))
    assert len(fleet.hosts) == 2
    assert "odd" in fleet.passed_over[0]
    assert not fleet.well


def test_one_host_is_no_fleet(tmp_path):
    made_fleet(tmp_path, hosts=1)
    with pytest.raises(Refused, match="two hosts"):
        read_fleet(str(tmp_path))


def test_command(capsys, tmp_path):
    made_fleet(tmp_path / "fleet")
    junit = tmp_path / "out.xml"
    assert main(["preflight", "--fleet", str(tmp_path / "fleet"), "--junit", str(junit)]) == 1
    assert "24 domains on 6 hosts, 120 moves" in capsys.readouterr().out
    assert junit.read_text().count("<testcase") > 1
    assert main(["preflight", "--fleet", str(tmp_path / "fleet"), "--json"]) == 1
    out = json.loads(capsys.readouterr().out)
    assert sum(pair["moves"] for pair in out["pairs"]) == out["totals"]["moves"] == 120
    assert main(["preflight", "--fleet", str(tmp_path / "fleet"), "a", "b"]) == 2
    assert main(["preflight", str(tmp_path / "fleet")]) == 2


def test_names_do_not_make_two_domains_alike():
    """A name that stands in a path of the package must not be taken out of it."""
    host = Host("host", HostTree("/nowhere"), ())

    def facts(name, code, template):
        xml = domain(name, code=code, template=template).definition
        return facts_of(Domain(name, "shut off", xml, None, ""), host)

    one = facts("4M", "/usr/share/OVMF/4M_CODE.fd", "/usr/share/OVMF/4M_VARS.fd")
    other = facts("2M", "/usr/share/OVMF/2M_CODE.fd", "/usr/share/OVMF/2M_VARS.fd")
    assert one != other
    assert facts("a", "/c", "/t") == facts("b", "/c", "/t")


def test_stores_in_folders_of_ones_own(tmp_path):
    """Two domains of one name, on two hosts, each with another store under the same path."""
    path = "/vm/web.fd"
    nvram = f"<nvram template='{TEMPLATE}' type='file'><source file='{path}'/></nvram>"
    for name, build, text in (("a", "4m", None), ("b", "2m", None), ("c", "4m", nvram)):
        one = domain("web", store=path, nvram=text)
        collected(tmp_path / name, package("4m") | {path: store_of(build)}, [one])
    collected(tmp_path / "d", package("4m"))
    fleet = read_fleet(str(tmp_path))
    single = dict(every_move(tmp_path))
    assert fleet.moves == len(single) == 9
    assert len({one.kind for one in fleet.domains}) == 3
    for pair in fleet.pairs:
        one = fleet.domains[pair.domain]
        move = (fleet.hosts[one.host].name, one.name, fleet.hosts[pair.host].name)
        assert told(pair.row) == told(single[move])
    assert sum(pair.moves for pair in fleet.pairs if pair.meets_a_file) == 6


def test_path_that_xml_escapes():
    xml = domain("web", store="/vm/a&amp;b.fd").definition
    assert store_paths(Domain("web", "shut off", xml, None, "")) == ("/vm/a&b.fd",)
