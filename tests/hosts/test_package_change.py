import json
import shutil

import pytest
from debian_firmware import CODE_4M, VARS_4M

from ovmfgui.cli.main import main
from ovmfgui.hosts.package_change import package_changes
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.layout.verdict import Outcome


def package(folder, build):
    folder.mkdir()
    made = synthetic_package(build)
    (folder / "OVMF_CODE.fd").write_bytes(made.code)
    (folder / "OVMF_VARS.fd").write_bytes(made.vars)
    return folder


@pytest.mark.parametrize(
    ("here", "there", "accepted", "outcome"),
    [
        ("4m", "4m-next", True, Outcome.BOOTS),
        ("4m", "4m-shifted", True, Outcome.UNKNOWN),
        ("4m", "2m", False, Outcome.NO_BOOT),
        ("2m", "4m", False, Outcome.BOOTS_VOLATILE),
        ("1m", "2m", False, Outcome.BOOTS),
        ("2m", "4m-secboot", False, Outcome.NO_BOOT),
    ],
)
def test_running_migration_and_the_next_power_on_are_two_questions(
    tmp_path, here, there, accepted, outcome
):
    found = package_changes(package(tmp_path / "a", here), package(tmp_path / "b", there)).changes
    assert len(found) == 1
    assert found[0].accepted is accepted
    assert found[0].next_power_on.outcome is outcome
    assert found[0].same_name


def test_a_refusal_is_in_qemus_words(tmp_path):
    found = package_changes(package(tmp_path / "a", "4m"), package(tmp_path / "b", "2m")).changes
    assert "Size mismatch: system.flash0: 0x37c000 != 0x1e0000" in found[0].qemu_error


def test_code_that_the_other_host_lacks_is_a_failure(tmp_path):
    here, there = package(tmp_path / "a", "4m"), package(tmp_path / "b", "4m")
    for name in ("OVMF_CODE.strictnx.fd", "OVMF_CODE.old.fd"):
        (here / name).write_bytes(synthetic_package("4m-next").code)
    answer = package_changes(here, there)
    assert {code.path.rpartition("/")[2] for code in answer.missing} == {
        "OVMF_CODE.strictnx.fd",
        "OVMF_CODE.old.fd",
    }
    assert all(each.same_name for each in answer.changes)
    assert not answer.well
    assert package_changes(there, here).well


def test_a_link_under_the_old_path_is_found(tmp_path):
    here, there = package(tmp_path / "a", "4m"), package(tmp_path / "b", "4m")
    (there / "OVMF_CODE.fd").rename(there / "CODE_NEW.fd")
    assert package_changes(here, there).missing
    (there / "OVMF_CODE.fd").symlink_to("CODE_NEW.fd")
    assert not package_changes(here, there).missing


def test_a_link_that_the_other_host_lacks_is_missing_too(tmp_path):
    here, there = package(tmp_path / "a", "4m"), package(tmp_path / "b", "4m")
    (here / "OVMF_CODE.ms.fd").symlink_to("OVMF_CODE.fd")
    (here / "loop").symlink_to("loop")
    (lost,) = package_changes(here, there).missing
    assert lost.path == str(here / "OVMF_CODE.ms.fd")
    (there / "OVMF_CODE.ms.fd").write_bytes((there / "OVMF_CODE.fd").read_bytes())
    assert not package_changes(here, there).missing


def test_a_link_that_leads_to_other_code_is_told_and_judged(tmp_path):
    here, there = package(tmp_path / "a", "4m-secboot"), package(tmp_path / "b", "4m-secboot")
    for folder in (here, there):
        (folder / "CODE_PLAIN.fd").write_bytes(synthetic_package("4m").code)
    (here / "OVMF_CODE.ms.fd").symlink_to("OVMF_CODE.fd")
    (there / "OVMF_CODE.ms.fd").symlink_to("CODE_PLAIN.fd")
    answer = package_changes(here, there)
    assert not answer.well
    assert [each.finding.id for each in answer.findings] == ["link-elsewhere"]
    assert [each.path for each in answer.findings] == [str(here / "OVMF_CODE.ms.fd")]
    met = [c for c in answer.changes if c.source.code.path.endswith("OVMF_CODE.ms.fd")]
    assert [c.destination.path for c in met] == [str(there / "CODE_PLAIN.fd")]
    assert any("SMM is lost" in lost for lost in met[0].lost)


def test_a_link_into_a_folder_that_is_a_link_is_followed(tmp_path):
    here, there = package(tmp_path / "a", "4m"), package(tmp_path / "b", "4m")
    (here / "old").symlink_to(".")
    (here / "sub").mkdir()
    (here / "sub/CODE.fd").write_bytes(synthetic_package("4m-next").code)
    (here / "alias").symlink_to("sub")
    shutil.copytree(here / "sub", there / "sub")
    missing = {code.path for code in package_changes(here, there).missing}
    assert missing >= {str(here / "alias/CODE.fd")}


def descriptor(folder, *features):
    chosen = folder / "usr/share/qemu/firmware"
    chosen.mkdir(parents=True)
    (chosen / "60-made.json").write_text(
        json.dumps(
            {
                "interface-types": ["uefi"],
                "mapping": {
                    "device": "flash",
                    "executable": {"filename": "/usr/share/OVMF/OVMF_CODE.fd", "format": "raw"},
                    "nvram-template": {
                        "filename": "/usr/share/OVMF/OVMF_VARS.fd",
                        "format": "raw",
                    },
                },
                "targets": [{"architecture": "x86_64", "machines": ["pc-q35-*"]}],
                "features": features,
            }
        )
    )
    package(folder / "usr/share/OVMF", "4m")


def test_features_and_code_beside_what_descriptors_name(tmp_path, capsys):
    here, there = tmp_path / "a", tmp_path / "b"
    descriptor(here, "acpi-s3", "amd-sev")
    descriptor(there, "acpi-s3")
    for folder, build in ((here, "2m"), (there, "4m")):
        made = synthetic_package(build)
        (folder / "usr/share/OVMF/CODE_2M.fd").write_bytes(made.code)
        (folder / "usr/share/OVMF/VARS_2M.fd").write_bytes(made.vars)
    answer = package_changes(here, there)
    assert {each.finding.id for each in answer.findings} >= {"feature-lost", "size-changed"}
    undescribed = [c for c in answer.changes if c.source.code.path.endswith("CODE_2M.fd")]
    assert [c.next_power_on.outcome for c in undescribed] == [Outcome.BOOTS_VOLATILE]
    assert main(["matrix", "--from", str(here), "--to", str(there)]) == 1
    assert "amd-sev is gone" in " ".join(capsys.readouterr().out.split())
    assert main(["matrix", "--from", str(here), "--to", str(there), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)["findings"]
    assert {"feature-lost", "size-changed"} <= {each["id"] for each in told}


def test_code_under_other_paths_only_on_request(tmp_path):
    here, there = package(tmp_path / "a", "4m"), package(tmp_path / "b", "4m")
    (there / "OTHER.fd").write_bytes(synthetic_package("4m-next").code)
    assert len(package_changes(here, there).changes) == 1
    assert len(package_changes(here, there, all_pairs=True).changes) == 2


def test_lost_smm_is_said(tmp_path):
    answer = package_changes(package(tmp_path / "a", "4m-secboot"), package(tmp_path / "b", "4m"))
    assert any("SMM" in lost for lost in answer.changes[0].lost)
    assert not answer.well


@pytest.mark.firmware
def test_lost_secure_boot_is_said(tmp_path):
    here = tmp_path / "a"
    here.mkdir()
    shutil.copy(CODE_4M, here / "OVMF_CODE.fd")
    shutil.copy(VARS_4M, here / "OVMF_VARS.fd")
    answer = package_changes(here, package(tmp_path / "b", "4m"))
    assert any("Secure Boot is lost" in lost for lost in answer.changes[0].lost)
    assert not answer.well
    assert not any(change.lost for change in package_changes(here, here).changes)
