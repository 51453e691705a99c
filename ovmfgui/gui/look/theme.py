"""Colours, fonts and distances, all of them derived from the palette in use.

Hues are Okabe and Ito's, which people with any of the usual kinds of colour blindness can tell
apart (https://jfly.uni-koeln.de/color/). A kind of region differs from its neighbours by pattern
too, a severity and a verdict by sign and word, so that no meaning rests on colour alone.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontDatabase, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from ovmfgui.dataclass import dataclass
from ovmfgui.finding import Severity
from ovmfgui.flash.region import Kind
from ovmfgui.gui.look import contrast
from ovmfgui.layout.verdict import Fit

if TYPE_CHECKING:
    from collections.abc import Mapping

GRID = 4
"""Every distance is a multiple of this, in device-independent pixels."""

_BLUE, _SKY, _GREEN = QColor("#0072B2"), QColor("#56B4E9"), QColor("#009E73")
_ORANGE, _VERMILION, _PINK = QColor("#E69F00"), QColor("#D55E00"), QColor("#CC79A7")
_YELLOW, _GREY = QColor("#F0E442"), QColor("#8A9199")

FUSION_DARKER = 140
"""Per cent by which Fusion's outlines are darker than the window (qfusionstyle.cpp, outline)."""

_SOLID = Qt.BrushStyle.SolidPattern
_DIAGONAL, _BACK = Qt.BrushStyle.BDiagPattern, Qt.BrushStyle.FDiagPattern
_CROSS, _DOTS = Qt.BrushStyle.DiagCrossPattern, Qt.BrushStyle.Dense6Pattern
_ROWS, _COLUMNS = Qt.BrushStyle.HorPattern, Qt.BrushStyle.VerPattern
_SPARSE, _GRID = Qt.BrushStyle.Dense7Pattern, Qt.BrushStyle.CrossPattern


_TILE, _FINE = 8, 1.5
"""Pixels after which Qt's patterns repeat (qbrush.cpp, qt_patternForBrush); from how many of the
screen's to one of the window's on they would be too fine."""


@dataclass(frozen=True, slots=True)
class _Hue:
    colour: QColor
    strength: float
    pattern: Qt.BrushStyle
    label: str


_HUES: Mapping[Kind, _Hue] = {
    Kind.VOLUME: _Hue(_BLUE, 0.45, _SOLID, "firmware volume"),
    Kind.NV_VOLUME: _Hue(_GREEN, 0.18, _COLUMNS, "non-volatile volume"),
    Kind.HEADER: _Hue(_BLUE, 0.75, _SOLID, "header"),
    Kind.FILE: _Hue(_BLUE, 0.20, _SOLID, "file"),
    Kind.SECTION: _Hue(_SKY, 0.45, _ROWS, "section"),
    Kind.BODY: _Hue(_SKY, 0.25, _SPARSE, "contents"),
    Kind.DECOMPRESSED: _Hue(_SKY, 0.35, _COLUMNS, "unpacked contents"),
    Kind.PAD_FILE: _Hue(_GREY, 0.20, _SPARSE, "pad file"),
    Kind.PADDING: _Hue(_GREY, 0.14, _DOTS, "padding"),
    Kind.FREE: _Hue(_GREY, 0.07, _SOLID, "free"),
    Kind.RAW: _Hue(_GREY, 0.35, _ROWS, "raw bytes"),
    Kind.RESET_VECTOR: _Hue(_VERMILION, 0.75, _SOLID, "reset vector"),
    Kind.METADATA: _Hue(_PINK, 0.45, _GRID, "metadata"),
    Kind.VARIABLE_REGION: _Hue(_GREEN, 0.40, _SOLID, "variable region"),
    Kind.STORE: _Hue(_GREEN, 0.35, _SPARSE, "variable store"),
    Kind.VARIABLE: _Hue(_GREEN, 0.70, _SOLID, "live variable"),
    Kind.DEAD_VARIABLE: _Hue(_GREY, 0.50, _DIAGONAL, "dead record"),
    Kind.EVENT_LOG: _Hue(_PINK, 0.55, _DOTS, "event log"),
    Kind.FTW_WORKING: _Hue(_ORANGE, 0.75, _CROSS, "FTW working block"),
    Kind.FTW_SPARE: _Hue(_YELLOW, 0.45, _BACK, "FTW spare area"),
}


@dataclass(frozen=True, slots=True)
class KindStyle:
    """How a kind of region looks.

    Attributes:
        fill: the ground.
        edge: outline and pattern, on ``fill`` or on the window's base.
        ink: text on ``fill``.
        pattern: drawn over ``fill`` in ``edge``; ``SolidPattern`` stands for none.
        label: the kind in words, for legends.
    """

    fill: QColor
    edge: QColor
    ink: QColor
    pattern: Qt.BrushStyle
    label: str

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Fill ``rect``: ground, then pattern."""
        painter.fillRect(rect, self.fill)
        if self.pattern is not _SOLID:
            soft = QColor(self.edge)
            soft.setAlphaF(0.45)
            painter.fillRect(rect, _pattern_brush(self.pattern, soft, painter))


def _pattern_brush(pattern: Qt.BrushStyle, ink: QColor, painter: QPainter) -> QBrush:
    """A pattern that is as coarse at 300 % as at 100 %: Qt's own are in the screen's pixels."""
    if painter.deviceTransform().m11() < _FINE:
        return QBrush(ink, pattern)
    return QBrush(_pattern_tile(pattern, ink.rgba()))


@cache
def _pattern_tile(pattern: Qt.BrushStyle, ink: int) -> QImage:
    tile = QImage(_TILE, _TILE, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.fillRect(tile.rect(), QBrush(QColor.fromRgba(ink), pattern))
    painter.end()
    return tile


@dataclass(frozen=True, slots=True)
class SignStyle:
    """A meaning by sign, word and colour; the colour is readable as text on every ground."""

    sign: str
    word: str
    colour: QColor


def is_dark(palette: QPalette) -> bool:
    """Whether text is light on a dark ground."""
    return palette.base().color().lightnessF() < palette.text().color().lightnessF()


def kind_label(kind: Kind) -> str:
    """A kind of region in words."""
    return _HUES[kind].label


def kind_style(kind: Kind, palette: QPalette) -> KindStyle:
    """How a kind of region looks with this palette."""
    return _kind_style(kind, palette.base().color().rgb(), palette.text().color().rgb())


@cache
def _kind_style(kind: Kind, ground: int, writing: int) -> KindStyle:
    hue, base, text = _HUES[kind], QColor(ground), QColor(writing)
    fill = contrast.mix(hue.colour, base, hue.strength)
    ink = text if contrast.ratio_of(text, fill) >= 4.5 else contrast.readable(base, fill)
    return KindStyle(fill, contrast.readable(hue.colour, base, 3.0), ink, hue.pattern, hue.label)


NOTE_COLOURS = ("blue", "orange", "green", "pink", "vermilion", "sky blue")
"""The colours of notes in words, by the number of their sign."""

_NOTE_HUES = (_BLUE, _ORANGE, _GREEN, _PINK, _VERMILION, _SKY)


def note_colour(sign: int, palette: QPalette) -> QColor:
    """What a note is drawn in, as text too."""
    return contrast.readable_anywhere(_NOTE_HUES[sign % len(_NOTE_HUES)], palette)


def ground_of_bytes(kind: Kind, palette: QPalette) -> QColor:
    """The ground behind bytes of a kind: fainter than on the map, where digits are to be read."""
    return contrast.mix(kind_style(kind, palette).fill, palette.base().color(), 0.42)


_SEVERITIES: Mapping[Severity, tuple[str, str, QColor]] = {
    Severity.INFO: ("ℹ", "note", _BLUE),
    Severity.WARNING: ("⚠", "warning", _ORANGE),
    Severity.ERROR: ("✖", "error", _VERMILION),
}

_FITS: Mapping[Fit, QColor] = {
    Fit.FITS: _GREEN,
    Fit.RISKY: _ORANGE,
    Fit.INCOMPATIBLE: _VERMILION,
    Fit.UNKNOWN: _GREY,
}


def severity_style(severity: Severity, palette: QPalette) -> SignStyle:
    """Sign, word and colour of a severity."""
    sign, word, colour = _SEVERITIES[severity]
    return SignStyle(sign, word, contrast.readable_anywhere(colour, palette))


def fit_style(fit: Fit, palette: QPalette) -> SignStyle:
    """Sign, word and colour of a verdict."""
    return SignStyle(fit.sign, fit.capitalize(), contrast.readable_anywhere(_FITS[fit], palette))


def error_colour(palette: QPalette) -> QColor:
    """What is wrong, as text."""
    return severity_style(Severity.ERROR, palette).colour


def accent(palette: QPalette) -> QColor:
    """The one accent colour: the palette's highlight, seen on every ground, buttons too."""
    on_text = contrast.readable_anywhere(palette.highlight().color(), palette, 3.0)
    return contrast.readable(on_text, palette.button().color(), 3.0)


def muted(palette: QPalette) -> QColor:
    """Text of lesser weight, still readable on every ground."""
    return contrast.readable_anywhere(
        contrast.mix(palette.text().color(), palette.base().color(), 0.62), palette
    )


def line(palette: QPalette) -> QColor:
    """The colour of hairlines between parts."""
    return contrast.mix(palette.text().color(), palette.window().color(), 0.18)


def changed_colour(palette: QPalette) -> QColor:
    """Ground of bytes and rows that differ from what is saved."""
    return contrast.mix(_ORANGE, palette.base().color(), 0.28)


def size_text(application: QApplication, share: int) -> None:
    """All text at ``share`` per cent of the desktop's size, but for what has a size of its own."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    wanted = font.pointSizeF() * share / 100
    if wanted > 0 and wanted != application.font().pointSizeF():
        font.setPointSizeF(wanted)
        application.setFont(font)
        # Desktops give these one of their own. The stubs want bytes, which PySide refuses.
        application.setFont(font, "QDockWidgetTitle")  # type: ignore[arg-type]


def fixed_font(points: float | None = None) -> QFont:
    """The system's fixed-width font, for bytes and addresses; the application's size where None."""
    return QFont(_fixed_font(points if points is not None else QApplication.font().pointSizeF()))


@cache
def _fixed_font(points: float) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPointSizeF(points)
    return font


def _palette(colours: Mapping[str, str]) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(colours["button"]), QColor(colours["window"]))
    plain = {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "base",
        role.AlternateBase: "alternate",
        role.Text: "text",
        role.Button: "button",
        role.ButtonText: "text",
        role.ToolTipBase: "alternate",
        role.ToolTipText: "text",
        role.Mid: "line",
        role.Highlight: "accent",
        role.HighlightedText: "on-accent",
        role.Link: "link",
        role.LinkVisited: "link",
        role.PlaceholderText: "muted",
        role.Accent: "accent",
    }
    for where, name in plain.items():
        palette.setColor(where, QColor(colours[name]))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(colours["disabled"]))
    palette.setColor(QPalette.ColorGroup.Inactive, role.Highlight, QColor(colours["accent"]))
    return palette


def light_palette() -> QPalette:
    """The light theme's colours, dark text on light ground."""
    return _palette(
        {
            "window": "#F3F4F6",
            "base": "#FFFFFF",
            "alternate": "#F7F8FA",
            "button": "#ECEEF1",
            "line": "#C3C8CF",
            "text": "#1A1F26",
            "muted": "#5E6772",
            "disabled": "#9AA1AA",
            "accent": "#1F66C1",
            "on-accent": "#FFFFFF",
            "link": "#1B5AA8",
        }
    )


def dark_palette() -> QPalette:
    """The dark theme's colours, light text on dark ground."""
    return _palette(
        {
            "window": "#2A2F36",
            "base": "#1A1D21",
            "alternate": "#20242A",
            "button": "#3A414A",
            "line": "#4A525C",
            "text": "#E4E7EB",
            "muted": "#9AA4AF",
            "disabled": "#6B747E",
            "accent": "#2F6FC4",
            "on-accent": "#FFFFFF",
            "link": "#7FB2F0",
        }
    )


def apply_theme(application: QApplication, name: str) -> None:
    """Dress the application: ``light``, ``dark``, or ``system`` (what the desktop gives)."""
    if name == "system":
        application.setStyleSheet("")
        application.setPalette(QPalette())
        return
    if application.style().name() != "fusion":
        # Every widget is measured anew by it, which another palette does not ask for.
        application.setStyle("Fusion")
    palette = dark_palette() if name == "dark" else light_palette()
    application.setPalette(palette)
    for kind in ("QCheckBox", "QRadioButton"):
        # PySide takes a str for C++'s const char *, whatever its stubs say.
        application.setPalette(indicator_palette(palette), kind)  # type: ignore[arg-type]


def indicator_palette(palette: QPalette) -> QPalette:
    """The palette for check boxes and radio buttons, whose outline can be seen.

    Fusion draws it in the window's colour made darker (QFusionStylePrivate::outline), which on a
    dark ground is no outline at all. These widgets use the window's colour for nothing else.
    """
    outlined = QPalette(palette)
    role = QPalette.ColorRole
    wanted = contrast.readable(palette.color(role.Mid), palette.color(role.Base), 3.0)
    outlined.setColor(role.Window, wanted.lighter(FUSION_DARKER))
    return outlined
