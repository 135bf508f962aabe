"""Work goes on: three dots, one of them lit."""

from kivy.clock import Clock
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from screens.widgets import rules

DOTS = 3
BEAT_S = 0.5


class Pulse(Widget):
    """Dots lit in turn, twice a second, from `start` on while it is on the screen."""

    lit = NumericProperty(0)

    def __init__(self, **properties: object) -> None:
        self._clock = Clock.create_trigger(self._beat, BEAT_S, interval=True)
        super().__init__(**properties)

    def start(self) -> None:
        """Beat from now on, until it is taken off the screen."""
        self._clock()

    def _beat(self, *_args: object) -> None:
        if self.get_root_window() is None:
            self._clock.cancel()
        else:
            self.lit = (self.lit + 1) % DOTS


rules.load(__file__)
