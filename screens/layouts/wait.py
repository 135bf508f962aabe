"""Work is being done: what is being waited for."""

from kivy.properties import StringProperty

from screens.layouts.page import Body
from screens.view import View
from screens.widgets import rules

ICONS = {
    "eligibility": "shield-check",
    "seal": "shield-check",
    "voucher": "printer",
    "reprint_slip": "printer",
    "refusal_slip": "printer",
}
"""What the work of a step looks like; other steps show an hour-glass."""


class WaitBody(Body):
    """A sign of the work, and dots that show it goes on: the title says what is waited for."""

    icon = StringProperty("hourglass")

    def fill(self, view: View) -> None:
        """Show the sign of the view's step."""
        self.icon = ICONS.get(view.step, "hourglass")
        self.ids.pulse.start()


rules.load(__file__)
