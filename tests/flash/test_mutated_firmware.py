import subprocess
import sys
from pathlib import Path

import pytest
from debian_firmware import CODE_4M, UNIFIED_2M, VARS_4M_MS

from ovmfgui.flash.region import Kind, of_kind
from ovmfgui.machine.opening import open_image

MUTATE = Path(__file__).with_name("mutate.py")


def unpacked_volume(folder, name):
    """A volume from inside the packed section as a file of its own: damage to it gets deep."""
    image = open_image([CODE_4M])
    volume = next(r for r in of_kind(image.map, Kind.VOLUME) if r.name == name)
    path = folder / f"{name}.fd"
    path.write_bytes(image.bytes_at(volume.place))
    return path


@pytest.mark.firmware
@pytest.mark.parametrize(
    ("source", "count"),
    [("PEIFV", 120), ("DXEFV", 40), (VARS_4M_MS, 300), (CODE_4M, 20), (UNIFIED_2M, 20)],
    ids=["PEIFV", "DXEFV", "VARS", "CODE", "unified"],
)
def test_no_damage_raises_hangs_or_eats_the_memory(tmp_path, source, count):
    path = unpacked_volume(tmp_path, source) if isinstance(source, str) else source
    done = subprocess.run(
        [sys.executable, MUTATE, "0", str(count), path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
