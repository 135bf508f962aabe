"""The least Kivy can do: the peers of the kiosk's window, with the same Kivy settings.

`python -m benchmarks.floor label|pages FOLDER`: one label, or two bare pages in the kiosk's look
and sizes; a tile leads to the second, a button back. Prints a line of JSON once it stands. No
application code of ours, no text shaping, no gate: what is left is Kivy and the GL under it.
"""

import json
import sys
from pathlib import Path
from typing import Any

from screens.window import configure

WIDTH, HEIGHT = 1080, 1920
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
HEADER, GROUND, SURFACE, TINT = "#0a3d7a", "#f4f6fa", "#ffffff", "#d5e4f7"
TILE = (48, 455, 984, 226)
BACK = (32, 1770, 187, 124)
NEXT = (48, 1564, 984, 152)
"""Left, top, width, height, as on the kiosk's pages `who` and `notice`."""


def main() -> None:
    kind, folder = sys.argv[1], Path(sys.argv[2])
    configure(WIDTH, HEIGHT, folder, fullscreen=True)
    from kivy.app import App
    from kivy.clock import Clock
    from kivy.core.window import Window
    from kivy.uix.label import Label
    from kivy.utils import get_color_from_hex

    class Floor(App):
        """Bare."""

        def build(self) -> Any:
            Window.clearcolor = get_color_from_hex(GROUND)
            if kind == "label":
                return Label(text="Kivy", font_size=72, color=(0, 0, 0, 1))
            return _pages()

        def on_start(self) -> None:
            Clock.schedule_once(lambda _dt: print(json.dumps({"ready": kind}), flush=True), 0)

    Floor().run()


def _pages() -> Any:
    """Two pages in one layout, swapped whole."""
    from kivy.uix.floatlayout import FloatLayout

    host, first, second = FloatLayout(), FloatLayout(), FloatLayout()

    def show(page: Any) -> None:
        host.clear_widgets()
        host.add_widget(page)

    for page in (first, second):
        _plain(page, (0, 0, WIDTH, 132), HEADER)
        _words(page, (48, 40, 500, 60), "社会保障卡自助服务", 46, SURFACE)
        _plain(page, (0, 1745, WIDTH, 175), SURFACE)
        for number, text in enumerate(("返回", "首页", "帮我", "大字", "English")):
            x, y, w, h = BACK
            _button(page, (x + number * 207, y, w, h), text, 36, lambda: show(first))
    x, y, w, h = TILE
    _words(first, (48, 280, 984, 80), "您给谁办社保卡？", 64)
    for number, text in enumerate(("给我自己办", "替成年人办", "替孩子办")):
        _button(first, (x, y + number * 254, w, h), text, 46, lambda: show(second))
    _words(second, (48, 280, 984, 80), "办理前，请您看一看", 64)
    _plain(second, (48, 466, 984, 400), SURFACE)
    for number, text in enumerate(("申办人证件", "照片", "费用")):
        _words(second, (90, 500 + number * 120, 900, 60), text, 40)
    _button(second, NEXT, "知道了，开始办理", 56, lambda: show(first))
    show(first)
    return host


def _plain(page: Any, box: tuple[int, int, int, int], colour: str) -> None:
    from kivy.graphics import Color, Rectangle
    from kivy.utils import get_color_from_hex

    x, y, w, h = box
    with page.canvas.before:
        Color(rgba=get_color_from_hex(colour))
        Rectangle(pos=(x, HEIGHT - y - h), size=(w, h))


def _words(
    page: Any, box: tuple[int, int, int, int], text: str, px: int, colour: str = "#14213d"
) -> None:
    from kivy.uix.label import Label

    x, y, w, h = box
    page.add_widget(
        Label(
            text=text,
            font_name=FONT,
            font_size=px,
            color=colour,
            size_hint=(None, None),
            size=(w, h),
            pos=(x, HEIGHT - y - h),
        )
    )


def _button(page: Any, box: tuple[int, int, int, int], text: str, px: int, done: Any) -> None:
    """A rounded rectangle that changes colour while pressed."""
    from kivy.graphics import Color, RoundedRectangle
    from kivy.uix.behaviors import ButtonBehavior
    from kivy.uix.label import Label
    from kivy.utils import get_color_from_hex

    class Plain(ButtonBehavior, Label):
        """A label that can be pressed."""

    x, y, w, h = box
    button = Plain(
        text=text,
        font_name=FONT,
        font_size=px,
        color="#14213d",
        size_hint=(None, None),
        size=(w, h),
        pos=(x, HEIGHT - y - h),
    )
    with button.canvas.before:
        colour = Color(rgba=get_color_from_hex(SURFACE))
        RoundedRectangle(pos=button.pos, size=button.size, radius=[28])

    def paint(_button: Any, state: str) -> None:
        colour.rgba = get_color_from_hex(TINT if state == "down" else SURFACE)

    button.bind(state=paint, on_release=lambda _button: done())
    page.add_widget(button)


if __name__ == "__main__":
    main()
