"""The theme the kv files bind to: change it, and every widget follows.

In kv the name `theme` is this module's one `LiveTheme`: `theme.u` is a design pixel
(`48 * theme.u`), `theme.ink` a colour, `theme.body_px` a type size, `theme.radius_len` a length.
`theme.floor_px` is the smallest type there is.
"""

from dataclasses import asdict, fields

from kivy.event import EventDispatcher
from kivy.lang.parser import global_idmap

from screens.theme import METRICS, TYPE, Theme, channels


def _values(theme: Theme) -> dict[str, object]:
    return {
        "u": theme.scale,
        "large": theme.large,
        "columns": theme.columns,
        "floor_px": theme.px(TYPE.small),
        **{name: [*channels(value), 1.0] for name, value in asdict(theme.palette).items()},
        **{f"{name}_px": size for name, size in theme.type_sizes().items()},
        **{f"{f.name}_len": theme.px(getattr(METRICS, f.name)) for f in fields(METRICS)},
    }


class LiveTheme(EventDispatcher):
    """The values of a `Theme` as Kivy properties, one property a name."""

    def __init__(self) -> None:
        super().__init__()
        self.theme = Theme()
        for name, value in _values(self.theme).items():
            self.create_property(name, value)

    def __getattr__(self, name: str) -> object:
        # Only reached for names that are not properties; it tells a type checker they exist.
        raise AttributeError(name)

    def apply(self, theme: Theme) -> None:
        """Paint everything in `theme` from the next frame on."""
        self.theme = theme
        for name, value in _values(theme).items():
            setattr(self, name, value)


theme = LiveTheme()
global_idmap["theme"] = theme
