import resource
import subprocess
import sys

import pytest

from ovmfgui.gui.document.allocation import LARGE, keep_memory_for

_SCRIPT = """
import resource, sys
from ovmfgui.gui.document.allocation import keep_memory_for
size = 32 << 20
kept = keep_memory_for(size) if sys.argv[1] == "keep" else False
source = bytes(size)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _edit in range(3):
    copy = b"".join((source, b"x"))
print(int(kept), resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(how):
    command = [sys.executable, "-c", _SCRIPT, how]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return tuple(map(int, done.stdout.split()))


def test_copies_of_large_files_find_their_memory_there():
    pages = (32 << 20) // resource.getpagesize()
    kept, with_memory = faults("keep")
    _kept, without = faults("fresh")
    assert kept
    # The third copy finds the place of the first one.
    assert without > 2 * pages
    assert with_memory < 1.01 * pages


@pytest.mark.parametrize("size", [0, LARGE - 1, 1 << 30])
def test_small_and_absurd_sizes_are_left_alone(size):
    assert not keep_memory_for(size)
