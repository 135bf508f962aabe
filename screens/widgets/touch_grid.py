"""Zones over the whole page: each is coloured once a finger was heard there."""

from kivy.graphics import Color, Line, Rectangle
from kivy.graphics.instructions import InstructionGroup
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

from screens.theme_kv import theme
from screens.touch import Handled, begins

SEEN_THROUGH = 0.4
"""How much of the colour lies over the page: what is below can still be read."""


class TouchGrid(Widget):
    """`columns` x `rows` zones, 0 at the upper left; with none it is not there.

    The first touch of a zone is the zone's; those after it are whatever lies below: so each button
    can be tried, and each still leads out. `missed` are the zones not touched yet.
    """

    def __init__(self, **properties: object) -> None:
        self._columns = self._rows = 0
        self._touched: set[int] = set()
        self._drawn = InstructionGroup()
        super().__init__(**properties)
        self.canvas.add(self._drawn)  # pyright: ignore[reportOptionalMemberAccess]  Kivy has no types
        self.bind(pos=self._draw, size=self._draw)

    @property
    def missed(self) -> tuple[int, ...]:
        """The zones that heard no finger yet."""
        return tuple(
            each for each in range(self._columns * self._rows) if each not in self._touched
        )

    def begin(self, columns: int, rows: int) -> None:
        """Lay out so many zones, none touched; 0 takes them away."""
        self._columns, self._rows = columns, rows
        self._touched.clear()
        self._draw()

    def on_touch_down(self, touch: MotionEvent) -> Handled:
        """Colour the zone, and take the touch, if it is the first there."""
        zone = self._zone(touch) if self._rows and begins(self, touch) else None
        if zone is None or zone in self._touched:
            return None
        self._touched.add(zone)
        self._draw()
        return True

    def _zone(self, touch: MotionEvent) -> int:
        across = min(int((touch.x - self.x) / self.width * self._columns), self._columns - 1)
        down = min(int((self.top - touch.y) / self.height * self._rows), self._rows - 1)
        return down * self._columns + across

    def _draw(self, *_args: object) -> None:
        self._drawn.clear()
        if not self._rows:
            return
        wide, high = self.width / self._columns, self.height / self._rows
        for zone in range(self._columns * self._rows):
            x = self.x + zone % self._columns * wide
            y = self.top - (zone // self._columns + 1) * high
            if zone in self._touched:
                self._drawn.add(Color(*theme.success[:3], SEEN_THROUGH))
                self._drawn.add(Rectangle(pos=(x, y), size=(wide, high)))
            self._drawn.add(Color(*theme.muted))
            self._drawn.add(Line(rectangle=(x, y, wide, high), width=1))
