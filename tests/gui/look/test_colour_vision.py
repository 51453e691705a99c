"""Kinds of region can be told apart by people with each kind of colour vision.

The simulation is that of Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB; the
distance is CIE 1976 in L*a*b*, where about 2.3 is the least that is seen side by side.
"""

from itertools import combinations

import pytest
from PySide6.QtGui import QColor

from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import theme
from ovmfgui.layout.verdict import Fit

VISIONS = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
PALETTES = {"light": theme.light_palette, "dark": theme.dark_palette}
APART = 6.0


def linear(part):
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def lab(colour: QColor, vision):
    rgb = [linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF())]
    seen = [min(max(sum(a * b for a, b in zip(row, rgb, strict=True)), 0), 1) for row in vision]
    to_xyz = (
        (0.4124, 0.3576, 0.1805),
        (0.2126, 0.7152, 0.0722),
        (0.0193, 0.1192, 0.9505),
    )
    white = (0.9505, 1.0, 1.089)
    x, y, z = (
        sum(a * b for a, b in zip(row, seen, strict=True)) / of
        for row, of in zip(to_xyz, white, strict=True)
    )

    def bent(part):
        return part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116

    return 116 * bent(y) - 16, 500 * (bent(x) - bent(y)), 200 * (bent(y) - bent(z))


def distance(one, other, vision):
    first, second = lab(one, vision), lab(other, vision)
    return sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("name", PALETTES)
def test_kinds_differ_by_colour_or_pattern(qapp, name, vision):
    palette = PALETTES[name]()
    alike = []
    for one, other in combinations(Kind, 2):
        first, second = theme.kind_style(one, palette), theme.kind_style(other, palette)
        if first.pattern is second.pattern:
            apart = distance(first.fill, second.fill, VISIONS[vision])
            if apart < APART:
                alike.append((one.value, other.value, round(apart, 1)))
    assert alike == []


def test_the_simulation_is_one(qapp):
    """Red and green of equal brightness: far apart, and close to protanopes."""
    red, green = QColor("#D55E00"), QColor("#7A8A00")
    full = distance(red, green, VISIONS["full"])
    assert distance(red, green, VISIONS["deuteranopia"]) < full / 2


def test_no_verdict_rests_on_colour(qapp):
    palette = theme.light_palette()
    styles = [theme.fit_style(fit, palette) for fit in Fit]
    assert len({style.sign for style in styles}) == len(styles)
    assert len({style.word for style in styles}) == len(styles)
