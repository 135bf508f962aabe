"""Where each character of a slip goes, in dots: the same for the picture and for text mode.

A cell is 24 dots high; ASCII takes 12 dots of width and everything else 24, as in the printer's
own fonts, so that a slip looks alike in both modes (`docs/devices/printer.md`, Text mode).
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from hardware.printer.document import Document, Feed, Pair, Qr, Rule, Text

HALF = 12
FULL = 24
LINE = 34
"""Line spacing in dots (4.25 mm)."""

NEVER_FIRST = frozenset("。，、；：！？）」』】》〉”’…·.,;:!?)]}%")
NEVER_LAST = frozenset("（「『【《〈“‘([{")

_COLUMN_GAP = FULL
_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of text: pieces with their x in dots (before centring)."""

    pieces: tuple[tuple[int, str], ...]
    size: Literal[1, 2] = 1
    bold: bool = False
    centred: bool = False

    @property
    def text(self) -> str:
        """All characters of the row."""
        return "".join(text for _, text in self.pieces)


Item = Row | Rule | Qr | Feed


def width(text: str, size: int = 1) -> int:
    """Dots that a text takes in one line."""
    return size * sum(HALF if character.isascii() else FULL for character in text)


def clean(text: str) -> str:
    """The text without what a printer would obey or cannot show.

    Control and format characters, lone surrogates and variation selectors go; a tab is a space.
    """
    return "".join(
        character
        for character in text.replace("\t", " ")
        if unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
        and not any(ord(character) in selectors for selectors in _VARIATION_SELECTORS)
    )


def wrap(text: str, dots: int, size: int = 1) -> list[str]:
    """Lines of at most `dots`; words stay whole, no line begins with 。 or ends with （.

    A word wider than a line is broken where the punctuation allows it. A character wider than
    the line stands alone.
    """
    lines: list[str] = []
    rest = text.strip(" ")
    while (limit := _fitting(rest, dots, size)) < len(rest):
        end = _break(rest, limit)
        lines.append(rest[:end].rstrip(" "))
        rest = rest[end:].lstrip(" ")
    return [*lines, rest] if rest or not lines else lines


def _fitting(text: str, dots: int, size: int) -> int:
    used = 0
    for count, character in enumerate(text):
        used += width(character, size)
        if used > dots:
            return max(count, 1)
    return len(text)


def _break(text: str, limit: int) -> int:
    """The last good place to break at or before `limit`."""
    places = range(limit, 0, -1)
    for place in places:
        if _may_break(text, place) and not (_in_word(text[place - 1]) and _in_word(text[place])):
            return place
    return next((place for place in places if _may_break(text, place)), limit)


def _may_break(text: str, place: int) -> bool:
    before, after = text[:place].rstrip(" "), text[place:].lstrip(" ")
    return before[-1:] not in NEVER_LAST and after[:1] not in NEVER_FIRST


def _in_word(character: str) -> bool:
    return character.isascii() and character != " "


def rows(document: Document, dots: int) -> Iterator[Item]:
    """The slip line by line, for paper of so many dots."""
    labels = [width(clean(block.label)) for block in document if isinstance(block, Pair)]
    column = min(max(labels, default=0) + _COLUMN_GAP, dots // 2)
    for block in document:
        match block:
            case Text():
                yield from _paragraph(block, dots)
            case Pair():
                yield from _pair(block, column, dots)
            case _:
                yield block


def _paragraph(block: Text, dots: int) -> Iterator[Row]:
    for part in block.text.split("\n"):
        for line in wrap(clean(part), dots, block.size):
            yield Row(((0, line),), block.size, block.bold, block.align == "center")


def _pair(block: Pair, column: int, dots: int) -> Iterator[Row]:
    labels = wrap(clean(block.label), column - HALF)
    values = [line for part in block.value.split("\n") for line in wrap(clean(part), dots - column)]
    for label, value in zip_longest(labels, values, fillvalue=""):
        yield Row(((0, label), (column, value)))
