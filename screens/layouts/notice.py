"""Something to read before going on: a table, and what matters in yellow."""

from kivy.properties import StringProperty

from screens.layouts.page import Body
from screens.layouts.tables import fill_table
from screens.view import Row, View
from screens.widgets import rules


class NoticeBody(Body):
    """Rows, if there are any, and a notice."""

    notice = StringProperty("")

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._rows: tuple[Row, ...] | None = None

    def fill(self, view: View) -> None:
        """Show the view's rows and notice."""
        self.notice = view.notice
        if view.rows != self._rows:
            self._rows = view.rows
            fill_table(self.ids.table, view.rows, self.says)

    def forget(self) -> None:
        """Wipe the rows and the notice (an address may stand there)."""
        self.notice, self._rows = "", None
        fill_table(self.ids.table, (), self.says)


rules.load(__file__)
