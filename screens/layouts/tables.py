"""Rows of a view as rows on the screen."""

from collections.abc import Callable
from io import BytesIO

from kivy.core.image import Image

from screens.view import Row as RowView
from screens.view import Say
from screens.widgets import Row, Table


def fill_table(table: Table, rows: tuple[RowView, ...], says: Callable[[Say], None]) -> None:
    """Show these rows in a table; without rows the table is not seen."""
    table.clear_widgets()
    table.opacity = 1 if rows else 0
    for place, row in enumerate(rows):
        made = Row(
            label=row.label,
            value=row.value,
            rich=row.rich,
            last=place == len(rows) - 1,
            tight=table.tight,
            name=row.change.name if row.change else "",
            edit_text=row.change.text if row.change else "",
            texture=_texture(row.picture),
        )
        if row.change:
            made.bind(on_edit=lambda _made, say=row.change.say: says(say))
        table.add_widget(made)


def _texture(jpeg: bytes) -> object:
    return Image(BytesIO(jpeg), ext="jpg", nocache=True).texture if jpeg else None
