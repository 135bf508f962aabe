"""What can be operated on the screen and where: for tests, demos and assistive uses."""

from collections.abc import Iterator
from typing import TypedDict

from kivy.uix.widget import Widget

from screens.widgets.buttons import Press
from screens.widgets.dialog import Dialog
from screens.widgets.signature_pad import SignaturePad


class Operable(TypedDict):
    """A visible, enabled widget; x, y, w, h in window pixels from the top left corner."""

    name: str
    text: str
    x: int
    y: int
    w: int
    h: int


def layout(root: Widget, window_height: float) -> list[Operable]:
    """Every widget under `root` that a finger can operate now, top to bottom.

    Under a dialog only the dialog's own buttons count.
    """
    dialogs = [widget for widget in root.walk(restrict=True) if isinstance(widget, Dialog)]
    found = [_describe(w, window_height) for w in _operable(dialogs[0] if dialogs else root)]
    return sorted(found, key=lambda operable: (operable["y"], operable["x"]))


def _operable(widget: Widget) -> Iterator[Widget]:
    if widget.opacity == 0 or widget.disabled or widget.width <= 0 or widget.height <= 0:
        return
    if isinstance(widget, Press | SignaturePad):
        yield widget
    for child in widget.children:
        yield from _operable(child)


def _describe(widget: Widget, window_height: float) -> Operable:
    x, y = widget.to_window(widget.x, widget.y)
    return Operable(
        name=widget.name,
        text=widget.text,
        x=round(x),
        y=round(window_height - y - widget.height),
        w=round(widget.width),
        h=round(widget.height),
    )
