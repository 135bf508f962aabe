"""Many rows, some at a time: pages to be turned."""

from dataclasses import replace

from kivy.properties import NumericProperty, StringProperty

from screens.layouts.notice import NoticeBody
from screens.view import View
from screens.widgets import rules

ROWS, ROWS_LARGE = 6, 3
"""Rows of a page: each may need two lines beside its button."""


class RowsBody(NoticeBody):
    """A table of a page's rows; below it the page's number and the buttons to turn it."""

    of = NumericProperty(1)
    page = NumericProperty(0)
    told = StringProperty("")
    before = StringProperty("")
    after = StringProperty("")

    def __init__(self, **properties: object) -> None:
        self._view: View | None = None
        super().__init__(**properties)

    def fill(self, view: View) -> None:
        """Show the view's rows, on the page that is open."""
        self._view, keys = view, view.keys
        self.before, self.after, self.told = keys.before, keys.after, keys.page
        self.of = max(1, -(-len(view.rows) // self._each(view)))
        self.turn(0)

    def turn(self, by: int) -> None:
        """Turn so many pages, within the first and the last."""
        if self._view is None:
            return
        self.page = min(max(0, self.page + by), self.of - 1)
        first, each = int(self.page) * self._each(self._view), self._each(self._view)
        super().fill(replace(self._view, rows=self._view.rows[first : first + each]))

    def forget(self) -> None:
        """Wipe the rows: a name may stand there, if masked. The page that is open stays open."""
        self._view = None
        super().forget()

    @staticmethod
    def _each(view: View) -> int:
        return ROWS_LARGE if view.large else ROWS


rules.load(__file__)
