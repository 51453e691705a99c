"""Domains that libvirt takes, and domains that it refuses: the verdict knows which."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from debian_firmware import CODE_2M, CODE_4M, CODE_4M_SECBOOT, CODE_AA64, UNIFIED_2M, VARS_4M
from libvirt_hosts import LibvirtHost, unavailable

from ovmfgui.layout.machine_verdict import check_machine
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.machine.opening import open_machine

if TYPE_CHECKING:
    import subprocess

pytestmark = [
    pytest.mark.firmware,
    pytest.mark.skipif(bool(unavailable()), reason=f"a libvirt host of its own {unavailable()}"),
    pytest.mark.xdist_group("libvirt"),
]

DOMAIN = (
    "<domain type='{hypervisor}'><name>{name}</name><memory unit='MiB'>128</memory>"
    "<os{firmware}><type{arch}{machine}>hvm</type>{os}</os><features><acpi/>{features}</features>"
    "<devices><emulator>/usr/bin/qemu-system-{emulator}</emulator></devices></domain>"
)
Q35, PC = " machine='q35'", " machine='pc'"
X64 = " arch='x86_64'"
ON, OFF = "<smm state='on'/>", "<smm state='off'/>"
AUTO = " firmware='efi'"
# {store} is a store that fits, {own} a path where none is.
NVRAM = "<nvram>{store}</nvram>"


QEMU_EFI = "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd"


def loader(code: object = CODE_4M, said: str = "readonly='yes' type='pflash'") -> str:
    return f"<loader {said}>{code}</loader>"


def domain(
    os: str,
    features: str = "",
    machine: str = Q35,
    arch: str = X64,
    emulator: str = "x86_64",
    firmware: str = "",
    hypervisor: str = "qemu",
) -> str:
    return DOMAIN.format(
        hypervisor=hypervisor,
        name="{name}",
        firmware=firmware,
        arch=arch,
        machine=machine,
        os=os,
        features=features,
        emulator=emulator,
    )


PFLASH = "readonly='yes' type='pflash'"
SECURE = loader(CODE_4M_SECBOOT, f"{PFLASH} secure='yes'") + NVRAM
TAKEN = {
    "plain": domain(loader() + NVRAM),
    "smm": domain(loader(CODE_4M_SECBOOT) + NVRAM),
    "secure": domain(SECURE, ON),
    "no-architecture": domain(loader() + NVRAM, arch="", machine=""),
    "source-file": domain(f"{loader()}<nvram type='file'><source file='{{store}}'/></nvram>"),
    "made-from-template": domain(f"{loader()}<nvram template='{VARS_4M}'>{{own}}</nvram>"),
    "stateless": domain(loader(CODE_4M, f"{PFLASH} stateless='yes'")),
    "writable-code": domain(loader(CODE_4M, "readonly='no' type='pflash'") + NVRAM),
    "no-store": domain(loader(CODE_4M, "type='pflash'")),
    "rom": domain(loader(UNIFIED_2M, "type='rom'")),
    "rom-on-arm": domain(
        loader(QEMU_EFI, "type='rom'") + NVRAM,
        machine=" machine='virt'",
        arch=" arch='aarch64'",
        emulator="aarch64",
    ).replace("<acpi/>", ""),
    "rom-of-code": domain(loader(CODE_2M, "readonly='yes'")),
    "smm-on-i440fx": domain(loader(CODE_4M_SECBOOT) + NVRAM, ON, PC),
    "two-stores": domain(loader() + NVRAM + "<nvram>{own}</nvram>"),
    "chosen": domain("", firmware=AUTO),
    "chosen-on-i440fx": domain(NVRAM, machine=PC, firmware=AUTO),
}
REFUSED = {
    "no-type": domain(loader(CODE_4M, "readonly='yes'") + NVRAM),
    "no-type-secure": domain(loader(CODE_4M_SECBOOT, "readonly='yes' secure='yes'") + NVRAM, ON),
    "no-type-stateless": domain(loader(CODE_4M, "readonly='yes' stateless='yes'")),
    "rom-with-nvram": domain(loader(CODE_4M, "readonly='yes' type='rom'") + NVRAM),
    "stateless-with-nvram": domain(loader(CODE_4M, f"{PFLASH} stateless='yes'") + NVRAM),
    "smm-maybe": domain(loader() + NVRAM, "<smm state='maybe'/>"),
    "readonly-on": domain(loader(CODE_4M, "readonly='on' type='pflash'") + NVRAM),
    "stateless-true": domain(loader(CODE_4M, f"{PFLASH} stateless='true'")),
    "microvm": domain(loader() + NVRAM, machine=" machine='microvm'"),
    "isapc": domain(loader() + NVRAM, machine=" machine='isapc'"),
    "unified-without-template": domain(loader(UNIFIED_2M)),
    "code-gone": domain(loader("/usr/share/OVMF/gone.fd") + NVRAM),
    "template-gone": domain(f"{loader()}<nvram template='/gone/VARS.fd'>{{own}}</nvram>"),
    "store-of-another-size": domain(
        loader(CODE_AA64) + NVRAM,
        machine=" machine='virt'",
        arch=" arch='aarch64'",
        emulator="aarch64",
    ),
}
NOT_CERTAIN = {
    "secure-without-smm": domain(SECURE),
    "chosen-with-smm-off": domain("", OFF, firmware=AUTO),
    "chosen-stateless": domain("<loader stateless='yes'/>", machine=PC, firmware=AUTO),
    "chosen-written": domain("<loader readonly='no'/>", firmware=AUTO),
    "arm-without-machine": domain(
        loader(CODE_AA64) + NVRAM, machine="", arch=" arch='aarch64'", emulator="aarch64"
    ),
    "type-of-the-future": domain(loader(CODE_4M, "readonly='yes' type='flash'") + NVRAM),
    "other-hypervisor": domain(loader() + NVRAM, hypervisor="bhyve"),
}
"""Refused by libvirt 9.0; what another version does, differs or is not known."""
BEFORE_THAT_IT_HANGS = {
    "secure-on-i440fx": domain(SECURE, ON, PC),
    "secure-with-smm-off": domain(SECURE, OFF),
}
"""Refused too; the verdict says what becomes of such a machine where it is let in."""


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    made = LibvirtHost(tmp_path_factory.mktemp("host") / "h", "taking", {})
    yield made
    made.stop()


@pytest.fixture
def answers(host, tmp_path):
    """Asks the program and libvirt: the verdict, and libvirt's words where it refuses."""
    store = tmp_path / "store.fd"
    shutil.copy(VARS_4M, store)

    def ask(name, xml):
        path = tmp_path / "domain.xml"
        text = xml.format(name=name, store=store, own=tmp_path / "own.fd")
        path.write_text(text)
        opened = open_machine([path])
        assert opened is not None
        verdict = check_machine(opened)
        defined = host.virsh("define", path)
        if defined.returncode:
            return verdict, defined.stderr
        begun: subprocess.CompletedProcess[str] = host.virsh("start", name, "--paused")
        host.virsh("destroy", name)
        host.virsh("undefine", name, "--keep-nvram")
        return verdict, begun.stderr if begun.returncode else ""

    return ask


@pytest.mark.parametrize("name", TAKEN)
def test_libvirt_takes_it(name, answers):
    verdict, words = answers(name, TAKEN[name])
    assert not words
    assert verdict.outcome not in (Outcome.REFUSED_BY_QEMU, Outcome.UNKNOWN), verdict.summary


def test_a_rom_has_no_store_beside_it(host, answers):
    """What libvirt passes to QEMU, and what is said of it."""
    verdict, words = answers("rom-on-arm", TAKEN["rom-on-arm"])
    assert not words
    log = (host.folder / "log/qemu/rom-on-arm.log").read_text()
    assert "-bios" in log
    assert "pflash" not in log
    assert verdict.outcome in (Outcome.BOOTS_VOLATILE, Outcome.NO_BOOT)
    assert any("is not mapped" in finding.text for finding in verdict.findings)


@pytest.mark.parametrize("name", REFUSED)
def test_libvirt_refuses_it(name, answers):
    verdict, words = answers(name, REFUSED[name])
    assert words
    assert (verdict.fit, verdict.outcome) == (Fit.INCOMPATIBLE, Outcome.REFUSED_BY_QEMU)


@pytest.mark.parametrize("name", NOT_CERTAIN)
def test_what_one_version_refuses_is_not_certain(name, answers):
    verdict, words = answers(name, NOT_CERTAIN[name])
    assert words
    assert verdict.fit is Fit.UNKNOWN, verdict.summary


@pytest.mark.parametrize("name", BEFORE_THAT_IT_HANGS)
def test_what_is_refused_would_hang(name, answers):
    verdict, words = answers(name, BEFORE_THAT_IT_HANGS[name])
    assert "Secure boot" in words
    assert (verdict.fit, verdict.outcome) == (Fit.INCOMPATIBLE, Outcome.NO_BOOT)
