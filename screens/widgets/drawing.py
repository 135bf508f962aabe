"""A drawing of a repair: lines, arrows, and the numbers of the steps."""

from math import atan2, cos, pi, sin

from kivy.graphics import Color, Ellipse, Line
from kivy.graphics.instructions import InstructionGroup
from kivy.properties import StringProperty
from kivy.uix.widget import Widget

from screens.drawings import DRAWINGS, HIGH, WIDE, Drawing
from screens.theme_kv import theme

STROKE, MARK, HEAD = 0.7, 4.2, 4.0
"""In units of the drawing: half a line's width, a mark's radius, the length of an arrow's head."""

DIGITS = (
    ((-0.22, 0.25), (0.05, 0.5), (0.05, -0.5)),
    ((-0.3, 0.3), (-0.1, 0.5), (0.2, 0.45), (0.3, 0.2), (-0.3, -0.5), (0.32, -0.5)),
    ((-0.28, 0.5), (0.28, 0.5), (0.0, 0.1), (0.28, -0.15), (0.2, -0.42), (-0.28, -0.5)),
)
"""1, 2 and 3 as lines, within a mark's radius."""


class RepairDrawing(Widget):
    """One of `screens.drawings.DRAWINGS`, as large as there is room for; "" shows none."""

    drawing = StringProperty("")

    def __init__(self, **properties: object) -> None:
        self._drawn = InstructionGroup()
        super().__init__(**properties)
        self.canvas.add(self._drawn)  # pyright: ignore[reportOptionalMemberAccess]  Kivy has no types
        self.bind(pos=self._draw, size=self._draw, drawing=self._draw)
        self._draw()

    def _draw(self, *_args: object) -> None:
        self._drawn.clear()
        drawing = DRAWINGS.get(self.drawing)
        if drawing is not None and min(self.size) > 0:
            self._unit = min(self.width / WIDE, self.height / HIGH)
            self._put(drawing)

    def _put(self, drawing: Drawing) -> None:
        self._drawn.add(Color(*theme.ink))
        for line in drawing.lines:
            self._line(line)
        for x, y, radius in drawing.rounds:
            circle = (*self._at((x, y)), radius * self._unit)
            self._drawn.add(Line(circle=circle, width=STROKE * self._unit))
        self._drawn.add(Color(*theme.primary))
        for arrow in drawing.arrows:
            self._line(arrow)
            self._head(arrow[-2], arrow[-1])
        for digit, mark in zip(DIGITS, drawing.marks, strict=False):
            self._mark(mark, digit)

    def _mark(self, at: tuple[float, float], digit: tuple[tuple[float, float], ...]) -> None:
        (x, y), radius = self._at(at), MARK * self._unit
        self._drawn.add(Color(*theme.primary))
        self._drawn.add(Ellipse(pos=(x - radius, y - radius), size=(2 * radius, 2 * radius)))
        self._drawn.add(Color(*theme.on_primary))
        self._line(tuple((at[0] + MARK * dx, at[1] + MARK * dy) for dx, dy in digit))

    def _head(self, before: tuple[float, float], tip: tuple[float, float]) -> None:
        way = atan2(tip[1] - before[1], tip[0] - before[0])
        ends = [
            (tip[0] + HEAD * cos(way + side), tip[1] + HEAD * sin(way + side))
            for side in (pi * 0.83, -pi * 0.83)
        ]
        self._line((ends[0], tip, ends[1]))

    def _line(self, points: tuple[tuple[float, float], ...]) -> None:
        flat = [each for point in points for each in self._at(point)]
        width = STROKE * self._unit
        self._drawn.add(Line(points=flat, width=width, cap="round", joint="round"))

    def _at(self, point: tuple[float, float]) -> tuple[float, float]:
        left = self.center_x - WIDE * self._unit / 2
        low = self.center_y - HIGH * self._unit / 2
        return left + point[0] * self._unit, low + point[1] * self._unit
