"""The Kivy App of a kiosk: none of the keys and panels Kivy opens by itself."""

from kivy.app import App
from kivy.core.window import Window

from screens.theme_kv import theme


class KioskApp(App):
    """An App whose keyboard does nothing and whose ground is the window's clear colour.

    A subclass gives `build()`. F1 (settings), Escape (quit) and the back key are swallowed:
    the kiosk is operated by touch.
    """

    use_kivy_settings = False
    kv_file = None

    def open_settings(self, *_largs: object) -> bool:
        """Open nothing: Kivy's settings panel is not for citizens."""
        return False

    def load_kv(self, filename: str | None = None) -> bool:  # noqa: ARG002  Kivy's signature
        """Load nothing by the class' name; each widget loads its own rules."""
        return False

    def on_start(self) -> None:
        """Close the doors once the window stands; its clear colour follows the theme."""
        theme.bind(ground=_paint_ground)
        _paint_ground(theme, theme.ground)
        Window.bind(on_keyboard=_swallow)


def _paint_ground(_theme: object, ground: object) -> None:
    # The clear colour costs nothing; a full-screen rectangle costs 10 ms a frame on software GL.
    Window.clearcolor = ground


def _swallow(*_event: object) -> bool:
    return True
