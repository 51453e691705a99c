import pytest

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
    found = package_changes(package(tmp_path / "a", here), package(tmp_path / "b", there))
    assert len(found) == 1
    assert found[0].accepted is accepted
    assert found[0].next_power_on.outcome is outcome
    assert found[0].same_name


def test_a_refusal_is_in_qemus_words(tmp_path):
    found = package_changes(package(tmp_path / "a", "4m"), package(tmp_path / "b", "2m"))
    assert "Size mismatch: system.flash0: 0x37c000 != 0x1e0000" in found[0].qemu_error
