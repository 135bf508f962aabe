"""Drawings of repairs, as tables of lines: where on the device each step is done.

A drawing is 84 wide and 60 high, (0, 0) at its lower left. `marks` are the numbers of the steps,
each where that step is done. Nothing here imports Kivy: `screens.widgets.drawing` draws them.
"""

from dataclasses import dataclass

WIDE, HIGH = 84, 60

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """`lines` are the device; `arrows` what a hand moves, each to its last point; `rounds`
    circles (x, y, radius); `marks` where the steps 1, 2, 3 are done.
    """  # noqa: D205 - one sentence

    lines: tuple[Points, ...]
    arrows: tuple[Points, ...] = ()
    rounds: tuple[tuple[float, float, float], ...] = ()
    marks: tuple[tuple[float, float], ...] = ()


def _box(x: float, y: float, wide: float, high: float) -> Points:
    return ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y))


_PRINTER = (_box(20, 6, 44, 24), ((20, 14), (64, 14)))
_OPEN = ((20, 30), (12, 52), (18, 54), (24, 38))
_PLUG = (
    ((52, 12), (62, 12)),
    _box(62, 7, 9, 10),
    ((71, 10), (76, 10)),
    ((71, 14), (76, 14)),
)

DRAWINGS: dict[str, Drawing] = {
    "paper": Drawing(
        lines=(*_PRINTER, _OPEN, ((30, 36), (30, 22), (20, 20), (6, 20))),
        arrows=(((44, 58), (44, 50)), ((14, 26), (4, 26))),
        rounds=((42, 36, 12), (42, 36, 4)),
        marks=((6, 50), (60, 46), (6, 10)),
    ),
    "cover": Drawing(
        lines=(*_PRINTER, ((20, 30), (16, 42), (60, 42), (64, 30))),
        arrows=(((28, 56), (28, 46)), ((52, 56), (52, 46))),
        marks=((8, 34), (40, 52)),
    ),
    "jam": Drawing(
        lines=(
            *_PRINTER,
            _OPEN,
            ((56, 36), (50, 32), (54, 28), (46, 26), (50, 22), (40, 20), (30, 22), (20, 18)),
            ((26, 30), (34, 30), (30, 26), (26, 30)),
        ),
        arrows=(((20, 18), (4, 18)),),
        marks=((6, 50), (8, 8), (72, 36)),
    ),
    "reader": Drawing(
        lines=(_box(8, 8, 44, 20), _box(14, 14, 26, 12), _box(18, 36, 28, 18), *_PLUG),
        arrows=(((62, 24), (78, 24)),),
        rounds=((47, 22, 2),),
        marks=((58, 30), (70, 34)),
    ),
    "camera": Drawing(
        lines=(_box(10, 12, 42, 34), ((24, 12), (20, 4), (42, 4), (38, 12)), *_PLUG),
        arrows=(((62, 24), (78, 24)),),
        rounds=((31, 29, 12), (31, 29, 6), (47, 41, 2)),
        marks=((58, 44), (70, 34)),
    ),
    "transport": Drawing(
        lines=(
            _box(26, 10, 52, 34),
            ((26, 24), (34, 24)),
            ((26, 30), (34, 30)),
            ((10, 20), (44, 20), (44, 34), (10, 34), (10, 20)),
            ((16, 24), (21, 24), (21, 29), (16, 29), (16, 24)),
        ),
        arrows=(((14, 46), (2, 46)), ((72, 48), (64, 53), (55, 48))),
        rounds=((64, 36, 9), (64, 36, 2)),
        marks=((36, 52), (76, 54), (6, 10)),
    ),
}
"""By what is to be mended."""

SHOWN = {
    "social_card media_jammed": "transport",
    "paper_out": "paper",
    "cover_open": "cover",
    "media_jammed": "jam",
    "cutter_error": "jam",
    "id_reader": "reader",
    "camera": "camera",
    "document_camera": "camera",
}
"""Which is shown: by the device and the detail, by the detail, or by the device."""


def drawing_of(device: str, detail: str) -> str:
    """The drawing beside a repair; "" where there is none."""
    names = (f"{device} {detail}", detail, device)
    return next((SHOWN[name] for name in names if name in SHOWN), "")
