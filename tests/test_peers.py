import pytest
from peers import peer


def test_where_peers_are_not_set_up_one_line_says_what_to_do(tmp_path):
    with pytest.raises(pytest.fail.Exception, match=r"run \./dev test") as failure:
        peer("bin/virt-fw-dump", tmp_path)
    assert "\n" not in str(failure.value)
    assert not failure.value.pytrace
