"""Chinese text in lines: where it may break, what is bold, which font each character needs.

Pure. Widths come from a function, coverage from a function; both are given by the caller.

Bold is written **so**. Data put into such a text (a masked number is full of stars) goes through
`literal` first.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

NOT_FIRST = frozenset("。，、；：！？）」』】”’》〉〕｝％℃…—·,.;:!?)]}%")
"""Never begin a line with these (W3C "Requirements for Chinese Text Layout", 3.1.1)."""

NOT_LAST = frozenset("（「『【“‘《〈〔｛￥¥([{")
"""Never end a line with these (the same clause)."""

_WORD_JOINER = "\u2060"
_BOLD = re.compile(r"(?<!\*)\*\*(?!\*)([^*\n]+)(?<!\*)\*\*(?!\*)")
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_ATOM = re.compile(
    r"[ \t\u3000]+"
    r"|—+|…+"
    r"|[!-~\u00a0-\u024f*·]+"  # a Latin word, a number, CQ-0017-20261123-0042-K
    r"|.",
    re.DOTALL,
)
_PAUSE = frozenset("。，；：？！,.;:?!")
_NO_PAUSE = 0.15  # what a line costs that ends without a pause; an empty line costs 1
_EVENED = 6  # lines; longer texts are set line by line
_MARKUP = str.maketrans({"&": "&amp;", "[": "&bl;", "]": "&br;"})

Measure = Callable[[str, bool], float]
FaceOf = Callable[[str], str | None]


@dataclass(frozen=True)
class Span:
    """A piece of text in one weight."""

    text: str
    bold: bool = False


Line = tuple[Span, ...]


@dataclass(frozen=True)
class _Unit:
    """What is never broken: spans set together, and the space before them."""

    spans: Line
    space: Span | None
    width: float
    space_width: float


def literal(data: str) -> str:
    """`data` with its stars kept from making text bold."""
    return data.replace("*", f"*{_WORD_JOINER}")


def visible(text: str) -> str:
    """`text` without characters that draw nothing (joiners, variation selectors)."""
    return _INVISIBLE.sub("", text)


def spans(text: str, *, rich: bool = True) -> Line:
    """The spans of `text`; without `rich` the stars are text."""
    if not rich:
        return (Span(visible(text)),) if text else ()
    parts = _BOLD.split(text)
    found = (Span(visible(part), bold=bool(i % 2)) for i, part in enumerate(parts))
    return tuple(span for span in found if span.text)


def break_lines(paragraph: Line, width: float, measure: Measure) -> tuple[Line, ...]:
    """`paragraph` in lines at most `width` wide, in the unit of `measure`.

    A unit wider than a line is broken between its characters; a line feed ends a line. There are
    as few lines as can be, even ones, ending at punctuation where that is possible.
    """
    lines: list[Line] = []
    for hard_line in _hard_lines(paragraph):
        wholes = _units(hard_line, measure)
        units = [unit for whole in wholes for unit in _fitting(whole, width, measure)]
        lines.extend(_set(units, width) if units else [()])
    return tuple(lines)


def markup(line: Line, face_of: FaceOf, base: str) -> str:
    """`line` as Kivy markup: escaped, bold marked, characters outside `base` in their own font.

    `face_of(character)` names the font that has the character, None when no font has it; it is
    then shown by its number: 〔U+2B7F3〕.
    """
    return "".join(
        f"[b]{_faces(span.text, face_of, base)}[/b]"
        if span.bold
        else _faces(span.text, face_of, base)
        for span in line
    )


def font_runs(text: str, face_of: FaceOf, base: str) -> list[tuple[str, str]]:
    """`text` as (font, piece), a piece for each change of font."""
    pairs = [
        (face, char) if (face := face_of(char)) else (base, f"〔U+{ord(char):04X}〕")
        for char in text
    ]
    return [
        (face, "".join(char for _, char in run))
        for face, run in groupby(pairs, key=lambda pair: pair[0])
    ]


def _faces(text: str, face_of: FaceOf, base: str) -> str:
    return "".join(
        piece.translate(_MARKUP)
        if face == base
        else f"[font={face}]{piece.translate(_MARKUP)}[/font]"
        for face, piece in font_runs(text, face_of, base)
    )


def _hard_lines(paragraph: Line) -> list[Line]:
    lines: list[list[Span]] = [[]]
    for span in paragraph:
        first, *rest = span.text.split("\n")
        lines[-1].append(Span(first, span.bold))
        lines.extend([Span(part, span.bold)] for part in rest)
    return [tuple(span for span in line if span.text) for line in lines]


def _units(line: Line, measure: Measure) -> Iterator[_Unit]:
    space: Span | None = None
    held: list[Span] = []
    for atom in _atoms(line):
        if atom.text.isspace():
            if held:
                yield _unit(held, space, measure)
                held, space = [], None
            space = atom
        elif held and not _joined(held[-1].text, atom.text):
            yield _unit(held, space, measure)
            held, space = [atom], None
        else:
            held.append(atom)
    if held:
        yield _unit(held, space, measure)


def _atoms(line: Line) -> Iterator[Span]:
    for span in line:
        for found in _ATOM.finditer(span.text):
            yield Span(found.group(), span.bold)


def _joined(before: str, after: str) -> bool:
    if after[0] in NOT_FIRST or before[-1] in NOT_LAST:
        return True
    return _latin(before[-1]) and _latin(after[0])


def _latin(char: str) -> bool:
    return char < "\u2000"


def _unit(held: list[Span], space: Span | None, measure: Measure) -> _Unit:
    merged = _merge(held)
    return _Unit(
        merged,
        space,
        sum(measure(span.text, span.bold) for span in merged),
        measure(space.text, space.bold) if space else 0.0,
    )


def _merge(pieces: list[Span]) -> Line:
    return tuple(
        Span("".join(piece.text for piece in run), bold)
        for bold, run in groupby(pieces, key=lambda piece: piece.bold)
    )


def _set(units: list[_Unit], width: float) -> list[Line]:
    """Units no wider than `width` in as few lines as they need, broken at the best places."""
    ends = _greedy(units, width)
    if 1 < len(ends) <= _EVENED:
        ends = _best(units, width, len(ends))
    starts = [0, *ends[:-1]]
    return [_line(units[start:end]) for start, end in zip(starts, ends, strict=True)]


def _greedy(units: list[_Unit], width: float) -> list[int]:
    """Where each line ends when every line takes all that fits."""
    ends: list[int] = []
    start, used = 0, 0.0
    for place, unit in enumerate(units):
        more = unit.width + (unit.space_width if place > start else 0.0)
        if place > start and used + more > width:
            ends.append(place)
            start, used = place, unit.width
        else:
            used += more
    return [*ends, len(units)]


def _best(units: list[_Unit], width: float, count: int) -> list[int]:
    """Where each of `count` lines ends so that they are even and end where one pauses."""
    reached: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for _ in range(count):
        further: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, ends) in reached.items():
            for end, more in _line_costs(units, start, width):
                if end not in further or cost + more < further[end][0]:
                    further[end] = (cost + more, [*ends, end])
        reached = further
    return reached[len(units)][1]


def _line_costs(units: list[_Unit], start: int, width: float) -> Iterator[tuple[int, float]]:
    """Each end a line from `start` can have, and what it costs in looks."""
    used = 0.0
    for end, unit in enumerate(units[start:], start + 1):
        used += unit.width + (unit.space_width if end > start + 1 else 0.0)
        if used > width and end > start + 1:
            return  # one unit always fits, in a box not laid out yet too
        looseness = (1 - used / max(width, used, 1.0)) ** 2
        yield end, looseness + _break_cost(unit, units[end : end + 1])


def _break_cost(before: _Unit, after: list[_Unit]) -> float:
    if not after or before.spans[-1].text[-1] in _PAUSE:
        return 0.0
    inside_bold = before.spans[-1].bold and after[0].spans[0].bold
    return 3 * _NO_PAUSE if inside_bold else _NO_PAUSE


def _line(units: list[_Unit]) -> Line:
    first, *rest = units
    pieces = list(first.spans)
    for unit in rest:
        pieces += [unit.space, *unit.spans] if unit.space else unit.spans
    return _merge(pieces)


def _fitting(unit: _Unit, width: float, measure: Measure) -> Iterator[_Unit]:
    """The unit itself, or its characters where it is wider than a whole line."""
    if unit.width <= width:
        yield unit
        return
    space = unit.space
    for span in unit.spans:
        for char in span.text:
            yield _unit([Span(char, span.bold)], space, measure)
            space = None
