"""Whether CODE enforces Secure Boot: witnessed in Debian's builds and in builds changed for it."""

from dataclasses import replace

import pytest
from debian_firmware import CODE_4M, CODE_4M_SECBOOT, CODE_AA64, CODE_IA32, VARS_4M, VARS_4M_MS

from ovmfgui.layout.enforcement import NO_CODE, checks_images, enforcement_of, in_machine
from ovmfgui.layout.fit import check_image
from ovmfgui.layout.modules import SECURITY_STUB_DXE, code_image
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.machine.model import Kind, Machine
from ovmfgui.machine.opening import open_image
from ovmfgui.nvram.vendors import IMAGE_SECURITY

GUID = IMAGE_SECURITY.bytes_le


@pytest.mark.firmware
@pytest.mark.parametrize("path", [CODE_4M, CODE_4M_SECBOOT, CODE_AA64, CODE_IA32])
def test_debians_builds_enforce(path):
    found = enforcement_of(open_image([path]))
    assert found.enforced is True
    assert "SecurityStubDxe" in found.why
    assert found.protected is (None if "secboot" in path.name else False)


def without_db(module):
    start, end = module.span.start, module.span.end
    data = module.data[:start] + module.data[start:end].replace(GUID, bytes(16)) + module.data[end:]
    return replace(module, data=data)


@pytest.mark.firmware
def test_builds_without_it_are_told_by_the_stub():
    """As a build without SECURE_BOOT_ENABLE has it: the stub is there and knows no db."""
    code = code_image(open_image([CODE_4M]))
    is_stub = [module.guid == SECURITY_STUB_DXE for module in code.modules]
    blind = [without_db(m) if stub else m for m, stub in zip(code.modules, is_stub, strict=True)]
    assert checks_images(replace(code, modules=tuple(blind))).enforced is False
    all_blind = tuple(map(without_db, code.modules))
    assert checks_images(replace(code, modules=all_blind)).enforced is False
    lacking = tuple(m for m, stub in zip(code.modules, is_stub, strict=True) if not stub)
    assert checks_images(replace(code, modules=lacking)).enforced is None
    # What cannot be read is not counted as absent.
    assert checks_images(replace(code, modules=code.modules[:1])).enforced is None
    assert checks_images(replace(code, modules=())).enforced is None


@pytest.mark.parametrize(
    ("smm", "machine", "protected"),
    [
        (False, None, False),
        (False, Machine(Kind.QEMU, secure=True), False),
        (True, None, None),
        (True, Machine(Kind.QEMU), None),
        (True, Machine(Kind.QEMU, secure=True), True),
        (True, Machine(Kind.QEMU, secure=False), False),
        (True, Machine(Kind.QEMU, secure=True, smm=False), False),
    ],
)
def test_keys_are_out_of_reach_with_smm_and_secure_flash(smm, machine, protected):
    assert in_machine(NO_CODE, machine, smm=smm).protected is protected


@pytest.mark.firmware
def test_check_tells_of_secure_boot_and_the_fit_stays(tmp_path):
    verdict = check_image(open_image([CODE_4M_SECBOOT, VARS_4M_MS]))
    assert str(verdict.fit) == "fits"
    ids = {finding.id for finding in verdict.findings}
    assert ids >= {"certificate-ended", "next-signer"}
    assert all(str(finding.severity) != "error" for finding in verdict.findings)
    setup = check_image(open_image([CODE_4M, VARS_4M]))
    assert {"setup-mode"} == {f.id for f in setup.findings if "setup" in f.id}
    unprotected = check_image(open_image([CODE_4M, VARS_4M_MS]))
    assert "keys-unprotected" in {finding.id for finding in unprotected.findings}


@pytest.mark.firmware
def test_keys_that_nothing_enforces_are_told(tmp_path):
    code = tmp_path / "CODE.fd"
    code.write_bytes(synthetic_package("4m").code)
    verdict = check_image(open_image([code, VARS_4M_MS]))
    assert "secure-boot-not-enforced" in {finding.id for finding in verdict.findings}
