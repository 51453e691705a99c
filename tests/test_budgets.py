"""What is promised about cost stands where people read it, and is what the readers hold to."""

import re
from pathlib import Path

from ovmfgui import budgets
from ovmfgui.budgets import BUDGETS, Budget
from ovmfgui.wording import size_text

ROOT = Path(__file__).parent.parent


def row(budget: Budget) -> str:
    if budget.unit == "bytes":
        most = size_text(int(budget.most))
    else:
        most = f"{budget.most:,.0f} {budget.unit}"
    return f"| {budget.what} | {most} | {budget.told} |"


def test_security_md_lists_every_budget_and_no_other():
    table = (ROOT / "SECURITY.md").read_text(encoding="utf-8").partition("|---|---|---|\n")[2]
    assert table.splitlines() == [row(budget) for budget in BUDGETS]


def test_every_constant_is_in_the_table_and_used():
    constants = {
        name: value
        for name, value in vars(budgets).items()
        if re.fullmatch("MOST_.+|.+_SECONDS", name)
    }
    assert sorted(constants.values()) == sorted(budget.most for budget in BUDGETS)
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "ovmfgui").rglob("*.py")
        if path.name != "budgets.py"
    )
    assert [name for name in constants if not re.search(rf"\b{name}\b", sources)] == []
