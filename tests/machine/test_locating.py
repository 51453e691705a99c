import shutil
import subprocess

import pytest
from debian_firmware import CODE_4M, VARS_4M

from ovmfgui.flash.image import Format, Role
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.machine.locating import located, located_one
from ovmfgui.machine.opening import open_image
from ovmfgui.refusal import Refused


@pytest.fixture
def package(tmp_path):
    made = synthetic_package("4m")
    (tmp_path / "CODE.fd").write_bytes(made.code)
    (tmp_path / "VARS.fd").write_bytes(made.vars)
    return tmp_path


def domain(folder, os_element):
    path = folder / "guest.xml"
    path.write_text(f"<domain type='kvm'><name>guest</name>{os_element}</domain>")
    return path


def loader(folder):
    return f"<loader type='pflash' readonly='yes'>{folder}/CODE.fd</loader>"


def test_a_domain_with_its_private_store(package):
    xml = domain(package, f"<os>{loader(package)}<nvram>{package}/VARS.fd</nvram></os>")
    image = open_image([xml])
    assert image.role is Role.PAIR
    assert located([xml])[0].title == "guest"


def test_a_domain_with_the_newer_form_of_nvram(package):
    source = f"<nvram type='file'><source file='{package}/VARS.fd'/></nvram>"
    assert open_image([domain(package, f"<os>{loader(package)}{source}</os>")]).role is Role.PAIR


def test_a_domain_that_never_ran_shows_its_template(package):
    nvram = f"<nvram template='{package}/VARS.fd'>/nowhere/guest_VARS.fd</nvram>"
    offer = located([domain(package, f"<os>{loader(package)}{nvram}</os>")])[0]
    assert offer.paths == (f"{package}/CODE.fd", f"{package}/VARS.fd")


@pytest.mark.parametrize(
    ("os_element", "words"),
    [
        ("", "says nothing of firmware"),
        ("<os><type arch='x86_64'>hvm</type></os>", "starts with SeaBIOS"),
        ("<os><loader>/c.fd</loader><nvram>/gone.fd</nvram></os>", "/c.fd does not exist"),
    ],
)
def test_a_domain_without_flash_is_refused(tmp_path, os_element, words):
    with pytest.raises(Refused, match=words):
        open_image([domain(tmp_path, os_element)])


@pytest.mark.parametrize(
    "text",
    [
        "no xml",
        "<network/>",
        "<!DOCTYPE d [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><domain><name>&b;</name></domain>",
        "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><domain><name>&x;</name></domain>",
    ],
    ids=["text", "other", "entities", "external"],
)
def test_xml_that_is_no_domain_or_has_entities_is_refused(tmp_path, text):
    path = tmp_path / "x.xml"
    path.write_text(text)
    with pytest.raises(Refused) as refusal:
        open_image([path])
    assert "\n" not in str(refusal.value)


def test_a_folder_offers_what_is_in_it(package):
    (package / "notes.txt").write_text("no image")
    assert [offer.title for offer in located([package])] == ["CODE.fd", "VARS.fd"]
    with pytest.raises(Refused, match="holds 2 images"):
        located_one([package])


def test_a_folder_without_images_is_refused(tmp_path):
    with pytest.raises(Refused, match="holds no flash image"):
        located([tmp_path])


@pytest.mark.firmware
def test_a_qcow2_store_is_read_and_one_with_a_backing_file_is_not(tmp_path):
    store, overlay = tmp_path / "vars.qcow2", tmp_path / "overlay.qcow2"
    convert = ["qemu-img", "convert", "-O", "qcow2", VARS_4M, store]
    subprocess.run(convert, check=True)
    create = ["qemu-img", "create", "-q", "-f", "qcow2", "-b", store, "-F", "qcow2", overlay]
    subprocess.run(create, check=True)
    image = open_image([store, CODE_4M])
    assert image.files[1].format is Format.QCOW2
    assert image.files[1].data == VARS_4M.read_bytes()
    with pytest.raises(Refused, match="backing file"):
        open_image([overlay])


@pytest.mark.firmware
def test_a_huge_qcow2_is_refused_at_once(tmp_path):
    path = tmp_path / "huge.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", path, "1T"], check=True)
    with pytest.raises(Refused, match="no flash chip is larger"):
        open_image([path])


@pytest.mark.firmware
def test_without_qemu_img_the_package_to_install_is_named(tmp_path, monkeypatch):
    path = tmp_path / "vars.qcow2"
    subprocess.run(["qemu-img", "convert", "-O", "qcow2", VARS_4M, path], check=True)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(Refused, match="qemu-utils"):
        open_image([path])
