"""Long work: a bar, how much is done, how fast, and the time left."""

from kivy.properties import NumericProperty, StringProperty

from screens.layouts.page import Body
from screens.view import View
from screens.widgets import rules


class ProgressBody(Body):
    """The bar grows with the work; before there is a figure, dots show that it goes on."""

    share = NumericProperty(0)
    text = StringProperty("")
    rate = StringProperty("")
    left = StringProperty("")

    def fill(self, view: View) -> None:
        """Show how far the work is."""
        gauge = view.gauge
        self.share = gauge.share if gauge else 0
        self.text = gauge.text if gauge else ""
        self.rate = gauge.rate if gauge else ""
        self.left = gauge.left if gauge else ""
        self.ids.pulse.start()


rules.load(__file__)
