"""Choose one of a few: tiles, and a touch is the answer."""

from kivy.properties import NumericProperty

from screens.layouts.page import Body
from screens.theme_kv import theme
from screens.view import Choice, View
from screens.widgets import Tile, rules

ICONLESS_PX = 150
"""Tiles lower than this (design px) have no icon, so that large words fit."""


class ChoiceBody(Body):
    """Tiles in the columns of the theme, as high as there is room for."""

    rows = NumericProperty(1)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._shown: tuple[Choice, ...] = ()
        self._tiles: list[Tile] = []
        self.ids.grid.bind(size=self._fit)

    def fill(self, view: View) -> None:
        """Show the view's choices."""
        self.ids.grid.cols = self.columns(view)
        self.rows = -(-len(view.choices) // self.ids.grid.cols)
        if view.choices != self._shown:
            self._shown = view.choices
            self._build()
        self._fit()

    def columns(self, view: View) -> int:
        """One column for large type, and for tiles that explain themselves in a second line."""
        return 1 if view.large or any(choice.subtitle for choice in view.choices) else 2

    def _build(self) -> None:
        grid = self.ids.grid
        grid.clear_widgets()
        self._tiles = []
        for choice in self._shown:
            tile = Tile(name=choice.name, text=choice.title, subtitle=choice.subtitle)
            tile.bind(on_release=lambda _tile, say=choice.say: self.says(say))
            self._tiles.append(tile)
            grid.add_widget(tile)

    def _fit(self, *_args: object) -> None:
        gap = theme.gap_len
        room = (self.ids.grid.height - gap * (self.rows - 1)) / max(1, self.rows)
        height = min(theme.tile_len, room)
        for tile, choice in zip(self._tiles, self._shown, strict=True):
            tile.height = height
            tile.icon = choice.icon if height >= ICONLESS_PX * theme.u else ""


rules.load(__file__)
