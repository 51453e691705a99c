"""How pytest-xdist hands out the tests."""

import pytest


@pytest.mark.xdist_group("together")
def test_a_group_runs_in_one_worker(request):
    """Hosts and boots of a module would be made anew in each worker, and tests that go on with
    what the one before has made would fail.

    pytest-xdist marks a group in the test's id (``xdist/remote.py``); pytest 9.2 drops that.
    """
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("no groups are asked for: -n 2 --dist loadgroup")
    assert request.node.nodeid.endswith("@together")
