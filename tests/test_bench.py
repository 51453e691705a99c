"""The bench can fail: what it starts has to do its work, and what is over a limit is told."""

import json
import sys
from pathlib import Path

import pytest


@pytest.fixture
def bench(monkeypatch):
    """Its modules, which call each other by their bare names."""
    monkeypatch.syspath_prepend(str(Path(__file__).with_name("bench")))
    import measure
    import result

    yield measure, result
    for name in ("measure", "result"):
        sys.modules.pop(name, None)


@pytest.fixture
def runner(bench):
    made = bench[0].Runner()
    yield made
    made.close()


def test_a_program_that_does_not_do_its_work_is_no_run(bench, runner, tmp_path):
    measure, _result = bench
    missing = str(tmp_path / "missing.fd")
    with pytest.raises(measure.Failed, match=r"status 1.*No such file"):
        runner.once(measure.Program(("cat", missing)))
    with pytest.raises(measure.Failed, match="did not say 'volume'"):
        runner.once(measure.Program(("echo", "nothing"), "volume"))
    with pytest.raises(measure.Failed, match="did not make"):
        runner.once(measure.Program(("true",), makes=tmp_path / "report"))
    with pytest.raises(measure.Failed, match="status 127"):
        runner.once(measure.Program(("no-such-program",)))
    stale = tmp_path / "report"
    stale.write_text("of an earlier run")
    with pytest.raises(measure.Failed, match="did not make"):
        runner.once(measure.Program(("true",), makes=stale))


def test_the_memory_of_a_child_is_its_own(bench, runner):
    measure, _result = bench
    ballast = bytearray(b"x") * (96 << 20)
    assert runner.once(measure.Program(("true",))).mib < 32
    large = "import time; x = bytearray(b'x') * (64 << 20); sum(range(10**6)); print(len(x))"
    figures = runner.once(measure.Program((sys.executable, "-I", "-c", large), "67108864"))
    assert 64 < figures.mib < 110
    assert figures.cpu > 0
    assert len(ballast) == 96 << 20


def test_what_is_over_its_limit_is_told(bench):
    _measure, result = bench
    found = result.Result(7)
    found.add(result.Row("a", 1.0, 2.0, "s", 0.6), result.Row("b", 3.0, None, "MiB"))
    found.add(result.Row("c", 8.0, 2.0, "1/s", 3.0, at_least=True))
    assert found.good
    found.add(result.Row("d", 3.0, 2.0, "s", 1.4))
    assert not found.good
    told = json.loads(found.as_json())
    assert [row["verdict"] for row in told["rows"]] == ["within", "", "within", "OVER"]
    assert told["machine"]
    assert "| d | 3 s | 2 s | 1.50 | ≤ 1.4 | OVER |" in found.as_table()


def test_a_failure_is_no_good_result(bench):
    _measure, result = bench
    found = result.Result(7)
    found.fail("a peer is missing")
    assert not found.good
    assert json.loads(found.as_json())["failed"] == ["a peer is missing"]
