from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPalette

from ovmfgui.finding import Severity
from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import contrast, theme
from ovmfgui.layout.verdict import Fit

PALETTES = {"light": theme.light_palette, "dark": theme.dark_palette}


@pytest.fixture(params=PALETTES)
def palette(request, qapp):
    return PALETTES[request.param]()


def test_text_on_every_kind_can_be_read(palette):
    for kind in Kind:
        style = theme.kind_style(kind, palette)
        assert contrast.ratio_of(style.ink, style.fill) >= 4.5, kind
        assert contrast.ratio_of(style.edge, palette.base().color()) >= 3, kind
        assert style.label


def test_severities_and_verdicts_differ_by_sign_word_and_readable_colour(palette):
    role = QPalette.ColorRole
    grounds = [palette.color(each) for each in (role.Base, role.Window, role.AlternateBase)]
    severities = [theme.severity_style(severity, palette) for severity in Severity]
    fits = [theme.fit_style(fit, palette) for fit in Fit]
    for styles in (severities, fits):
        for style in styles:
            assert all(contrast.ratio_of(style.colour, ground) >= 4.5 for ground in grounds)
        for one, other in combinations(styles, 2):
            assert one.sign != other.sign
            assert one.word != other.word


def test_neighbours_in_the_store_differ_by_more_than_colour(palette):
    beside = (Kind.VARIABLE, Kind.DEAD_VARIABLE, Kind.EVENT_LOG, Kind.FTW_WORKING, Kind.FTW_SPARE)
    patterns = [theme.kind_style(kind, palette).pattern for kind in beside]
    assert len(set(patterns)) == len(beside)


def test_light_and_dark_are_what_they_are_called(qapp):
    assert theme.is_dark(theme.dark_palette())
    assert not theme.is_dark(theme.light_palette())


@pytest.mark.parametrize("name", PALETTES)
def test_text_of_every_weight_can_be_read(name, qapp):
    palette = PALETTES[name]()
    role = QPalette.ColorRole
    for ground in (role.Base, role.Window, role.AlternateBase):
        colour = palette.color(ground)
        assert contrast.ratio_of(palette.color(role.Text), colour) >= 7
        assert contrast.ratio_of(palette.color(role.PlaceholderText), colour) >= 4.5
        assert contrast.ratio_of(palette.color(role.Link), colour) >= 4.5
    highlight = palette.color(role.Highlight)
    assert contrast.ratio_of(palette.color(role.HighlightedText), highlight) >= 4.5
    for ground in (role.Base, role.Window, role.AlternateBase):
        assert contrast.ratio_of(theme.muted(palette), palette.color(ground)) >= 4.5
    for ground in (role.Base, role.Window, role.AlternateBase, role.Button):
        assert contrast.ratio_of(theme.accent(palette), palette.color(ground)) >= 3


def test_the_outline_of_check_boxes_can_be_seen(palette):
    outline = theme.indicator_palette(palette).window().color().darker(theme.FUSION_DARKER)
    assert contrast.ratio_of(outline, palette.base().color()) >= 2.9
    assert contrast.ratio_of(outline, palette.window().color()) >= 2


def test_check_boxes_alone_have_another_palette(qapp):
    theme.apply_theme(qapp, "dark")
    try:
        window = qapp.palette().window().color()
        assert qapp.palette("QCheckBox").window().color() != window
        assert qapp.palette("QLabel").window().color() == window
    finally:
        theme.apply_theme(qapp, "system")
    assert qapp.palette("QCheckBox").window().color() == qapp.palette().window().color()


@pytest.mark.parametrize("kind", [Kind.FTW_SPARE, Kind.FTW_WORKING, Kind.EVENT_LOG, Kind.RAW])
@pytest.mark.parametrize("scale", [2, 3])
def test_patterns_are_as_coarse_at_any_scale(palette, kind, scale):
    """What repeats after eight pixels of the window does so at 300 %, too, and not sooner."""
    picture = QImage(64 * scale, 64 * scale, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(scale)
    painter = QPainter(picture)
    theme.kind_style(kind, palette).paint(painter, QRectF(0, 0, 64, 64))
    painter.end()
    window = [
        [picture.pixel(x * scale + scale // 2, y * scale + scale // 2) for x in range(64)]
        for y in range(64)
    ]
    plain = QImage(64, 64, QImage.Format.Format_RGB32)
    painter = QPainter(plain)
    theme.kind_style(kind, palette).paint(painter, QRectF(0, 0, 64, 64))
    painter.end()
    rows = [[plain.pixel(x, y) for x in range(64)] for y in range(64)]
    assert window == rows
    assert len({colour for row in rows for colour in row}) > 1

    def same_after(by):
        across = all(row[x] == row[x + by] for row in rows for x in range(64 - by))
        return across and all(rows[y] == rows[y + by] for y in range(64 - by))

    assert same_after(8)
    assert not any(same_after(by) for by in (1, 2))
