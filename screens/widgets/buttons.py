"""What can be pressed."""

from kivy.input.motionevent import MotionEvent
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens.touch import Handled, begins
from screens.widgets import rules
from screens.widgets.panel import Panel


class Press(Panel):
    """A panel that is pressed: shown at once, acted on at release inside it.

    `name` is what tests and assistive uses know it by; `text` what it says. Events: `on_press`,
    `on_release`. A widget taken off the screen while pressed does not act.
    """

    name = StringProperty("")
    text = StringProperty("")
    pressed = BooleanProperty(False)

    __events__ = ("on_press", "on_release")

    def on_touch_down(self, touch: MotionEvent) -> Handled:
        """Take the touch when it is a first-button press inside."""
        if not begins(self, touch):
            return None
        if not self.disabled:
            touch.grab(self)
            self.pressed = True
            self.dispatch("on_press")
        return True

    def on_touch_move(self, touch: MotionEvent) -> Handled:
        """Show as pressed only while the finger is inside."""
        if touch.grab_current is not self:
            return None
        self.pressed = self.collide_point(*touch.pos)
        return True

    def on_touch_up(self, touch: MotionEvent) -> Handled:
        """Act when the finger leaves the glass inside."""
        if touch.grab_current is not self:
            return None
        touch.ungrab(self)
        self.pressed = False
        on_screen = self.get_parent_window() is not None
        if on_screen and not self.disabled and self.collide_point(*touch.pos):
            self.dispatch("on_release")
        return True

    def on_press(self) -> None:
        """For kv: the finger is down."""

    def on_release(self) -> None:
        """For kv: act."""


class PrimaryButton(Press):
    """The one thing to do on a screen, full width."""

    px = NumericProperty(56)


class SecondaryButton(Press):
    """The other thing one may do, outlined; never two primaries."""

    px = NumericProperty(42)


class FootButton(Press):
    """One of the five fixed buttons at the foot: an icon over a word."""

    icon = StringProperty("")
    chosen = BooleanProperty(False)


rules.load(__file__)
