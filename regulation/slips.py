"""A slip as data: what is printed and shown, in the order of reading. The printer draws it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar


@dataclass(frozen=True, slots=True)
class Next:
    """What to do next, for whoever reads nothing else: the largest type."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that is found at a glance: bold, in the middle."""

    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code."""

    data: str


Block: TypeAlias = Next | Heading | Pair | Line | Rule | Code


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip: its title, and its blocks from the top."""

    title: str
    blocks: tuple[Block, ...]


Told = TypeVar("Told")
Part: TypeAlias = Block | Callable[[Told], Iterable[Block]]
"""A block as it stands, or what makes blocks of what a slip tells: none where nothing applies."""


@dataclass(frozen=True, slots=True)
class Layout(Generic[Told]):
    """A kind of slip: its title, and its parts from the top."""

    title: str
    parts: tuple[Part[Told], ...]

    def slip(self, told: Told, *, reprint: bool = False) -> Slip:
        """The slip that tells it; a reprint is marked 补打 (F31)."""
        blocks = tuple(
            block for part in self.parts for block in (part(told) if callable(part) else (part,))
        )
        return Slip(self.title + ("（补打）" if reprint else ""), blocks)
