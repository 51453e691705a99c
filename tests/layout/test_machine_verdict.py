"""The verdict on machines: definitions of real hosts, and one statement each that decides."""

from __future__ import annotations

import json
import lzma
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ovmfgui.layout.machine_verdict import check_machine
from ovmfgui.layout.verdict import Fit, Outcome, Verdict
from ovmfgui.machine.opening import open_machine
from ovmfgui.refusal import Refused

pytestmark = pytest.mark.firmware

DOMAINS = Path(__file__).parents[1] / "data" / "domains"
SHARE = Path("/usr/share/OVMF")
BAD, RISKY, FITS, UNKNOWN = Fit.INCOMPATIBLE, Fit.RISKY, Fit.FITS, Fit.UNKNOWN


def verdict_on(path: Path, root: Path | None = None) -> Verdict:
    opened = open_machine([path], None if root is None else str(root))
    assert opened is not None
    return check_machine(opened)


@pytest.mark.parametrize(
    ("name", "fit", "outcome", "rule"),
    [
        ("i440-secboot.xml", BAD, Outcome.NO_BOOT, "smm-missing"),
        ("i440fx-smm.xml", BAD, Outcome.NO_BOOT, "smm-missing"),
        ("loader-gone.xml", BAD, Outcome.REFUSED_BY_QEMU, "code-missing"),
        ("memory.json", FITS, Outcome.BOOTS_VOLATILE, "rom-volatile-declared"),
        ("nvram-gone.xml", RISKY, Outcome.BOOTS, "store-made-anew"),
        ("nvram-is-template.xml", RISKY, Outcome.BOOTS, "store-is-template"),
        ("nvram-missing.xml", RISKY, Outcome.BOOTS, "store-made-anew"),
        ("rom.xml", BAD, Outcome.BOOTS_VOLATILE, "rom-volatile"),
        ("swapped.xml", BAD, Outcome.NO_BOOT, "store-as-firmware"),
        ("uefi-vars-descriptor.json", BAD, Outcome.BOOTS_VOLATILE, "uefi-vars-unused"),
        ("unified-and-vars.xml", BAD, Outcome.BOOTS_VOLATILE, "unified-beside-store"),
        ("varstore.xml", BAD, Outcome.BOOTS_VOLATILE, "uefi-vars-unused"),
    ],
)
def test_one_statement_decides(name, fit, outcome, rule):
    verdict = verdict_on(DOMAINS / name)
    assert (verdict.fit, verdict.outcome, verdict.findings[0].id) == (fit, outcome, rule)


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    """A tree like the hosts' of the definitions, each domain with a store of its own."""
    root = tmp_path_factory.mktemp("host")
    for folder in (
        "usr/share/OVMF",
        "usr/share/ovmf",
        "usr/share/AAVMF",
        "usr/share/qemu/firmware",
    ):
        shutil.copytree(f"/{folder}", root / folder, symlinks=True)
    nvram = root / "var/lib/libvirt/qemu/nvram"
    serial = root / "var/log/serial"
    nvram.mkdir(parents=True)
    serial.mkdir(parents=True)
    for name, template in (
        ("auto", "OVMF_VARS_4M.ms.fd"),
        ("auto-sb", "OVMF_VARS_4M.ms.fd"),
        ("auto-nosb", "OVMF_VARS_4M.fd"),
        ("two-m", "OVMF_VARS.fd"),
        ("i440", "OVMF_VARS_4M.fd"),
    ):
        shutil.copy(SHARE / template, nvram / f"{name}_VARS.fd")
    shutil.copy("/usr/share/AAVMF/AAVMF_VARS.ms.fd", nvram / "arm_VARS.fd")
    for name in ("explicit", "filetype", "mixed"):
        shutil.copy(SHARE / "OVMF_VARS_4M.fd", serial / f"{name}_VARS.fd")
    # What the hosts really had there: a 2M store for the domain that mixes layouts.
    shutil.copy(SHARE / "OVMF_VARS.fd", serial / "mixed_VARS.fd")
    convert = ["qemu-img", "convert", "-O", "qcow2", SHARE / "OVMF_VARS_4M.fd"]
    subprocess.run([*convert, serial / "qcow2nv_VARS.qcow2"], check=True)
    return root


EXPECTED = {
    "arm": (FITS, Outcome.BOOTS),
    "auto": (FITS, Outcome.BOOTS),
    "auto-sb": (FITS, Outcome.BOOTS),
    "auto-nosb": (FITS, Outcome.BOOTS),
    "explicit": (FITS, Outcome.BOOTS),
    "filetype": (FITS, Outcome.BOOTS),
    "i440": (FITS, Outcome.BOOTS),
    "mixed": (BAD, Outcome.BOOTS_VOLATILE),
    "rom": (BAD, Outcome.BOOTS_VOLATILE),
    "stateless": (FITS, Outcome.BOOTS_VOLATILE),
    "two-m": (FITS, Outcome.BOOTS),
}


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(DOMAINS.glob("host-*/*.xml")) if "capabilities" not in path.name],
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_domains_of_two_real_hosts(path, host):
    verdict = verdict_on(path, host)
    name = path.name.partition(".")[0]
    if name == "qcow2nv":
        # libvirt 9.0 drops format='qcow2' and passes raw; 11.3 keeps it.
        debian12 = path.parent.name == "host-debian12"
        expected = (BAD, Outcome.NO_BOOT) if debian12 else (FITS, Outcome.BOOTS)
        assert (verdict.fit, verdict.outcome) == expected
        assert ("is destroyed" in verdict.summary) == debian12
        return
    assert (verdict.fit, verdict.outcome) == EXPECTED[name]


@pytest.mark.parametrize("name", ["auto", "auto-sb", "auto-nosb"])
def test_libvirt_chooses_what_the_running_domain_shows(name, host):
    folder = DOMAINS / "host-debian12"
    chosen = open_machine([folder / f"{name}.inactive.xml"], str(host))
    live = open_machine([folder / f"{name}.live.xml"], str(host))
    assert chosen is not None
    assert live is not None
    assert chosen.machine.firmware is not None
    assert live.machine.firmware is not None
    assert chosen.machine.firmware.path == live.machine.firmware.path
    assert chosen.machine.store.path == live.machine.store.path
    assert chosen.machine.store.template == live.machine.store.template
    assert chosen.machine.smm == live.machine.smm


def test_a_definition_in_a_tree_names_the_trees_files(host, tmp_path):
    shutil.copytree(host, tmp_path / "tree", symlinks=True)
    gone = tmp_path / "tree/usr/share/OVMF/OVMF_CODE_4M.fd"
    gone.unlink()
    descriptor = tmp_path / "tree/usr/share/qemu/firmware/60-edk2-x86_64.json"
    verdict = verdict_on(descriptor)
    assert verdict.outcome is Outcome.REFUSED_BY_QEMU
    assert "does not exist" in verdict.summary


def test_a_store_that_cannot_be_read_is_not_judged_by_its_template(host, tmp_path, monkeypatch):
    store = host / "var/lib/libvirt/qemu/nvram/auto-nosb_VARS.fd"
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: str(path) != str(store) and real(path, mode)
    )
    verdict = verdict_on(DOMAINS / "host-debian12/auto-nosb.inactive.xml", host)
    assert (verdict.fit, verdict.outcome) == (UNKNOWN, Outcome.UNKNOWN)
    assert "cannot be read" in verdict.summary


def descriptor_verdict(folder: Path, mapping: dict[str, object], **said: object) -> Verdict:
    path = folder / "descriptor.json"
    content = {
        "description": "x",
        "interface-types": ["uefi"],
        "mapping": mapping,
        "targets": [{"architecture": "x86_64", "machines": ["pc-q35-*"]}],
        "features": [],
        "tags": [],
    }
    path.write_text(json.dumps(content | said))
    return verdict_on(path)


def split_mapping(code: str, **said: str) -> dict[str, object]:
    return {
        "device": "flash",
        "executable": {"filename": str(SHARE / code), "format": "raw"},
        "nvram-template": {"filename": str(SHARE / "OVMF_VARS_4M.fd"), "format": "raw"},
        **said,
    }


def targets(*patterns: str, architecture: str = "x86_64") -> list[dict[str, object]]:
    return [{"architecture": architecture, "machines": list(patterns)}]


SECBOOT, PLAIN = "OVMF_CODE_4M.secboot.fd", "OVMF_CODE_4M.fd"


@pytest.mark.parametrize(
    ("code", "patterns", "fit", "outcome"),
    [
        (SECBOOT, ("pc-q35-*",), FITS, Outcome.BOOTS),
        (SECBOOT, ("pc-i440fx-*", "pc-q35-*"), RISKY, Outcome.BOOTS),
        (SECBOOT, ("pc-*",), BAD, Outcome.NO_BOOT),
        (SECBOOT, ("pc-i440fx-*",), BAD, Outcome.NO_BOOT),
        (PLAIN, ("pc-i440fx-*", "pc-q35-*"), FITS, Outcome.BOOTS),
        (PLAIN, ("microvm",), BAD, Outcome.REFUSED_BY_QEMU),
    ],
)
def test_a_descriptor_is_for_boards_that_its_code_runs_on(code, patterns, fit, outcome, tmp_path):
    verdict = descriptor_verdict(tmp_path, split_mapping(code), targets=targets(*patterns))
    assert (verdict.fit, verdict.outcome) == (fit, outcome), verdict.summary


def test_a_descriptor_for_two_architectures_and_for_another(tmp_path):
    both = targets("pc-q35-*", architecture="i386") + targets("pc-q35-*")
    assert descriptor_verdict(tmp_path, split_mapping(PLAIN), targets=both).fit is FITS
    arm = targets("virt-*", architecture="aarch64")
    assert descriptor_verdict(tmp_path, split_mapping(PLAIN), targets=arm).fit is BAD


def test_a_mode_of_the_future_and_firmware_without_uefi(tmp_path):
    future = descriptor_verdict(tmp_path, split_mapping(PLAIN, mode="layered"))
    assert (future.fit, future.findings[0].id) == (UNKNOWN, "statement-not-understood")
    bios = {"device": "memory", "filename": "/usr/share/seabios/bios-256k.bin"}
    with pytest.raises(Refused, match="without UEFI"):
        descriptor_verdict(tmp_path, bios, **{"interface-types": ["bios"]})


@pytest.mark.parametrize(
    ("words", "fit"),
    [
        ("-drive if=pflash,unit=1,format=raw,file={raw}", FITS),
        ("-drive if=pflash,unit=1,format=qcow2,file={qcow2}", FITS),
        ("-drive if=pflash,unit=1,file={qcow2}", FITS),
        ("-drive if=pflash,unit=1,format=vmdk,file={raw}", UNKNOWN),
        ("-drive if=pflash,unit=1,format=qcow2,file={raw}", BAD),
        ("-drive if=pflash,unit=1,format=raw,file={xz}", BAD),
        ("-drive if=pflash,unit=1,file={xz}", BAD),
        ("-M q35,pflash1=v -blockdev driver=file,node-name=v,filename={raw}", FITS),
        ("-M q35,pflash1=v -blockdev driver=file,node-name=v,filename={xz}", BAD),
        (
            "-M q35,pflash1=v -blockdev driver=vdi,node-name=v,file.driver=file,"
            "file.filename={raw}",
            UNKNOWN,
        ),
    ],
)
def test_a_file_is_read_as_qemu_would(words, fit, tmp_path):
    names = {form: tmp_path / f"vars.{form}" for form in ("raw", "qcow2", "xz")}
    shutil.copy(SHARE / "OVMF_VARS_4M.fd", names["raw"])
    # As long as a flash chip may be.
    packed = lzma.compress(names["raw"].read_bytes())
    names["xz"].write_bytes(packed.ljust(4096, b"\0"))
    convert = ["qemu-img", "convert", "-O", "qcow2", names["raw"], names["qcow2"]]
    subprocess.run(convert, check=True)
    command = tmp_path / "command"
    first = f"-drive if=pflash,unit=0,readonly=on,format=raw,file={SHARE / PLAIN}"
    command.write_text(f"qemu-system-x86_64 {first} {words.format(**names)}")
    assert verdict_on(command).fit is fit


@pytest.mark.parametrize(
    "arguments",
    ["-M sbsa-ref", "-M raspi3b", "-M virt,secure=on", "-M none", "-M xlnx-versal-virt"],
)
def test_a_board_that_is_not_known_is_not_judged(arguments, tmp_path):
    command = tmp_path / "command"
    drives = " ".join(
        f"-drive if=pflash,unit={unit},format=raw,file=/usr/share/AAVMF/AAVMF_{name}.fd"
        for unit, name in enumerate(("CODE", "VARS"))
    )
    command.write_text(f"qemu-system-aarch64 -cpu cortex-a57 {arguments} {drives}")
    assert verdict_on(command).fit is UNKNOWN


@pytest.mark.parametrize(
    ("said", "fit", "outcome"),
    [
        ("", BAD, Outcome.NO_BOOT),
        (" templateFormat='raw'", BAD, Outcome.NO_BOOT),
        (" templateFormat='qcow2' format='qcow2'", RISKY, Outcome.BOOTS),
    ],
)
def test_a_template_is_copied_as_it_is_declared(said, fit, outcome, tmp_path):
    template = tmp_path / "VARS.qcow2"
    convert = ["qemu-img", "convert", "-O", "qcow2", SHARE / "OVMF_VARS_4M.fd", template]
    subprocess.run(convert, check=True)
    definition = tmp_path / "guest.xml"
    definition.write_text(
        "<domain type='qemu'><name>t</name><os><type arch='x86_64' machine='q35'>hvm</type>"
        f"<loader type='pflash' readonly='yes'>{SHARE / PLAIN}</loader>"
        f"<nvram template='{template}'{said}>{tmp_path}/own.fd</nvram></os></domain>"
    )
    verdict = verdict_on(definition)
    assert (verdict.fit, verdict.outcome) == (fit, outcome), verdict.summary
