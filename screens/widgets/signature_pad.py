"""A pad to sign on with the finger."""

from kivy.graphics import Color, Line
from kivy.graphics.instructions import InstructionGroup
from kivy.input.motionevent import MotionEvent
from kivy.properties import BooleanProperty, StringProperty

from screens.theme_kv import theme
from screens.touch import Handled, begins
from screens.widgets import rules
from screens.widgets.panel import Panel

Point = tuple[float, float]
Stroke = tuple[Point, ...]

_STEP = 3.0  # pixels; nearer points add nothing to a line


class SignaturePad(Panel):
    """Collects strokes. `strokes`: points from (0, 0) top left to (1, 1) bottom right of the pad.

    Event: `on_changed` after each stroke and after `clear()`. `signed` is true once there is one.
    """

    name = StringProperty("signature")
    text = StringProperty("")
    signed = BooleanProperty(False)

    __events__ = ("on_changed",)

    def __init__(self, **properties: object) -> None:
        self._strokes: list[list[Point]] = []
        self._ink = InstructionGroup()
        super().__init__(**properties)
        self.canvas.after.add(self._ink)  # pyright: ignore[reportOptionalMemberAccess]  Kivy has no types

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """What was drawn so far, in the order it was drawn."""
        return tuple(tuple(stroke) for stroke in self._strokes)

    def clear(self) -> None:
        """Wipe the pad."""
        self._strokes.clear()
        self._ink.clear()
        self.signed = False
        self.dispatch("on_changed")

    def on_changed(self) -> None:
        """For kv: the signature is another one now."""

    def on_touch_down(self, touch: MotionEvent) -> Handled:
        """Begin a stroke."""
        if self.disabled or not begins(self, touch):
            return None
        touch.grab(self)
        line = Line(points=[*touch.pos, *touch.pos], width=3.2 * theme.u, joint="round")
        touch.ud[self] = line
        self._ink.add(Color(*theme.ink))
        self._ink.add(line)
        self._strokes.append([self._normal(touch.pos)])
        return True

    def on_touch_move(self, touch: MotionEvent) -> Handled:
        """Draw on; what leaves the pad stays at its edge."""
        if touch.grab_current is not self:
            return None
        x, y = self._inside(touch.pos)
        line = touch.ud[self]
        last_x, last_y = line.points[-2:]
        if abs(x - last_x) + abs(y - last_y) >= _STEP:
            line.points += [x, y]
            self._strokes[-1].append(self._normal((x, y)))
        return True

    def on_touch_up(self, touch: MotionEvent) -> Handled:
        """End the stroke."""
        if touch.grab_current is not self:
            return None
        touch.ungrab(self)
        self.signed = True
        self.dispatch("on_changed")
        return True

    def _inside(self, pos: Point) -> Point:
        edge = 6 * theme.u
        x = min(self.right - edge, max(self.x + edge, pos[0]))
        return x, min(self.top - edge, max(self.y + edge, pos[1]))

    def _normal(self, pos: Point) -> Point:
        return (pos[0] - self.x) / self.width, (self.top - pos[1]) / self.height


rules.load(__file__)
