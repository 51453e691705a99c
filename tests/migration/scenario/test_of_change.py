"""A domain that comes to another package's CODE: what is played comes to the verdict."""

import pytest
from debian_firmware import OVMF

from ovmfgui.layout.inspection import inspect_files
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.layout.verdict import Outcome
from ovmfgui.migration.engine.playing import play
from ovmfgui.migration.scenario.of_change import Firmware, change_of, coming_to, home_of
from ovmfgui.progress import silent


def files_of(folder, build):
    made = synthetic_package(build)
    paths = folder / f"CODE-{build}.fd", folder / f"VARS-{build}.fd"
    for path, data in zip(paths, (made.code, made.vars), strict=True):
        path.write_bytes(data)
    return Firmware(*map(str, paths))


def did(draft):
    return [table["do"] for table in draft.actions]


@pytest.mark.parametrize("there", ["4m", "4m-next", "4m-shifted", "2m"])
def test_what_is_played_comes_to_the_verdict(tmp_path, there):
    here, other = files_of(tmp_path, "4m"), files_of(tmp_path, there)
    draft = change_of(here, other)
    verdict = inspect_files((other.code, here.store), silent).verdict
    replay = play(draft.scenario())
    assert replay.outcome is verdict.outcome
    # One that runs is refused where a chip is of another size; the package comes to it then.
    assert ("upgrade-package" in did(draft)) == (there == "2m")


def test_a_store_of_nobody_is_powered_on_alone(tmp_path):
    made = files_of(tmp_path, "4m-shifted")
    pair = Firmware(files_of(tmp_path, "4m").code, made.store)
    assert home_of(pair) is None
    draft = coming_to(pair)
    assert did(draft) == ["define", "start"]
    assert play(draft.scenario()).outcome is Outcome.BOOTS_CORRUPTING


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("code", "store", "home"),
    [
        ("OVMF_CODE_4M.fd", "OVMF_VARS.ms.fd", "OVMF_CODE.fd"),
        ("OVMF_CODE.fd", "OVMF_VARS_4M.fd", "OVMF_CODE_4M.fd"),
    ],
)
def test_the_home_of_a_store_is_found_among_what_is_installed(code, store, home):
    pair = Firmware(str(OVMF / code), str(OVMF / store))
    assert home_of(pair) == str(OVMF / home)
    verdict = inspect_files(pair, silent).verdict
    assert play(coming_to(pair).scenario()).outcome is verdict.outcome
