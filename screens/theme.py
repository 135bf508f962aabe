"""Colours and sizes of every screen, as data.

Sizes are design pixels of a canvas 1080 wide; on the 21.5" portrait panel 4.03 of them are a
millimetre. Nothing here imports Kivy: `screens.theme_kv` carries the numbers to the kv files.
"""

from dataclasses import dataclass, fields

CANVAS_WIDTH = 1080
CANVAS_HEIGHT = 1920
PX_PER_MM = 4.03
"""Design pixels to the millimetre: 1080 px over the 268 mm of a 21.5" portrait panel."""

LARGE_TYPE = 1.3
"""What large type multiplies every type size by; its pages have one column."""

MIN_TARGET_MM = 18
MIN_GAP_MM = 3
MIN_CONTRAST = 7.0
"""WCAG 2.1, success criterion 1.4.6 (enhanced contrast)."""


@dataclass(frozen=True)
class Palette:
    """Colours by what they are for, each "#RRGGBB"."""

    ground: str
    surface: str
    line: str
    ink: str
    muted: str
    primary: str
    on_primary: str
    pressed: str
    tint: str
    on_tint: str
    notice: str
    notice_line: str
    notice_ink: str
    success: str
    danger: str
    track: str
    box_line: str


NORMAL = Palette(
    ground="#F4F6F9",
    surface="#FFFFFF",
    line="#CBD5E3",
    ink="#14233A",
    muted="#3A4A63",
    primary="#0B3D78",
    on_primary="#FFFFFF",
    pressed="#062A55",
    tint="#E6EFFA",
    on_tint="#0B3D78",
    notice="#FFF4DB",
    notice_line="#E4B64A",
    notice_ink="#4A3500",
    success="#0E7A4A",
    danger="#B3261E",
    track="#DAE1EA",
    box_line="#7F93B0",
)

HIGH_CONTRAST = Palette(
    ground="#000000",
    surface="#000000",
    line="#FFFFFF",
    ink="#FFFFFF",
    muted="#FFFFFF",
    primary="#FFD400",
    on_primary="#000000",
    pressed="#FFEA80",
    tint="#1A1A00",
    on_tint="#FFD400",
    notice="#000000",
    notice_line="#FFD400",
    notice_ink="#FFFFFF",
    success="#0E7A4A",
    danger="#B3261E",
    track="#4D4D4D",
    box_line="#FFFFFF",
)

TEXT_ON_GROUND = (
    ("ink", "ground"),
    ("ink", "surface"),
    ("ink", "tint"),
    ("muted", "ground"),
    ("muted", "surface"),
    ("primary", "surface"),
    ("on_primary", "primary"),
    ("on_primary", "pressed"),
    ("on_tint", "tint"),
    ("notice_ink", "notice"),
)
"""Every pair of text and ground the widgets paint; a test holds each at 7:1 in both palettes."""


@dataclass(frozen=True)
class Type:
    """Type sizes in design pixels; none is below 30."""

    title: int = 64
    button: int = 56
    key: int = 72
    tile: int = 46
    second: int = 42
    body: int = 36
    value: int = 40
    small: int = 30


@dataclass(frozen=True)
class Metrics:
    """Places and distances in design pixels, top to bottom; large type does not change them."""

    header: int = 132
    steps: int = 96
    foot: int = 176
    margin: int = 48
    gap: int = 28
    key_gap: int = 25
    letter_gap: int = 13
    primary: int = 152
    second: int = 120
    foot_button: int = 124
    tile: int = 226
    key: int = 150
    letter: int = 124
    row: int = 120
    edit_width: int = 136
    edit: int = 84
    icon: int = 56
    plate: int = 112
    radius: int = 28
    button_radius: int = 32
    stroke: int = 3


TYPE = Type()
METRICS = Metrics()


@dataclass(frozen=True)
class Theme:
    """One look: what a window of `scale` x 1080 pixels paints.

    `scale` is the window's width over 1080. `large` sets type 1.3 times larger and asks the
    pages for one column.
    """

    scale: float = 1.0
    large: bool = False
    palette: Palette = NORMAL

    @property
    def columns(self) -> int:
        """How many tiles stand side by side."""
        return 1 if self.large else 2

    def px(self, design: float) -> float:
        """`design` pixels of the 1080 canvas in pixels of the window."""
        return design * self.scale

    def type_sizes(self) -> dict[str, float]:
        """Every type size in whole pixels of the window, by its name in `Type`."""
        grow = LARGE_TYPE if self.large else 1.0
        return {f.name: round(getattr(TYPE, f.name) * grow * self.scale) for f in fields(TYPE)}


def channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue of "#RRGGBB", each 0 to 1."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red / 255, green / 255, blue / 255


def _luminance(colour: str) -> float:
    def linear(c: float) -> float:
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  sRGB

    red, green, blue = (linear(c) for c in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
