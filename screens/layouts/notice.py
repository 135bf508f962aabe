"""Something to read before going on: a table, and what matters in yellow."""

from kivy.clock import Clock
from kivy.properties import StringProperty

from screens.layouts.page import Body
from screens.layouts.tables import fill_table
from screens.view import Row, View
from screens.widgets import rules
from screens.widgets.table import TIGHTEST

SETTLED = 4
"""So many rounds of layout without a change: then the heights are what they will be."""


class NoticeBody(Body):
    """Rows, if there are any, and a notice; the rows close up when it is too much for the page."""

    notice = StringProperty("")
    icon = StringProperty("")

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._rows: tuple[Row, ...] | None = None
        self._settled: tuple[float, ...] = ()
        self._squeeze_soon = Clock.create_trigger(self._squeeze, -1)
        self.fbind("minimum_height", self._squeeze_soon)
        self.fbind("height", self._loosen)

    def fill(self, view: View) -> None:
        """Show the view's rows and notice."""
        self.notice = view.notice
        bare = not view.rows and not view.notice
        self.icon = view.primary.icon if view.primary and bare else ""
        if view.rows != self._rows:
            self._rows = view.rows
            self._loosen()
            fill_table(self.ids.table, view.rows, self.says)

    def forget(self) -> None:
        """Wipe the rows and the notice (an address may stand there)."""
        self.notice, self._rows = "", None
        fill_table(self.ids.table, (), self.says)

    def _loosen(self, *_args: object) -> None:
        self.ids.table.tight = 0
        self._squeeze_soon()

    def _squeeze(self, *_args: object) -> None:
        """Close the rows up; not before texts and rows have found their heights."""
        table = self.ids.table
        found = (self.height, self.minimum_height, table.height, table.tight)
        if found != self._settled[:4]:
            self._settled = (*found, 0)
        self._settled = (*found, self._settled[4] + 1)
        if self._settled[4] < SETTLED:
            self._squeeze_soon()
        elif self.minimum_height > self.height and table.tight < TIGHTEST:
            table.tight += 1
            self._squeeze_soon()


rules.load(__file__)
