"""Rows of a view as rows on the screen."""

from collections.abc import Callable
from io import BytesIO

from kivy.core.image import Image

from screens.view import Row as RowView
from screens.view import Say
from screens.widgets import Row, Table


def fill_table(table: Table, rows: tuple[RowView, ...], says: Callable[[Say], None]) -> None:
    """Show these rows in a table; without rows the table is not seen. Rows are used again."""
    table.put_away()
    table.opacity = 1 if rows else 0
    for place, row in enumerate(rows):
        made = table.spare.pop() if table.spare else Row()
        made.label, made.value, made.rich = row.label, row.value, row.rich
        made.name = row.change.name if row.change else ""
        made.edit_text = row.change.text if row.change else ""
        made.texture = _texture(row.picture)
        made.last, made.tight = place == len(rows) - 1, table.tight
        made.edit = _saying(row, says)
        table.add_widget(made)


def _saying(row: RowView, says: Callable[[Say], None]) -> Callable[[], None] | None:
    change = row.change
    return (lambda: says(change.say)) if change else None


def _texture(jpeg: bytes) -> object:
    return Image(BytesIO(jpeg), ext="jpg", nocache=True).texture if jpeg else None
