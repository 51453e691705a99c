import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovmfgui.machine.descriptors import (
    descriptor_folders,
    installed_descriptors,
    machine_described,
    read_descriptor,
)
from ovmfgui.refusal import Refused


def describe(folder, name, description="firmware", **mapping):
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "description": description,
        "mapping": mapping or {"device": "memory", "filename": "/firmware.fd"},
        "targets": [{"architecture": "x86_64", "machines": ["pc-q35-*"]}],
        "features": ["secure-boot"],
    }
    (folder / name).write_text(json.dumps(content))


def test_folders_by_priority():
    folders = descriptor_folders({"XDG_CONFIG_HOME": "/c", "HOME": "/h"})
    assert folders[0] == Path("/c/qemu/firmware")
    assert descriptor_folders({"HOME": "/h"})[0] == Path("/h/.config/qemu/firmware")
    assert folders[-1] == Path("/usr/share/qemu/firmware")


def test_a_file_hides_its_namesake_and_an_empty_one_removes_it(tmp_path):
    high, low = tmp_path / "high", tmp_path / "low"
    describe(high, "50-a.json", "mine")
    describe(low, "50-a.json", "hidden")
    describe(low, "40-b.json", "first by name")
    describe(low, "60-c.json", "masked")
    (high / "60-c.json").write_text("")
    found = installed_descriptors([high, low])
    assert [d.description for d in found] == ["first by name", "mine"]


def test_a_split_mapping(tmp_path):
    describe(
        tmp_path,
        "a.json",
        device="flash",
        executable={"filename": "/c.fd", "format": "raw"},
        **{"nvram-template": {"filename": "/v.qcow2", "format": "qcow2"}},
    )
    found = read_descriptor(tmp_path / "a.json")
    assert found.files == ("/c.fd", "/v.qcow2")
    assert found.formats == ("raw", "qcow2")
    assert (found.device, found.mode) == ("flash", "split")
    assert found.targets[0].architecture == "x86_64"


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"mapping": 3}', "{" * 3000, '{"mapping": {"device": "flash"}}']
)
def test_what_is_no_descriptor_is_refused_in_one_line(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(Refused) as refusal:
        read_descriptor(path)
    assert "\n" not in str(refusal.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["mapping", "device", "executable", "filename", "targets", "features"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_read_or_refused(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("any") / "x.json"
    path.write_text(json.dumps(value))
    try:
        read_descriptor(path)
    except Refused:
        return


@pytest.mark.firmware
def test_debians_descriptors_name_files_that_are_there():
    found = installed_descriptors([Path("/usr/share/qemu/firmware")])
    assert len(found) >= 8
    missing = [Path(d.path).name for d in found for file in d.files if not Path(file).exists()]
    # Debian 12's descriptor names an AAVMF_CODE.secboot.fd that its package does not ship.
    assert missing in ([], ["50-edk2-aarch64-secure.json"])
    assert [d.path for d in found] == sorted(d.path for d in found)


def test_words_of_a_mapping_that_are_not_known_are_named(tmp_path):
    path = tmp_path / "x.json"
    mapping = {"device": "memory", "filename": "/x.fd", "igvm": "/x.igvm"}
    path.write_text(json.dumps({"mapping": mapping}))
    made = machine_described(read_descriptor(path))
    assert [each.text for each in made.not_understood] == ['"igvm"']
