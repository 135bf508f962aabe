"""A slip as data: what is printed and shown, in the order of reading. The printer draws it."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that is found at a glance: large and bold."""

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


Block: TypeAlias = Heading | Pair | Line | Rule | Code


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip: its title, and its blocks from the top."""

    title: str
    blocks: tuple[Block, ...]
