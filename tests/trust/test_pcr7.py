"""PCR 7 as the tool tells it is PCR 7 as a real TPM has it after real firmware."""

import json

import pytest
from debian_firmware import VARS_4M, VARS_4M_MS
from measured_boot import measured_boot
from signed_updates import own_key
from stores import real_store

from ovmfgui.cli.main import main
from ovmfgui.nvram import vendors
from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.trust.enrolment import enrol, of_profile
from ovmfgui.trust.pcr7 import measured, pcr7, pcr7_change
from ovmfgui.trust.profiles import profile_named

pytestmark = pytest.mark.firmware

DRIVER_CONFIG, SEPARATOR = 0x80000001, 4


def values(data):
    return {record.key: record.data for record in read_store(data).live}


def enrolled(data):
    profile = profile_named("microsoft-2011+2023")
    return enrol(data, of_profile(profile, read_store(data))).after


def with_dbt(data):
    dbt = own_key("Time stamps").lists
    return Editor(data).set_variable("dbt", vendors.IMAGE_SECURITY, dbt, 0x27).after


def switched_off(data):
    switch = vendors.SECURE_BOOT_ENABLE
    return Editor(data).set_variable("SecureBootEnable", switch, b"\0").after


STORES = {
    "setup mode": lambda: VARS_4M.read_bytes(),
    "Debian's keys": lambda: VARS_4M_MS.read_bytes(),
    "both generations and dbt": lambda: with_dbt(enrolled(VARS_4M_MS.read_bytes())),
}


@pytest.mark.boots
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", STORES)
def test_firmware_measures_what_the_tool_says(name):
    data = STORES[name]()
    found = measured_boot("4M-secboot", data)
    expected = measured(values(data))
    # The events of the keys and the separator; what is started afterwards comes behind them.
    log = found.events[: len(expected)]
    assert [each.kind for each in log] == [DRIVER_CONFIG] * (len(expected) - 1) + [SEPARATOR]
    assert [each.data for each in log[:-1]] == [each.data for each in expected[:-1]]
    for algorithm in ("sha1", "sha256"):
        assert [e.digests[algorithm] for e in log] == [e.digest(algorithm) for e in expected]
    assert len(found.events) == len(expected)
    assert found.pcr7 == {a: pcr7(values(data), a) for a in ("sha1", "sha256")}


def test_an_edit_of_the_keys_changes_it_and_others_do_not():
    data = VARS_4M_MS.read_bytes()
    store = read_store(data)
    switch = Editor(data).set_variable("SecureBootEnable", vendors.SECURE_BOOT_ENABLE, b"\0")
    change = pcr7_change(store, switch)
    assert (change.before, change.after) == (pcr7(values(data)), pcr7(values(switched_off(data))))
    assert change.before != change.after
    assert pcr7_change(store, Editor(data).set_variable("Timeout", vendors.GLOBAL, b"\7\0")) is None
    assert pcr7_change(store, Editor(data).delete_variable("KEK", vendors.GLOBAL)) is not None
    assert pcr7_change(store, Editor(data).compact()) is None


def test_commands_tell_it_before_they_save(tmp_path, capsys):
    path = tmp_path / "VARS.fd"
    path.write_bytes(VARS_4M_MS.read_bytes())
    before = pcr7(values(path.read_bytes())).hex()
    enrol_it = ["vars", "enrol", str(path), "--profile", "microsoft-2011+2023"]
    assert main([*enrol_it, "--dry-run", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["stores"]
    assert row["pcr7"]["before"] == before
    assert row["pcr7"]["after"] == pcr7(values(enrolled(path.read_bytes()))).hex()
    assert main(enrol_it) == 0
    told = capsys.readouterr().out
    assert "PCR 7 changes" in told
    assert main(enrol_it) == 0
    assert "PCR 7 changes" not in capsys.readouterr().out
    assert main(["vars", "set", str(path), "Timeout", "--data", "0500", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pcr7"] is None
    assert main(["vars", "delete", str(path), "dbx", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pcr7"]["before"] == row["pcr7"]["after"]
    main(["secureboot", str(path), "--json"])
    (store,) = json.loads(capsys.readouterr().out)["stores"]
    assert store["pcr7"] == pcr7(values(path.read_bytes())).hex()


def test_a_store_without_authentication_has_none(tmp_path, capsys):
    path = tmp_path / "plain.fd"
    path.write_bytes(real_store("ovmf-4m-lived"))
    main(["secureboot", str(path), "--json"])
    (store,) = json.loads(capsys.readouterr().out)["stores"]
    assert (store["pcr7"] is None) is (store["mode"] == "none")
