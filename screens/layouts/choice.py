"""Choose one of a few: tiles, and a touch is the answer."""

from kivy.clock import Clock
from kivy.uix.boxlayout import BoxLayout

from screens.layouts.page import Body
from screens.theme_kv import theme
from screens.view import Choice, View
from screens.widgets import Tile, rules

FEW = 4
"""So many tiles or fewer stand in one column."""

ICONLESS, ASIDE, CLOSE = 140, 160, 14
"""Design px: lower tiles have no icon; lower ones say their second line beside the first; the
gap between tiles that have to be that low."""

LAST_ALONE = 0.75
"""How high a tile is that has the last row for itself, to the others."""


class ChoiceBody(Body):
    """Tiles in the columns of the theme, as high as there is room for."""

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self._shown: tuple[Choice, ...] = ()
        self._columns = 1
        self._fit_soon = Clock.create_trigger(self._fit, -1)
        for name in ("height", "minimum_height"):
            self.fbind(name, self._fit_soon)

    def fill(self, view: View) -> None:
        """Show the view's choices."""
        columns = self.columns(view)
        if (view.choices, columns) != (self._shown, self._columns):
            self._shown, self._columns = view.choices, columns
            self._build()
        self._fit_soon()

    def forget(self) -> None:
        """Wipe the tiles: a card may stand there."""
        self._shown = ()
        self.ids.grid.clear_widgets()

    def columns(self, view: View) -> int:
        """One column for large type, for a few, and for tiles that need a second line."""
        alone = view.large or len(view.choices) <= FEW
        return 1 if alone or any(choice.subtitle for choice in view.choices) else 2

    def _build(self) -> None:
        grid = self.ids.grid
        grid.clear_widgets()
        for first in range(0, len(self._shown), self._columns):
            row = BoxLayout(size_hint_y=None, spacing=theme.gap_len)
            for choice in self._shown[first : first + self._columns]:
                tile = Tile(name=choice.name, text=choice.title, subtitle=choice.subtitle)
                tile.bind(on_release=lambda _tile, say=choice.say: self.says(say))
                row.add_widget(tile)
            grid.add_widget(row)

    def _fit(self, *_args: object) -> None:
        grid, rows = self.ids.grid, self.ids.grid.children
        if not rows:
            return
        room = round(self.height - self.minimum_height + grid.height)
        tight = (room - theme.gap_len * (len(rows) - 1)) / len(rows) < ASIDE * theme.u
        gap = CLOSE * theme.u if tight else theme.gap_len
        height = int(min(theme.tile_len, (room - gap * (len(rows) - 1)) / len(rows)))
        for row in rows:
            alone = self._columns > 1 and len(row.children) == 1
            row.height = height * (LAST_ALONE if alone else 1)
            for tile in row.children:
                self._set(tile, row.height)
        grid.spacing = gap
        grid.height = sum(row.height for row in rows) + gap * (len(rows) - 1)

    def _set(self, tile: Tile, height: float) -> None:
        choice = next(choice for choice in self._shown if choice.name == tile.name)
        tile.icon = choice.icon if height >= ICONLESS * theme.u else ""
        tile.aside = height < ASIDE * theme.u


rules.load(__file__)
