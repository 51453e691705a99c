"""Secure Boot of stores: who is trusted, what has ended, whether the next update fits."""

import datetime
import json

import pytest
from debian_firmware import VARS_2M_MS, VARS_4M, VARS_4M_MS
from stores import real_store

from ovmfgui.cli.main import main
from ovmfgui.nvram.reading import read_store
from ovmfgui.trust.dbx import svn_of
from ovmfgui.trust.enrolment import enrol, of_profile
from ovmfgui.trust.known import known_certificates
from ovmfgui.trust.overview import Overview, overview
from ovmfgui.trust.profiles import PROFILES, profile_named
from ovmfgui.trust.room import room_for_dbx
from ovmfgui.trust.sbat import SbatLevel, read_sbat, revoked_component

TODAY = datetime.date(2026, 11, 27)


def seen(data: bytes, today: datetime.date = TODAY) -> Overview:
    store = read_store(data)
    return overview(
        {record.key: record.data for record in store.live},
        authenticated=store.authenticated,
        room=room_for_dbx(store),
        today=today,
    )


def with_profile(data: bytes, name: str) -> bytes:
    profile = profile_named(name)
    assert profile is not None
    return enrol(data, of_profile(profile, read_store(data))).after


@pytest.mark.firmware
def test_debians_template_trusts_2011_alone():
    found = seen(VARS_4M_MS.read_bytes())
    assert found.mode == "user"
    assert found.generations("KEK") == ("2011", "distribution")
    assert found.generations("db") == ("2011",)
    assert {c.subject for c in found.ended} == {
        "Microsoft Corporation KEK CA 2011",
        "Microsoft Windows Production PCA 2011",
        "Microsoft Corporation UEFI CA 2011",
    }
    assert found.next_update is not None
    assert found.next_update.signer_trusted is False
    assert {f.id for f in found.findings} >= {"certificate-ended", "next-signer"}
    before = seen(VARS_4M_MS.read_bytes(), datetime.date(2026, 6, 24))
    assert before.ended == ()


@pytest.mark.firmware
def test_the_update_fits_4m_and_not_2m():
    fits = {
        path.name: seen(path.read_bytes()).next_update.fits for path in (VARS_4M_MS, VARS_2M_MS)
    }
    assert fits == {VARS_4M_MS.name: True, VARS_2M_MS.name: False}


@pytest.mark.firmware
@pytest.mark.parametrize("profile", [each.name for each in PROFILES])
def test_profiles_enrol_what_they_say_and_leave_a_pk_alone(profile):
    before = VARS_4M_MS.read_bytes()
    after = seen(with_profile(before, profile))
    assert after.databases["PK"] == seen(before).databases["PK"]
    wanted = profile_named(profile)
    files = {
        c.known.file
        for name in ("KEK", "db")
        for c in after.databases[name].certificates
        if c.known
    }
    assert files >= {*wanted.KEK, *wanted.db}
    if "2023" in profile:
        assert after.next_update.signer_trusted
    again = enrol(
        with_profile(before, profile),
        of_profile(wanted, read_store(with_profile(before, profile))),
    )
    assert again.writes == ()


@pytest.mark.firmware
def test_setup_mode_and_switched_off():
    plain = VARS_4M.read_bytes()
    assert seen(plain).mode == "setup"
    assert seen(plain).next_update is None
    assert seen(with_profile(plain, "microsoft-2023")).mode == "user"
    assert seen(real_store("ovmf-2m-ms-lived")).mode in ("user", "off")


def test_a_least_version_is_no_hash():
    entry = bytes.fromhex("01612B139DD5598843AB1C185C3CB2EB92000009000000000000000000000000")
    assert svn_of(entry) == ("bootmgr", "9.0")
    assert svn_of(bytes(32)) is None


def test_every_certificate_is_what_the_index_says():
    import hashlib

    from ovmfgui.nvram.decode.certificate import read_certificate

    assert len(known_certificates()) >= 20
    for sha256, known in known_certificates().items():
        assert hashlib.sha256(known.der).hexdigest() == sha256
        read = read_certificate(known.der)
        assert (read.subject, read.not_after[:10]) == (known.subject, known.not_after)


def test_sbat_levels():
    level = SbatLevel.of_variable(b"sbat,1,2024010900\nshim,4\ngrub,3\ngrub.debian,4\n")
    assert level is not None
    assert level.date == "2024010900"
    section = b"sbat,1,SBAT Version,sbat,1,https://x\ngrub,4,Free Software Foundation,grub,2.06,x\n"
    assert revoked_component(read_sbat(section), level) is None
    old = read_sbat(section.replace(b"grub,4", b"grub,2"))
    assert revoked_component(old, level) == ("grub", 2, 3)
    assert SbatLevel.of_variable(b"rubbish") is None
    assert SbatLevel.of_variable(None) is None


@pytest.mark.firmware
def test_the_command(tmp_path, capsys):
    for name in ("a", "b"):
        (tmp_path / f"{name}.fd").write_bytes(VARS_4M_MS.read_bytes())
    (tmp_path / "notes.txt").write_text("no store")
    assert main(["secureboot", str(tmp_path), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["totals"]["stores"] == 2
    (first, _second) = document["stores"]
    assert first["mode"] == "user"
    assert first["generations"]["kek"] == [2011, "distribution"]
    assert first["next_update"]["signer_trusted"] is False
    assert [each["not_after"] for each in first["expired"]] == [
        "2026-06-24",
        "2026-10-19",
        "2026-06-27",
    ]
    stores = [str(tmp_path / "a.fd"), str(tmp_path / "gone.fd"), str(tmp_path / "b.fd")]
    assert main(["vars", "enrol", *stores, "--profile", "microsoft-2011+2023", "--json"]) == 1
    done = json.loads(capsys.readouterr().out)["stores"]
    assert [each["changed"] for each in done] == [True, False, True]
    assert "does not exist" in done[1]["error"]
    assert (tmp_path / "a.fd.bak").read_bytes() == VARS_4M_MS.read_bytes()
    assert main(["secureboot", str(tmp_path / "b.fd")]) == 1
    text = capsys.readouterr().out
    assert "Microsoft UEFI CA 2023 (2023)" in text
    assert "next-signer" not in text
