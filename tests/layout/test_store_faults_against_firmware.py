"""Damaged stores on real firmware: what the rules say of them is what happens.

Each store is booted once; the shell sets a variable, and file and listing are looked at.
"""

from uuid import UUID

import pytest
from debian_firmware import VARS_AA64_MS
from firmware_boot import boot_firmware
from stores import patched, pristine, real_store, record, with_volume_checksum

from ovmfgui.nvram.editor import Editor
from ovmfgui.nvram.reading import read_store
from ovmfgui.nvram.recovery import recover

pytestmark = [pytest.mark.firmware, pytest.mark.boots, pytest.mark.timeout(600)]

VENDOR = UUID("5f0c8a52-1d3a-4a53-9d2e-6f6d66677569")
PROBE = f"setvar Probe -guid {VENDOR} -nv -bs -rt =ABCD"
# What hangs is given up after this; what boots takes 10 to 25 s.
PATIENCE = 90


def booted(build, store):
    return boot_firmware(build, store, script=(PROBE,), patience=PATIENCE)


def live(data):
    return {record.name for record in read_store(data).live}


def not_enforced(data):
    """Microsoft's keys stay, but the shell, which nobody signed, may run."""
    switch = read_store(data).find("SecureBootEnable")
    return Editor(data).set_variable(switch.name, switch.guid, b"\0").after


def arm(*records):
    data = not_enforced(VARS_AA64_MS.read_bytes())
    return patched(data, read_store(data).end, b"".join(records))


STOPS = {
    "4M: a name twice": ("4M", lambda: real_store("dup-both-added")),
    "AAVMF: a name twice": ("AAVMF", lambda: arm(record("Dup", b"1"), record("Dup", b"2"))),
    "AAVMF: an empty name": ("AAVMF", lambda: arm(record("", b"1"))),
    "4M: certdb": ("4M", lambda: real_store("certdb-badsize")),
    "4M: no write status": ("4M", lambda: real_store("attr-no-write-status")),
    "4M: a short block map": ("4M", lambda: real_store("blockmap-num-0x40")),
    "4M: HeaderLength": ("4M", lambda: real_store("headerlength-0x50")),
}


@pytest.mark.parametrize("name", STOPS)
def test_the_shell_is_never_reached(name):
    build, make = STOPS[name]
    before = make()
    boot = booted(build, before)
    assert boot.variables is None
    assert live(before) <= live(boot.after)
    if build == "4M" and "twice" not in name:
        assert boot.after == before


@pytest.mark.parametrize(("build", "kept"), [("4M", 27), ("4M-secboot", 45)])
def test_a_pending_write_is_replayed_in_time_by_smm_builds_alone(build, kept):
    before = real_store("spare-complete-half-target")
    boot = booted(build, before)
    assert boot.variables is not None, boot.serial[-400:]
    old = {record.key for record in read_store(before).copy.live}
    assert len(old) == 45
    assert len(old & set(boot.variables)) == kept


def test_what_a_boot_writes_behind_a_replayed_write_is_invisible():
    before = real_store("spare-complete-intact-target")
    boot = booted("4M", before)
    assert (VENDOR, "Probe") in boot.variables
    after = read_store(boot.after)
    assert after.find("Probe", VENDOR) is None
    assert "Probe" in {record.name for record in after.carved}


def test_variables_behind_a_broken_record_are_erased():
    before = real_store("dead-record-name-size")
    boot = booted("4M", before)
    assert boot.variables is not None, boot.serial[-400:]
    assert not {"PK", "KEK", "db", "dbx"} & live(boot.after)
    assert "Probe" in live(boot.after)


def test_a_recovered_store_boots_with_all_that_was_behind_the_break():
    recovery = recover(real_store("dead-record-name-size"))
    boot = booted("4M", not_enforced(recovery.data))
    assert boot.variables is not None, boot.serial[-400:]
    assert {"PK", "KEK", "db", "dbx", "Probe"} <= live(boot.after)


def test_a_dead_record_that_overruns_is_cleaned_up():
    before = real_store("record-over-in-dead")
    boot = booted("4M", before)
    assert {"Kept", "Kept2", "Probe"} <= live(boot.after)
    assert "dead-record-overruns" not in {f.id for f in read_store(boot.after).findings}


def test_a_nul_in_a_name_hides_what_stands_behind_it():
    store = patched(pristine("4M"), 0x64, record("A\0B", b"1") + record("Behind", b"2"))
    boot = booted("4M", store)
    assert boot.variables is not None, boot.serial[-400:]
    listed = {name for _guid, name in boot.variables}
    assert not {"Behind", "Probe"} & listed
    assert {"Behind", "Probe"} <= live(boot.after)


def test_arm_firmware_minds_no_missing_write_status():
    data = arm(record("Kept", b"1"))
    attributes = int.from_bytes(data[0x2C:0x30], "little") & ~0x20
    boot = booted(
        "AAVMF", with_volume_checksum(patched(data, 0x2C, attributes.to_bytes(4, "little")))
    )
    assert boot.variables is not None, boot.serial[-400:]
    assert {"Kept", "Probe"} <= live(boot.after)
