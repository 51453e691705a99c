"""Domains of one host on another: what is answered, and what is not known."""

from hashlib import sha256

import pytest
from made_hosts import CODE, NVRAM, TEMPLATE, TYPES, collected, domain, package, store_of

from ovmfgui.hosts import host_folder
from ovmfgui.hosts.host_folder import read_host
from ovmfgui.hosts.preflight import preflight
from ovmfgui.layout.verdict import Outcome
from ovmfgui.refusal import Refused

WEB = f"{NVRAM}/web_VARS.fd"


def answer(tmp_path, here, there, domains, types=TYPES, there_types=TYPES, closed=()):
    a = collected(tmp_path / "a", here, domains, types=types)
    guests = [each.definition or each.live for each in domains]
    b = collected(tmp_path / "b", there, guests=guests, types=there_types, closed=closed)
    return preflight(a, b)


def row_of(tmp_path, here, there, one=None, **said):
    found = answer(tmp_path, here, there, [one or domain("web")], **said)
    assert len(found.rows) == 1
    return found.rows[0]


def ids(row):
    return [finding.id for finding in row.findings]


def test_same_package_on_both_hosts(tmp_path):
    row = row_of(tmp_path, package("4m") | {WEB: store_of("4m")}, package("4m"))
    assert (row.live.answer, row.next_power_on, row.offline_move) == ("accepted", "boots", "boots")
    assert row.well
    assert (row.code_there, row.store.there) == ("same", "missing")
    assert "offline-move-loses-variables" in ids(row)
    assert row.store.size == len(store_of("4m"))


@pytest.mark.parametrize(
    ("here", "there", "live", "outcome"),
    [
        ("4m", "4m-next", "accepted", Outcome.BOOTS),
        ("4m", "4m-shifted", "accepted", Outcome.UNKNOWN),
        ("4m", "2m", "refused", Outcome.NO_BOOT),
        ("2m", "4m", "refused", Outcome.BOOTS_VOLATILE),
    ],
)
def test_running_and_the_next_power_on_are_two_questions(tmp_path, here, there, live, outcome):
    row = row_of(tmp_path, package(here) | {WEB: store_of(here)}, package(there))
    assert (row.live.answer, row.next_power_on) == (live, outcome)
    assert row.code_there == "other"
    assert row.well is (live == "accepted" and outcome is Outcome.BOOTS)
    # Without its store it starts with the template of the other package, whatever that is.
    assert row.offline_move is Outcome.BOOTS


def test_a_refusal_is_in_qemus_words(tmp_path):
    row = row_of(tmp_path, package("4m") | {WEB: store_of("4m")}, package("2m"))
    assert "Size mismatch: system.flash0: 0x37c000 != 0x1e0000" in row.live.reason
    assert "live-refused" in ids(row)
    assert row.advice


def test_template_is_looked_for_before_code(tmp_path):
    here = package("4m") | {WEB: store_of("4m")}
    row = row_of(tmp_path, here, {})
    assert row.live.reason == f"Failed to open file '{TEMPLATE}': No such file or directory"
    assert row.next_power_on is Outcome.REFUSED_BY_QEMU
    only_template = {TEMPLATE: package("4m")[TEMPLATE]}
    row = row_of(tmp_path / "2", here, only_template)
    assert row.live.reason == f"Could not open '{CODE}': No such file or directory"
    assert row.code_there == "missing"


def test_unknown_machine_type(tmp_path):
    one = domain("web", board="pc-q35-99.0")
    row = row_of(tmp_path, package("4m") | {WEB: store_of("4m")}, package("4m"), one)
    assert row.live.answer == "refused"
    assert "does not support machine type 'pc-q35-99.0'" in row.live.reason
    assert row.next_power_on is Outcome.REFUSED_BY_QEMU
    assert not row.well


def test_architecture_without_an_emulator(tmp_path):
    there = {"aarch64": ["virt-7.2"]}
    here = package("4m") | {WEB: store_of("4m")}
    row = row_of(tmp_path, here, package("4m"), there_types=there)
    assert "Cannot check QEMU binary /usr/bin/qemu-system-x86_64" in row.live.reason


def test_machine_types_not_known_is_no_agreement(tmp_path):
    here = package("4m") | {WEB: store_of("4m")}
    row = row_of(tmp_path, here, package("4m"), there_types=None)
    assert row.live.answer == "unknown"
    assert not row.well


def test_folder_not_looked_into_is_not_missing(tmp_path):
    one = domain("web", code="/srv/fw/CODE.fd", template=TEMPLATE)
    files = package("4m") | {WEB: store_of("4m"), "/srv/fw/CODE.fd": package("4m")[CODE]}
    row = row_of(tmp_path, files, files, one, closed=["/srv/fw"])
    assert (row.live.answer, row.next_power_on) == ("unknown", Outcome.UNKNOWN)
    assert "not looked into" in row.live.reason
    assert not row.well


def test_store_that_cannot_be_read_is_unknown(tmp_path):
    row = row_of(tmp_path, package("4m") | {WEB: "Permission denied"}, package("4m"))
    assert row.next_power_on is Outcome.UNKNOWN
    assert row.live.answer == "unknown"


def test_other_file_at_the_stores_path_there(tmp_path):
    there = package("4m") | {WEB: store_of("4m-next")[:-1] + b"\0"}
    row = row_of(tmp_path, package("4m") | {WEB: store_of("4m")}, there)
    assert row.store.there == "other"
    assert "store-there-already" in ids(row)
    same = row_of(tmp_path / "2", there, there)
    assert same.store.there == "same"
    assert "offline-move-loses-variables" not in ids(same)


def test_store_there_of_another_size_refuses_a_live_migration(tmp_path):
    there = package("4m") | {WEB: store_of("2m")}
    row = row_of(tmp_path, package("4m") | {WEB: store_of("4m")}, there)
    assert "Size mismatch: system.flash1: 0x84000 != 0x20000" in row.live.reason


def test_rom_has_one_block(tmp_path):
    rom = "readonly='yes' type='rom'"
    one = domain("web", code="/usr/share/OVMF/OVMF.fd", loader=rom, nvram="")

    def unified(build):
        files = package(build)
        return {"/usr/share/OVMF/OVMF.fd": files[TEMPLATE] + files[CODE]}

    row = row_of(tmp_path, unified("4m"), unified("2m"), one)
    assert "Size mismatch: pc.bios: 0x400000 != 0x200000" in row.live.reason
    row = row_of(tmp_path / "2", unified("4m"), unified("4m"), one)
    assert (row.live.answer, row.next_power_on) == ("accepted", Outcome.BOOTS_VOLATILE)


def test_stores_on_devices_are_not_known(tmp_path):
    nvram = "<nvram type='block'><source dev='/dev/vg/web'/></nvram>"
    row = row_of(tmp_path, package("4m"), package("4m"), domain("web", nvram=nvram))
    assert (row.live.answer, row.next_power_on) == ("unknown", Outcome.UNKNOWN)
    assert row.store.how == "block"


def test_domain_without_uefi_is_a_row_that_stands_for_nothing(tmp_path):
    one = domain("old")
    xml = b"<domain><name>old</name><os><type arch='x86_64' machine='pc'>hvm</type></os></domain>"
    row = row_of(tmp_path, {}, {}, type(one)("old", "running", xml, xml))
    assert row.next_power_on is None
    assert (ids(row), row.well) == (["live-refused", "no-uefi"], False)
    xml = xml.replace(b"'pc'", b"'q35'")
    row = row_of(tmp_path / "2", {}, {}, type(one)("old", "running", xml, xml))
    assert (ids(row), row.well) == (["no-uefi"], True)


def test_definition_that_cannot_be_read_is_not_well(tmp_path):
    one = domain("odd")
    row = row_of(tmp_path, {}, {}, type(one)("odd", "shut off", b"<domain><name>odd", None))
    assert (row.next_power_on, row.well) == (Outcome.UNKNOWN, False)


def test_live_xml_decides_while_it_runs_and_the_definition_afterwards(tmp_path):
    four, two = package("4m"), package("2m")
    files = {
        "/fw/4/CODE.fd": four[CODE],
        "/fw/4/VARS.fd": four[TEMPLATE],
        "/fw/2/CODE.fd": two[CODE],
        "/fw/2/VARS.fd": two[TEMPLATE],
        WEB: store_of("4m"),
    }
    runs = domain("web", code="/fw/4/CODE.fd", template="/fw/4/VARS.fd")
    later = domain("web", code="/fw/2/CODE.fd", template="/fw/2/VARS.fd")
    both = type(runs)("web", "running", later.definition, runs.live)
    a = collected(tmp_path / "a", files, [both])
    b = collected(tmp_path / "b", files, guests=[both.definition, both.live])
    row = preflight(a, b).rows[0]
    assert row.live.answer == "accepted"
    assert row.next_power_on is Outcome.NO_BOOT


def test_each_distinct_code_is_read_once(tmp_path):
    names = [f"vm{number}" for number in range(40)]
    here = package("4m") | {f"{NVRAM}/{n}_VARS.fd": store_of("4m") for n in names}
    found = answer(tmp_path, here, package("4m-next"), [domain(n) for n in names])
    assert len(found.rows) == 40
    assert found.well
    assert found.distinct_codes == 2


def test_store_that_is_cut_off_is_not_judged(tmp_path):
    here = package("4m") | {WEB: store_of("4m")[:0x30000]}
    row = row_of(tmp_path, here, package("4m"))
    assert (row.next_power_on, row.well) == (Outcome.UNKNOWN, False)
    assert ids(row) == ["not-judged"]


def test_files_are_told_with_their_host(tmp_path):
    here = package("4m") | {WEB: store_of("4m")}
    row = row_of(tmp_path, here, package("4m-next"))
    code, store = row.files
    assert (code.host, code.path) == (str(tmp_path / "b"), CODE)
    assert (store.host, store.path) == (str(tmp_path / "a"), WEB)
    assert store.sha256 == sha256(store_of("4m")).hexdigest()
    assert code.sha256 == sha256(package("4m-next")[CODE]).hexdigest()


def test_domain_that_is_not_there(tmp_path):
    a = collected(tmp_path / "a", package("4m"), [domain("web")])
    with pytest.raises(Refused, match="has no domain mail; it has web"):
        preflight(a, a, ["mail"])
    assert [row.name for row in preflight(a, a, ["web", "web"]).rows] == ["web"]


def test_host_with_more_domains_than_any_is_refused(tmp_path, monkeypatch):
    folder = collected(tmp_path / "a", package("4m"), [domain("web"), domain("mail")])
    monkeypatch.setattr(host_folder, "MOST_DOMAINS", 2)
    assert len(read_host(str(tmp_path / "a")).domains) == 2
    monkeypatch.setattr(host_folder, "MOST_DOMAINS", 1)
    with pytest.raises(Refused, match="2 domains, more than the 1"):
        read_host(str(tmp_path / "a"))
    assert folder
