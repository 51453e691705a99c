"""Programs that the tests compare with; ./dev test sets them up, apart from ours, in .peers."""

from pathlib import Path

import pytest

_FOLDER = Path(__file__).parents[1] / ".peers"


def peer(pattern, folder=_FOLDER):
    """Files in .peers that match; where there are none the test fails and says what to do."""
    found = sorted(folder.glob(pattern))
    if not found:
        pytest.fail(
            f"{folder} has no {pattern}: run ./dev test, which sets up what is compared with",
            pytrace=False,
        )
    return found
