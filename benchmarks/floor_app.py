"""The bare App of `benchmarks.floor`: plain labels, rectangles, `App.run` and nothing of ours."""

import json
from collections.abc import Callable
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics import Color, Rectangle, RoundedRectangle
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.label import Label
from kivy.uix.widget import Widget
from kivy.utils import get_color_from_hex

from benchmarks.floor import BACK, HEIGHT, PRIMARY, TILE, WIDTH, Box

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
HEADER, GROUND, SURFACE, TINT, INK = "#0a3d7a", "#f4f6fa", "#ffffff", "#d5e4f7", "#14213d"
FOOT = ("返回", "首页", "帮我", "大字", "English")
TILES = ("给我自己办", "替成年人办", "替孩子办")
ROWS = ("申办人证件", "照片", "费用")


class Floor(App):
    """`kind` is "label" or "pages"."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind

    def build(self) -> Widget:
        Window.clearcolor = get_color_from_hex(GROUND)
        if self._kind == "label":
            return Label(text="Kivy", font_size=72, color=INK)
        return pages()

    def on_start(self) -> None:
        Clock.schedule_once(lambda _dt: print(json.dumps({"ready": self._kind}), flush=True), 0)


class Plain(ButtonBehavior, Label):  # pyright: ignore[reportIncompatibleMethodOverride] - Kivy's own bases disagree
    """A label that can be pressed."""


def pages() -> Widget:
    """Two pages in one layout, swapped whole."""
    host, first, second = FloatLayout(), FloatLayout(), FloatLayout()

    def show(page: Widget) -> None:
        host.clear_widgets()
        host.add_widget(page)

    for page in (first, second):
        frame(page, lambda: show(first))
    x, y, w, h = TILE
    page_title(first, "您给谁办社保卡？")
    for number, text in enumerate(TILES):
        button(first, (x, y + number * 254, w, h), text, 46, lambda: show(second))
    page_title(second, "办理前，请您看一看")
    plain(second, (48, 466, 984, 400), SURFACE)
    for number, text in enumerate(ROWS):
        words(second, (90, 500 + number * 120, 900, 60), text, 40)
    button(second, PRIMARY, "知道了，开始办理", 56, lambda: show(first))
    show(first)
    return host


def frame(page: Widget, back: Callable[[], None]) -> None:
    """Header and foot."""
    plain(page, (0, 0, WIDTH, 132), HEADER)
    words(page, (48, 40, 500, 60), "社会保障卡自助服务", 46, SURFACE)
    plain(page, (0, 1745, WIDTH, 175), SURFACE)
    x, y, w, h = BACK
    for number, text in enumerate(FOOT):
        button(page, (x + number * 207, y, w, h), text, 36, back)


def page_title(page: Widget, text: str) -> None:
    words(page, (48, 280, 984, 80), text, 64)


def plain(page: Widget, box: Box, colour: str) -> None:
    """A rectangle."""
    x, y, w, h = box
    drawing: Any = page.canvas  # Kivy's types let it be None
    drawing.add(Color(rgba=get_color_from_hex(colour)))
    drawing.add(Rectangle(pos=(x, HEIGHT - y - h), size=(w, h)))


def words(page: Widget, box: Box, text: str, px: int, colour: str = INK) -> None:
    label = Label(text=text, font_name=FONT, font_size=px, color=colour)
    place(page, label, box)


def button(page: Widget, box: Box, text: str, px: int, done: Callable[[], None]) -> None:
    """A rounded rectangle that changes colour while pressed."""
    made = Plain(text=text, font_name=FONT, font_size=px, color=INK)
    place(page, made, box)
    drawing: Any = made.canvas  # Kivy's types let it be None
    colour = Color(rgba=get_color_from_hex(SURFACE))
    drawing.before.add(colour)
    drawing.before.add(RoundedRectangle(pos=made.pos, size=made.size, radius=[28]))

    def paint(_button: Widget, state: str) -> None:
        colour.rgba = get_color_from_hex(TINT if state == "down" else SURFACE)

    made.bind(state=paint, on_release=lambda _button: done())


def place(page: Widget, widget: Widget, box: Box) -> None:
    x, y, w, h = box
    widget.size_hint, widget.size = (None, None), (w, h)
    widget.pos = (x, HEIGHT - y - h)
    page.add_widget(widget)
