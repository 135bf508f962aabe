"""What Kivy's touch handlers answer, and which touches are a finger's."""

from typing import Literal

from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

Handled = Literal[True] | None
"""True: the touch is taken, nobody else gets it."""


def begins(widget: Widget, touch: MotionEvent) -> bool:
    """Whether `touch` lands on `widget`; wheels and other mouse buttons do not count."""
    inside = widget.collide_point(*touch.pos) and not touch.is_mouse_scrolling
    return inside and touch.button in (None, "left")
