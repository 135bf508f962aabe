"""What can be printed, as data: a slip is a sequence of blocks, from the top down."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; it wraps, and a line feed in it begins a new line.

    `size` 2 is twice as wide and as high.
    """

    text: str
    size: Literal[1, 2] = 1
    bold: bool = False
    align: Literal["left", "center"] = "left"


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value in two columns; all pairs of a slip share them, the value wraps."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line from edge to edge."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code in the middle: level M, `module_dots` dots a module (1 dot = 0.125 mm).

    A code too wide for the paper is printed with smaller modules; one that would need less than
    3 dots is refused with `ValueError`.
    """

    data: str
    module_dots: int = 6


@dataclass(frozen=True, slots=True)
class Feed:
    """So many empty lines."""

    lines: int = 1


Block = Text | Pair | Rule | Qr | Feed
Document = Sequence[Block]
