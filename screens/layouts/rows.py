"""Many rows, some at a time: pages to be turned."""

from kivy.properties import NumericProperty, StringProperty

from screens.layouts.page import Body
from screens.layouts.tables import fill_table
from screens.view import Row, View
from screens.widgets import rules

ROWS, ROWS_LARGE = 6, 3
"""Rows of a page: each may need two lines beside its button."""


class RowsBody(Body):
    """A table of a page's rows; below it the page's number and the buttons to turn it."""

    of = NumericProperty(1)
    page = NumericProperty(0)
    told = StringProperty("")
    before = StringProperty("")
    after = StringProperty("")

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._rows: tuple[Row, ...] = ()
        self._each = ROWS

    def fill(self, view: View) -> None:
        """Show the view's rows, on the page that is open."""
        each = ROWS_LARGE if view.large else ROWS
        keys = view.keys
        self.before, self.after = keys.before, keys.after
        if (view.rows, each, keys.page) != (self._rows, self._each, self.told):
            self._rows, self._each, self.told = view.rows, each, keys.page
            self.of = max(1, -(-len(view.rows) // each))
            self.turn(0)

    def turn(self, by: int) -> None:
        """Turn so many pages, within the first and the last."""
        self.page = min(max(0, self.page + by), self.of - 1)
        first = self.page * self._each
        fill_table(self.ids.table, self._rows[first : first + self._each], self.says)

    def forget(self) -> None:
        """Wipe the rows: a name may stand there, if masked."""
        self._rows, self.page, self.of = (), 0, 1
        fill_table(self.ids.table, (), self.says)


rules.load(__file__)
