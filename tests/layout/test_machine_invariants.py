"""What holds for every machine, however its store is mapped and whatever is in it."""

from __future__ import annotations

import pytest
from debian_firmware import CODE_2M, CODE_4M, CODE_4M_SECBOOT
from stores import DATA, real_store

from ovmfgui.finding import Severity
from ovmfgui.layout.machine_verdict import check_machine
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.machine.opening import open_machine
from ovmfgui.nvram.reading import read_store

pytestmark = pytest.mark.firmware

STORES = sorted(path.name.removesuffix(".fd.xz") for path in DATA.glob("*.fd.xz"))
PC = "qemu-system-x86_64 -M q35 -drive if=pflash,unit=0,format=raw,readonly=on,file={code} "
SECOND = "-drive if=pflash,unit=1,format=raw,file={store}"
UNIFIED = "qemu-system-x86_64 -M q35 -drive if=pflash,unit=0,format=raw,file={unified}"
DOMAIN = (
    "<domain type='qemu'><name>t</name><os><type arch='x86_64' machine='q35'>hvm</type>"
    "<loader type='pflash' readonly='yes'{said}>{{{code}}}</loader>{nvram}</os></domain>"
)
FORMS = {
    "plain": PC + SECOND,
    "read-only": PC + SECOND + ",readonly=on",
    "thrown away": PC + SECOND + " -snapshot",
    "in part": PC + SECOND + ",size=540672",
    "unified": UNIFIED,
    "unified, read-only": UNIFIED + ",readonly=on",
    "stateless": DOMAIN.format(said=" stateless='yes'", code="unified", nvram=""),
    "domain": DOMAIN.format(said="", code="code", nvram="<nvram>{store}</nvram>"),
    "made anew": DOMAIN.format(
        said="", code="code", nvram="<nvram template='{store}'>{store}.gone</nvram>"
    ),
}


@pytest.mark.parametrize("code", [CODE_4M, CODE_4M_SECBOOT, CODE_2M], ids=lambda path: path.stem)
@pytest.mark.parametrize("name", STORES)
def test_an_error_in_the_store_forbids_fits(name, code, tmp_path):
    data = real_store(name)
    store, unified = tmp_path / "store", tmp_path / "unified"
    store.write_bytes(data)
    unified.write_bytes(data + code.read_bytes())
    faulty = any(f.severity is Severity.ERROR for f in read_store(data).findings)
    for form, text in FORMS.items():
        definition = tmp_path / "definition"
        definition.write_text(text.format(code=code, store=store, unified=unified))
        opened = open_machine([definition])
        assert opened is not None
        verdict = check_machine(opened)
        told = (form, verdict.summary)
        errors = [f for f in verdict.findings if f.severity is Severity.ERROR]
        assert not (verdict.fit is Fit.FITS and (faulty or errors)), told
        assert (verdict.fit is Fit.INCOMPATIBLE) <= bool(errors), told
        if "read-only" in form or form == "thrown away":
            assert verdict.fit is not Fit.FITS, told
            assert verdict.outcome not in (Outcome.BOOTS, Outcome.WIPED), told
        if "agree about" in verdict.summary:
            assert verdict.expects is not None, told
            assert None not in (
                verdict.expects.layout.variable_size,
                verdict.expects.layout.ftw_working_offset,
                verdict.expects.layout.ftw_spare_offset,
            ), told
