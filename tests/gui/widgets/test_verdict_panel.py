import pytest

from ovmfgui.flash.image import FlashFile, Format, Role
from ovmfgui.flash.opening import image_of
from ovmfgui.gui.models.facts import fact_rows
from ovmfgui.gui.widgets.verdict_panel import VerdictPanel
from ovmfgui.layout.inspection import inspect
from ovmfgui.layout.report import report_text
from ovmfgui.layout.synthetic import synthetic_package
from ovmfgui.layout.verdict import Fit, Outcome
from ovmfgui.layout.words import OUTCOMES


def pair(code, store):
    return inspect(
        image_of(
            [
                FlashFile("CODE", synthetic_package(code).code, Format.RAW, Role.CODE),
                FlashFile("VARS", synthetic_package(store).vars, Format.RAW, Role.VARS),
            ]
        )
    )


@pytest.fixture
def panel(qtbot):
    made = VerdictPanel()
    qtbot.addWidget(made)
    return made


def test_every_outcome_has_its_words():
    assert set(OUTCOMES) == set(Outcome)


def test_where_both_agree_no_row_differs(demo):
    rows = fact_rows(demo.verdict)
    assert len(rows) == 10
    assert not any(row.differs or row.difference for row in rows)


def test_differences_are_told_in_bytes(panel):
    verdict = pair("4m", "2m").verdict
    assert verdict.fit is Fit.INCOMPATIBLE
    rows = {row.name: row for row in fact_rows(verdict)}
    assert rows["FvLength"].difference == "−409,600 bytes"
    assert rows["FvLength"].differs
    assert not rows["block size"].differs
    panel.show_verdict(verdict)
    assert "Incompatible" in panel.headline.text()
    assert OUTCOMES[verdict.outcome] in panel.outcome.text()
    assert panel.summary.text() == verdict.summary
    assert panel.advice.text() == verdict.advice


def test_a_constant_leads_to_the_bytes_that_tell_it(qtbot, panel, demo):
    panel.show_verdict(demo.verdict)
    row = next(i for i, row in enumerate(panel.model.rows) if row.name == "FvLength")
    with qtbot.waitSignal(panel.chosen) as chosen:
        panel.table.clicked.emit(panel.model.index(row, 0))
    assert chosen.args[0] in [evidence.place for evidence in panel.model.rows[row].evidence]


def test_the_badge_opens_the_reasons(qtbot, demo_window):
    demo_window.badge.click()
    assert demo_window.badge.window_of_reasons.isVisible()
    assert "Fits" in demo_window.badge.panel.headline.text()
    demo_window.document.close()
    assert not demo_window.badge.window_of_reasons.isVisible()


def test_the_report_names_the_constants_that_differ():
    text = report_text(pair("4m", "2m"))
    assert "verdict: incompatible" in text
    assert "FvLength: CODE expects 528 KiB (0x84000), VARS provides 128 KiB (0x20000)" in text
