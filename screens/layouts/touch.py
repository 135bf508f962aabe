"""Touch every zone of the glass, in any order."""

from screens.layouts.page import Body
from screens.view import Say, View
from screens.widgets.touch_grid import TouchGrid


class TouchBody(Body):
    """Nothing of its own: the zones lie over the whole page, its buttons too."""

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.over = self._grid = TouchGrid()
        self._begun = False

    def fill(self, view: View) -> None:
        """Lay the zones out when the page comes; what was touched stays while it is shown."""
        if view.zones and not self._begun:
            self._begun = True
            self._grid.begin(view.zones.columns, view.zones.rows)

    def answer(self, view: View) -> Say | None:
        """The zones that heard nothing."""
        return view.zones.say(self._grid.missed) if view.zones else None

    def forget(self) -> None:
        """Take the zones away."""
        self._begun = False
        self._grid.begin(0, 0)
