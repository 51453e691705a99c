"""What collect writes, and what it leaves out."""

import json
from hashlib import sha256

import pytest
from made_hosts import CODE, NVRAM, TEMPLATE, StandIn, collected, domain, package, store_of
from stores import real_store

from ovmfgui.hosts.collecting import collect
from ovmfgui.hosts.host_folder import read_host
from ovmfgui.hosts.preflight import preflight
from ovmfgui.machine.installed import FIRMWARE_FOLDERS
from ovmfgui.refusal import Refused

WEB = f"{NVRAM}/web_VARS.fd"


def description(folder):
    return json.loads((folder / "host.json").read_text())


def test_files_lie_under_the_paths_of_the_host(tmp_path):
    here = package("4m") | {WEB: store_of("4m")}
    host = collected(tmp_path / "a", here, [domain("web"), domain("off", state="shut off")])
    for path, data in here.items():
        assert (tmp_path / "a" / path.lstrip("/")).read_bytes() == data
    assert [(d.name, d.state, d.live is None) for d in host.domains] == [
        ("off", "shut off", True),
        ("web", "running", False),
    ]
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700


def test_code_is_told_with_digest_and_layout(tmp_path):
    collected(tmp_path / "a", package("4m"), [domain("web")])
    code = description(tmp_path / "a")["files"][CODE]
    assert (code["role"], code["layout"]["variable_size"]) == ("code", 0x40000)
    assert code["size"] == len(package("4m")[CODE])


@pytest.mark.parametrize("folder", FIRMWARE_FOLDERS)
def test_firmware_is_collected_from_wherever_a_system_keeps_it(tmp_path, folder):
    code = f"{folder}/ovmf-x86_64-code.bin"
    beside = f"{folder}/vgabios.bin"
    collected(tmp_path / "a", {code: package("4m")[CODE], beside: b"rom"})
    files = description(tmp_path / "a")["files"]
    assert files[code]["role"] == "code"
    assert not files[beside]["kept"]


def test_same_contents_take_their_room_once(tmp_path):
    two = {f"{NVRAM}/{n}_VARS.fd": store_of("4m") for n in ("a", "b")}
    collected(tmp_path / "a", package("4m") | two, [domain("a"), domain("b")])
    paths = [tmp_path / "a" / path.lstrip("/") for path in two]
    assert paths[0].stat().st_ino == paths[1].stat().st_ino


def test_a_collection_is_replaced_and_nothing_else_is(tmp_path):
    collected(tmp_path / "a", package("4m"), [domain("web"), domain("gone")])
    collected(tmp_path / "a", package("4m"), [domain("web")])
    assert [d.name for d in read_host(str(tmp_path / "a")).domains] == ["web"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a"]
    other = tmp_path / "photos"
    other.mkdir()
    (other / "cat.jpg").write_bytes(b"cat")
    with pytest.raises(Refused, match="something else"):
        collected(other, package("4m"))
    assert (other / "cat.jpg").exists()


def test_nothing_half_is_left_where_the_host_goes_away(tmp_path):
    class Dying(StandIn):
        def machine_types(self):
            msg = "the connection was closed"
            raise Refused(msg)

    connection = Dying(package("4m"), [domain("web")])
    with pytest.raises(Refused), connection:
        collect(connection, tmp_path / "a")
    assert connection.left
    assert list(tmp_path.iterdir()) == []


def test_unreadable_store_is_told(tmp_path):
    host = collected(tmp_path / "a", package("4m") | {WEB: "Permission denied"}, [domain("web")])
    assert host.without_contents[WEB] == "cannot be read: Permission denied"
    assert "Permission denied" in host.unseen(WEB)


def test_file_that_is_there_and_not_collected_is_not_missing(tmp_path):
    here = package("4m") | {f"{NVRAM}/other_VARS.fd": store_of("4m")}
    host = collected(tmp_path / "a", here, [domain("web")])
    assert host.unseen(f"{NVRAM}/other_VARS.fd")
    assert host.unseen(WEB) == ""
    assert host.unseen("/srv/elsewhere/x.fd")


def test_without_stores_the_verdict_is_the_same(tmp_path):
    lived = real_store("ovmf-4m-lived")
    here = package("4m") | {WEB: lived}
    whole = collected(tmp_path / "whole", here, [domain("web")])
    bare = collected(tmp_path / "bare", here, [domain("web")], stores=False)
    assert (tmp_path / "bare" / WEB.lstrip("/")).read_bytes() != lived
    for build in ("4m", "4m-next", "2m", "4m-shifted"):
        there = collected(tmp_path / build, package(build), guests=[domain("web").definition])
        one, other = (preflight(a, there).rows[0] for a in (whole, bare))
        assert (one.live.answer, one.next_power_on, one.offline_move) == (
            other.live.answer,
            other.next_power_on,
            other.offline_move,
        )


def test_digest_without_stores_is_that_of_the_whole_store(tmp_path):
    lived = real_store("ovmf-4m-lived")
    here = package("4m") | {WEB: lived}
    bare = collected(tmp_path / "bare", here, [domain("web")], stores=False)
    guests = [domain("web").definition]
    there = collected(tmp_path / "b", here, guests=guests)
    row = preflight(bare, there).rows[0]
    assert row.store.sha256 == sha256(lived).hexdigest() == row.files[1].sha256
    assert row.store.there == "same"
    other = collected(tmp_path / "c", here | {WEB: store_of("4m")}, guests=guests)
    assert preflight(bare, other).rows[0].store.there == "other"


def test_template_is_never_stripped(tmp_path):
    collected(tmp_path / "a", package("4m"), [domain("web")], stores=False)
    assert (tmp_path / "a" / TEMPLATE.lstrip("/")).read_bytes() == package("4m")[TEMPLATE]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"format": 1}',
        '{"format": 99, "folders": [], "files": {}, "domains": []}',
        '{"format": 1, "folders": 5, "files": {}, "domains": []}',
        '{"format": 1, "folders": [], "files": {}, "domains": [{"name": 5}]}',
        '{"format": 1, "folders": [], "files": {"/a": 5}, "domains": []}',
        '{"format": 1, "folders": [], "files": {}, "domains": [{"name": "a"}]}',
        '{"format": 1, "folders": [], "files": {}, "domains": [], "machine_types": 5}',
    ],
)
def test_broken_description_is_refused_in_a_line(tmp_path, text):
    (tmp_path / "host.json").write_text(text)
    with pytest.raises(Refused) as refused:
        read_host(str(tmp_path))
    assert "\n" not in str(refused.value)


def test_folder_of_something_else(tmp_path):
    with pytest.raises(Refused, match="neither"):
        read_host(str(tmp_path))
    with pytest.raises(Refused, match="no folder"):
        read_host(str(tmp_path / "nowhere"))
