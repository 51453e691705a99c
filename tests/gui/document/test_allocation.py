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


_GIVEN_BACK = """
from ovmfgui.gui.document.allocation import give_back, keep_memory_for

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096 >> 20

keep_memory_for(32 << 20)
before = resident()
every = [bytearray(b"x") * (1 << 20) for _ in range(200)]
del every[:-1]  # what stays lies behind what went
held = resident() - before
back = give_back()
print(int(back), held, resident() - before)
"""


def test_what_is_free_between_what_stays_is_given_back():
    command = [sys.executable, "-c", _GIVEN_BACK]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    back, held, left = map(int, done.stdout.split())
    assert back
    assert held > 100
    assert left < 20
