"""The verdict on machines and pairs whose variables are in QEMU's uefi-vars device."""

import json
import os
import shutil
from pathlib import Path

import pytest
from stores import VENDOR
from synthetic_images import device_code, memory_file

from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.layout.fit import check_image
from ovmfgui.layout.inspection import inspect_files
from ovmfgui.layout.machine_verdict import check_machine
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.machine.opening import open_machine
from ovmfgui.machine.store_path import store_path
from ovmfgui.progress import silent

DATA = Path(__file__).parents[1] / "data" / "uefi-vars"
BAD, RISKY, FITS, UNKNOWN = Fit.INCOMPATIBLE, Fit.RISKY, Fit.FITS, Fit.UNKNOWN


def store(*entries, **more):
    return json.dumps({"version": 2, "variables": list(entries)} | more).encode()


def entry(name="A", data="01", attr=7, **more):
    return {"name": name, "guid": str(VENDOR), "attr": attr, "data": data} | more


SOUND = store(entry())


@pytest.mark.parametrize(
    ("data", "fit", "outcome", "rule"),
    [
        (SOUND, FITS, Outcome.BOOTS, "json-used"),
        (store(), FITS, Outcome.BOOTS, "json-used"),
        (store(entry(attr=6)), RISKY, Outcome.BOOTS, "json-used-warnings"),
        (store(entry(), entry()), BAD, Outcome.UNKNOWN, "json-faulty"),
        (store(entry(data="")), BAD, Outcome.UNKNOWN, "json-faulty"),
        (store(entry(colour=1)), BAD, Outcome.REFUSED_BY_QEMU, "json-refused"),
        (SOUND[:-2], BAD, Outcome.REFUSED_BY_QEMU, "json-refused"),
        (store(entry(data="0")), BAD, Outcome.REFUSED_BY_QEMU, "json-refused"),
    ],
)
def test_with_code_that_uses_the_device(data, fit, outcome, rule):
    files = [memory_file(device_code(), "CODE"), FlashFile("v", data, Format.JSON, Role.VARS)]
    verdict = check_image(image_of(files))
    assert (verdict.fit, verdict.outcome, verdict.findings[0].id) == (fit, outcome, rule)


@pytest.mark.parametrize(
    ("build", "outcome"), [("4m", Outcome.BOOTS_VOLATILE), ("4m-secboot", Outcome.NO_BOOT)]
)
def test_with_code_that_looks_in_flash(build, outcome):
    code = memory_file(synthetic_package(build).code, "CODE")
    verdict = check_image(image_of([code, FlashFile("v", SOUND, Format.JSON, Role.VARS)]))
    assert (verdict.fit, verdict.outcome) == (BAD, outcome)
    assert "convert" in verdict.advice


def test_padding_at_the_end_of_code_decides_here_too():
    code = memory_file(device_code() + b"\xff" * 4096, "CODE")
    verdict = check_image(image_of([code, FlashFile("v", SOUND, Format.JSON, Role.VARS)]))
    assert verdict.outcome is Outcome.NO_BOOT


@pytest.fixture
def machine(tmp_path):
    """A libvirt domain with the device; its files lie beside it."""
    (tmp_path / "CODE.fd").write_bytes(device_code())
    (tmp_path / "template.json").write_bytes(SOUND)
    definition = tmp_path / "domain.xml"
    definition.write_text(
        "<domain type='kvm'><name>t</name><os firmware='efi'>"
        "<type arch='x86_64' machine='pc-q35-10.0'>hvm</type>"
        f"<loader type='rom' format='raw'>{tmp_path}/CODE.fd</loader>"
        f"<varstore template='{tmp_path}/template.json' path='{tmp_path}/store.json'/>"
        "</os></domain>"
    )
    return definition


def judged(path):
    opened = open_machine([path])
    assert opened is not None
    return check_machine(opened)


@pytest.mark.parametrize(
    ("data", "fit", "outcome", "rule"),
    [
        (SOUND, FITS, Outcome.BOOTS, "uefi-vars"),
        (b"", FITS, Outcome.BOOTS, "uefi-vars"),
        (store(entry("ü")), RISKY, Outcome.BOOTS, "uefi-vars-warnings"),
        (store(entry(), entry()), BAD, Outcome.UNKNOWN, "uefi-vars-faulty"),
        (SOUND[:-2], BAD, Outcome.REFUSED_BY_QEMU, "uefi-vars-refused"),
        (bytes(4096), BAD, Outcome.REFUSED_BY_QEMU, "uefi-vars-not-json"),
        (None, RISKY, Outcome.BOOTS, "uefi-vars-made-anew"),
    ],
)
def test_a_domain_with_the_device(machine, data, fit, outcome, rule):
    if data is not None:
        machine.with_name("store.json").write_bytes(data)
    verdict = judged(machine)
    assert (verdict.fit, verdict.outcome, verdict.findings[0].id) == (fit, outcome, rule)


def test_neither_store_nor_template(machine):
    machine.with_name("template.json").unlink()
    assert judged(machine).findings[0].id == "uefi-vars-template-missing"


def test_a_store_that_may_not_be_read_is_unknown(machine, monkeypatch):
    machine.with_name("store.json").write_bytes(SOUND)
    allowed = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: "store.json" not in str(path) and allowed(path, mode)
    )
    assert judged(machine).fit is UNKNOWN


def test_the_device_on_a_command_line_makes_its_file(tmp_path):
    (tmp_path / "CODE.fd").write_bytes(device_code())
    command = tmp_path / "command"
    command.write_text(
        f"qemu-system-x86_64 -machine q35 -bios {tmp_path}/CODE.fd "
        f"-device uefi-vars-x64,jsonfile={tmp_path}/new.json"
    )
    verdict = judged(command)
    assert (verdict.fit, verdict.outcome) == (RISKY, Outcome.BOOTS_INITIALISES)
    assert verdict.findings[0].id == "uefi-vars-created"


def test_a_json_store_mapped_as_flash(tmp_path):
    for name, data in (("CODE.fd", synthetic_package("4m").code), ("store.json", SOUND)):
        (tmp_path / name).write_bytes(data)
    definition = tmp_path / "domain.xml"
    definition.write_text(
        "<domain type='kvm'><name>t</name><os>"
        "<type arch='x86_64' machine='pc-q35-7.2'>hvm</type>"
        f"<loader readonly='yes' type='pflash'>{tmp_path}/CODE.fd</loader>"
        f"<nvram>{tmp_path}/store.json</nvram></os></domain>"
    )
    verdict = judged(definition)
    assert (verdict.fit, verdict.findings[0].id) == (BAD, "json-as-flash")


def test_its_variables_are_the_machines(machine):
    shutil.copy(DATA / "varstore.json", machine.with_name("store.json"))
    inspection = inspect_files([machine], silent)
    assert inspection.store is not None
    assert [record.name for record in inspection.store.live] == ["Timeout"]
    assert store_path(str(machine)) == str(machine.with_name("store.json"))


@pytest.mark.parametrize(
    ("build", "how", "unified", "outcome", "rule"),
    [
        ("4m", "pflash", False, Outcome.BOOTS_VOLATILE, "uefi-vars-unused"),
        ("4m-secboot", "pflash", False, Outcome.NO_BOOT, "uefi-vars-unused-no-boot"),
        ("4m", "rom", False, Outcome.REFUSED_BY_QEMU, "rom-size"),
        ("2m", "rom", False, Outcome.BOOTS_VOLATILE, "uefi-vars-unused"),
        ("4m", "rom", True, Outcome.BOOTS_VOLATILE, "uefi-vars-unused"),
    ],
)
def test_code_that_never_asks_the_device(machine, build, how, unified, outcome, rule):
    package = synthetic_package(build)
    code = machine.with_name("CODE.fd")
    code.write_bytes(package.vars + package.code if unified else package.code)
    machine.with_name("store.json").write_bytes(SOUND)
    machine.write_text(machine.read_text().replace("type='rom'", f"type='{how}'"))
    verdict = judged(machine)
    assert (verdict.fit, verdict.outcome, verdict.findings[0].id) == (BAD, outcome, rule)
