import json

import pytest
from debian_firmware import OVMF
from stores import VENDOR
from synthetic_images import device_code

from ovmfgui.hosts.matrix import gather, matrix
from ovmfgui.hosts.package_reading import package_pairs
from ovmfgui.layout.fit import check_image
from ovmfgui.layout.synthetic import BUILDS, synthetic_package
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.machine.opening import open_image
from ovmfgui.refusal import Refused


@pytest.fixture
def folder(tmp_path):
    for build in ("2m", "4m", "4m-secboot"):
        made = synthetic_package(build)
        (tmp_path / f"CODE-{build}.fd").write_bytes(made.code)
        (tmp_path / f"VARS-{build}.fd").write_bytes(made.vars)
    (tmp_path / "unified.fd").write_bytes(
        synthetic_package("2m").vars + synthetic_package("2m").code
    )
    (tmp_path / "broken.fd").write_bytes(b"no firmware")
    (tmp_path / "link.fd").symlink_to("CODE-2m.fd")
    return tmp_path


def test_every_code_meets_every_store_once(folder):
    found = matrix([folder])
    assert len(found.codes) == 3
    assert len(found.stores) == 3
    for code, row in zip(found.codes, found.cells, strict=True):
        for store, verdict in zip(found.stores, row, strict=True):
            builds = [
                BUILDS[p[p.index("-") + 1 : -3]] for p in (_name(code.path), _name(store.path))
            ]
            assert (verdict.fit is Fit.FITS) == (builds[0].layout == builds[1].layout)


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def test_what_is_neither_is_named(folder):
    lines = [each.line for each in matrix([folder]).passed_over]
    assert len(lines) == 2
    assert any("unified image" in line for line in lines)
    assert any("broken.fd" in line for line in lines)


def test_a_file_keeps_its_own_name_where_a_link_leads_to_it(folder):
    assert not any(code.path.endswith("link.fd") for code in matrix([folder]).codes)


def test_nothing_to_compare_is_refused(tmp_path):
    (tmp_path / "CODE.fd").write_bytes(synthetic_package("2m").code)
    with pytest.raises(Refused, match="no variable store"):
        matrix([tmp_path])


def test_pairs_of_a_package_are_those_that_fit(folder):
    pairs = package_pairs(gather([folder]))
    assert len(pairs) == 1 + 2 * 2
    assert all(p.code.expects.layout.fv_length == p.store.size for p in pairs)


@pytest.mark.firmware
def test_debians_folder():
    found = matrix([OVMF])
    assert (len(found.codes), len(found.stores)) == (5, 6)
    fits = sum(verdict.fit is Fit.FITS for row in found.cells for verdict in row)
    assert fits == 2 * 2 + 3 * 4


def test_a_definition_is_judged_as_a_machine_and_its_files_stay_out_of_the_grid(folder):
    xml = folder / "guest.xml"
    xml.write_text(
        "<domain type='kvm'><name>g</name><os><type arch='x86_64' machine='q35'>hvm</type>"
        f"<loader type='pflash' readonly='yes'>{folder}/CODE-4m.fd</loader>"
        f"<nvram>{folder}/VARS-2m.fd</nvram></os></domain>"
    )
    found = matrix([xml])
    assert not found.cells
    assert [each.verdict.fit for each in found.machines] == [Fit.INCOMPATIBLE]
    assert len(matrix([xml], all_pairs=True).verdicts) == 2


def test_stores_in_folders_below_count(folder):
    below = folder / "guests" / "one"
    below.mkdir(parents=True)
    (below / "nvram.fd").write_bytes(synthetic_package("2m").vars)
    assert any(store.path.endswith("one/nvram.fd") for store in matrix([folder]).stores)


def test_what_is_called_an_image_and_is_none_is_a_failure(folder):
    failed = {each.path.rpartition("/")[2]: each.failed for each in matrix([folder]).passed_over}
    assert failed == {"broken.fd": True, "unified.fd": False}


def test_matrix_and_check_read_the_same_file_alike(tmp_path):
    made = synthetic_package("4m")
    (tmp_path / "padded.fd").write_bytes(made.code + bytes(0x1000))
    (tmp_path / "front.fd").write_bytes(bytes(0x4000) + made.code)
    (tmp_path / "CODE.fd").write_bytes(made.code)
    (tmp_path / "VARS.fd").write_bytes(made.vars)
    found = matrix([tmp_path])
    assert len(found.codes) == 3
    for code, row in zip(found.codes, found.cells, strict=True):
        alone = check_image(open_image([code.path, tmp_path / "VARS.fd"]))
        assert (row[0].fit, row[0].outcome) == (alone.fit, alone.outcome)
        assert row[0].summary == alone.summary


def test_a_store_that_is_cut_off_is_a_failure(folder):
    whole = (folder / "VARS-4m.fd").read_bytes()
    (folder / "cut.fd").write_bytes(whole[: len(whole) // 2])
    (cut,) = [p for p in matrix([folder]).passed_over if p.path.endswith("cut.fd")]
    assert cut.failed
    assert "cut off" in cut.line


@pytest.fixture
def json_folder(folder):
    (folder / "CODE-device.fd").write_bytes(device_code())
    variable = {"name": "A", "guid": str(VENDOR), "attr": 7, "data": "01"}
    sound = {"version": 2, "variables": [variable]}
    (folder / "guest.json").write_text(json.dumps(sound))
    (folder / "nvram-without-suffix").write_text(json.dumps(sound | {"variables": [variable] * 2}))
    return folder


def test_json_stores_are_stores_like_others_found_by_their_content(json_folder):
    found = matrix([json_folder])
    codes = [_name(code.path) for code in found.codes]
    stores = [_name(store.path) for store in found.stores]
    assert {"guest.json", "nvram-without-suffix"} < set(stores)
    column = found.cells[codes.index("CODE-device.fd")]
    assert column[stores.index("guest.json")].fit is Fit.FITS
    assert column[stores.index("nvram-without-suffix")].fit is Fit.INCOMPATIBLE
    flash = found.cells[codes.index("CODE-4m.fd")][stores.index("guest.json")]
    assert flash.fit is Fit.INCOMPATIBLE
    for code, row in zip(found.codes, found.cells, strict=True):
        alone = check_image(open_image([code.path, str(json_folder / "guest.json")]))
        assert row[stores.index("guest.json")].summary == alone.summary


def test_definitions_are_read_in_the_tree_of_their_host(folder, tmp_path_factory):
    root = tmp_path_factory.mktemp("host")
    for name in ("CODE-4m.fd", "VARS-4m.fd"):
        place = root / "fw" / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes((folder / name).read_bytes())
    xml = tmp_path_factory.mktemp("elsewhere") / "guest.xml"
    xml.write_text(
        "<domain type='kvm'><name>g</name><os><type arch='x86_64' machine='q35'>hvm</type>"
        "<loader type='pflash' readonly='yes'>/fw/CODE-4m.fd</loader>"
        "<nvram>/fw/VARS-4m.fd</nvram></os></domain>"
    )
    assert matrix([xml]).machines[0].verdict.outcome is Outcome.REFUSED_BY_QEMU
    assert matrix([xml], root=str(root)).machines[0].verdict.fit is Fit.FITS
