"""A large matrix: what is alike together, what is well left out, names by what differs in them."""

import pytest

from ovmfgui.hosts.matrix_arrangement import arrange, differing_parts, is_large
from ovmfgui.hosts.matrix_board import read_board
from ovmfgui.layout.synthetic import synthetic_package


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (
            [f"/f/OVMF_CODE_4M.release-2026.{n:02}-with-a-long-name.fd" for n in (1, 2, 30)],
            ["…01…", "…02…", "…30…"],
        ),
        (["/f/OVMF_CODE_4M.fd", "/f/OVMF_CODE_4M.secboot.fd"], ["…4M", "…4M.secboot"]),
        (["/f/CODE-2m.fd", "/f/CODE-4m.fd"], ["…2m", "…4m"]),
        (["/f/OVMF.fd", "/g/AAVMF_CODE.fd"], ["OVMF", "AAVMF_CODE"]),
        (["/a/x/CODE.fd", "/b/x/CODE.fd"], ["…a…", "…b…"]),
        (["/a/CODE.fd"], ["CODE.fd"]),
        (["/a/CODE", "/a/CODE.fd"], ["CODE", "CODE.fd"]),
        (["/a/one", "/a/two"], ["one", "two"]),
        ([], []),
    ],
)  # fmt: skip
def test_names_by_what_differs(names, labels):
    assert differing_parts(names) == labels
    assert len(set(labels)) == len(labels)


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """Fourteen alike, two alike, one of another layout; a fifth CODE of the second kind."""
    folder = tmp_path_factory.mktemp("firmware")
    for build, many in (("4m", 14), ("2m", 2), ("4m-shifted", 1)):
        made = synthetic_package(build)
        for number in range(many):
            (folder / f"VARS-{build}.{number:02}.fd").write_bytes(made.vars)
    for name, build in (("a", "4m"), ("b", "4m"), ("c", "2m")):
        (folder / f"CODE-{name}.fd").write_bytes(synthetic_package(build).code)
    return read_board([str(folder)], lambda *_step: None)


def test_everything_as_it_is(board):
    shown = arrange(board)
    assert is_large(shown)
    assert (len(shown.rows), len(shown.columns), shown.hidden) == (17, 3, (0, 0))
    assert shown.cells == board.cells
    assert [each.named for each in shown.rows] == list(board.stores)


def test_what_is_alike_shares_a_row_and_every_file_is_in_one(board):
    shown = arrange(board, grouped=True)
    assert not is_large(shown)
    assert [each.label for each in shown.columns] == ["…a", "…c"]
    assert sorted(len(each.alike) + 1 for each in shown.rows) == [1, 2, 14]
    files = [file for each in shown.rows for file in (each.named, *each.alike)]
    assert sorted(file.path for file in files) == sorted(file.path for file in board.stores)
    for heading, line in zip(shown.rows, shown.cells, strict=True):
        for file in (heading.named, *heading.alike):
            whole = board.cells[board.stores.index(file)]
            assert [v.outcome for v in line] == [whole[0].outcome, whole[2].outcome]
    many = max(shown.rows, key=lambda each: len(each.alike))
    assert many.name.endswith(" and 13 alike")
    assert many.short.endswith(" · 14 alike")
    assert many.alike[-1].path in many.tip


def test_counts_are_of_files_and_not_of_groups(board):
    for shown in (arrange(board), arrange(board, grouped=True)):
        for heading in shown.columns:
            column = board.codes.index(heading.named)
            assert heading.met == len(board.stores) == 17
            assert heading.not_well == sum(not row[column].fit.well for row in board.cells)
        assert any(heading.not_well for heading in shown.columns)


def test_only_what_is_not_well_and_how_much_is_left_out(board, tmp_path):
    for build in ("4m", "2m"):
        (tmp_path / f"CODE-{build}.fd").write_bytes(synthetic_package(build).code)
    for name, build in (("good", "4m"), ("bad", "4m-shifted")):
        (tmp_path / f"VARS-{name}.fd").write_bytes(synthetic_package(build).vars)
    small = read_board([str(tmp_path / n) for n in ("CODE-4m.fd", "VARS-good.fd", "VARS-bad.fd")],
                       lambda *_step: None)  # fmt: skip
    shown = arrange(small, only_not_well=True)
    assert [each.named.name for each in shown.rows] == ["VARS-bad.fd"]
    assert shown.hidden == (1, 0)
    assert not is_large(shown)
