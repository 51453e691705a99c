import json

import pytest

from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.machine.sorting_out import needs_sorting, sort_out
from ovmfgui.refusal import Refused


def quiet(_done, _total, _text=""):
    pass


@pytest.fixture
def folder(tmp_path):
    for build in ("2m", "4m"):
        made = synthetic_package(build)
        (tmp_path / f"CODE-{build}.fd").write_bytes(made.code)
        (tmp_path / f"VARS-{build}.fd").write_bytes(made.vars)
    return tmp_path


def test_one_file_needs_no_sorting_a_folder_does(folder):
    assert not needs_sorting([str(folder / "CODE-2m.fd")])
    assert needs_sorting([str(folder)])
    assert needs_sorting([str(folder / "CODE-2m.fd"), str(folder / "VARS-2m.fd")])


def test_a_code_and_its_store_are_one_in_any_order(folder):
    paths = [str(folder / "VARS-4m.fd"), str(folder / "CODE-4m.fd")]
    (offer,) = sort_out(paths, quiet).offers
    assert set(offer.paths) == set(paths)


def test_two_that_are_no_pair_are_told_apart(folder):
    found = sort_out([str(folder / "CODE-2m.fd"), str(folder / "CODE-4m.fd")], quiet)
    assert [offer.title for offer in found.offers] == ["CODE-2m.fd", "CODE-4m.fd"]
    assert found.why == (
        "CODE-2m.fd is a CODE image, CODE-4m.fd is a CODE image: these make no pair."
    )


def test_a_folder_offers_what_is_in_it(folder):
    found = sort_out([str(folder)], quiet)
    assert len(found.offers) == 4
    assert found.why == f"{folder.name} holds 4 images or pairs."


def test_a_folder_with_one_pair_described_is_opened_at_once(tmp_path, folder):
    described = tmp_path / "described"
    described.mkdir()
    mapping = {
        "device": "flash",
        "mode": "split",
        "executable": {"filename": str(folder / "CODE-4m.fd"), "format": "raw"},
        "nvram-template": {"filename": str(folder / "VARS-4m.fd"), "format": "raw"},
    }
    (described / "50-x.json").write_text(
        json.dumps({"description": "4M build", "mapping": mapping, "targets": [], "features": []})
    )
    (offer,) = sort_out([str(described)], quiet).offers
    assert offer.title == "4M build"


def test_a_folder_with_nothing_is_refused(tmp_path):
    with pytest.raises(Refused, match="holds no flash image"):
        sort_out([str(tmp_path)], quiet)
