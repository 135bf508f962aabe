"""Machine-readable zones of travel documents: ICAO Doc 9303 parts 3, 4 (TD3) and 5 (TD1).

Letters that were read as digits are the reader's business; here a zone is right or wrong.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from regulation.problem import Problem, ProblemKind

WEIGHTS = (7, 3, 1)
FILLER = "<"


@dataclass(frozen=True, slots=True)
class Mrz:
    """What a zone says. `birth` is None where the document leaves it unknown; `name` may be ""."""

    number: str = field(repr=False)
    nationality: str
    birth: date | None = field(repr=False)
    sex: str = field(repr=False)
    expiry: date
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Form:
    """Where the fields of a format stand, in its lines put together."""

    number: slice
    nationality: slice
    birth: slice
    sex: int
    expiry: slice
    name: slice
    optional: slice
    composite: tuple[slice, ...]
    optional_checked: bool
    composite_at: int

    @property
    def checked(self) -> tuple[slice, ...]:
        """The fields with a check digit right behind them."""
        plain = (self.number, self.birth, self.expiry)
        return (*plain, self.optional) if self.optional_checked else plain


TD3 = Form(
    number=slice(44, 53),
    nationality=slice(54, 57),
    birth=slice(57, 63),
    sex=64,
    expiry=slice(65, 71),
    name=slice(5, 44),
    optional=slice(72, 86),
    composite=(slice(44, 54), slice(57, 64), slice(65, 87)),
    optional_checked=True,
    composite_at=87,
)
TD1 = Form(
    number=slice(5, 14),
    nationality=slice(45, 48),
    birth=slice(30, 36),
    sex=37,
    expiry=slice(38, 44),
    name=slice(60, 90),
    optional=slice(15, 30),
    composite=(slice(5, 30), slice(30, 37), slice(38, 45), slice(48, 59)),
    optional_checked=False,
    composite_at=59,
)


FORMS: dict[tuple[int, ...], Form] = {(44, 44): TD3, (30, 30, 30): TD1}


def check_digit(text: str) -> str:
    """The check digit of a field: weights 7, 3, 1; A = 10 .. Z = 35, filler 0; sum modulo 10."""
    values = (0 if character == FILLER else int(character, 36) for character in text)
    return str(sum(value * WEIGHTS[i % 3] for i, value in enumerate(values)) % 10)


def read_mrz(lines: Sequence[str], today: date) -> Mrz | Problem:
    """What the zone says, every check digit verified, or what is wrong with it.

    TD3: 2 lines of 44, or its second line alone (then there is no name). TD1: 3 lines of 30.
    `today` decides the century: no birth after it, an expiry within 50 years of it.
    """
    rows = ["".join(line.split()).upper() for line in lines]
    if [len(row) for row in rows] == [44]:
        rows = [FILLER * 44, *rows]
    form = FORMS.get(tuple(len(row) for row in rows))
    if form is None:
        return Problem(ProblemKind.LENGTH)
    zone = "".join(rows)
    if not re.fullmatch(r"[A-Z0-9<]+", zone):
        return Problem(ProblemKind.CHARACTERS)
    number = _number(zone, form)
    if number is None or not _checks(zone, form):
        return Problem(ProblemKind.CHECK_CHARACTER)
    return _read(zone, form, number, today)


def _number(zone: str, form: Form) -> str | None:
    """The document number; in TD1 a long one goes on in the optional field, its digit behind it."""
    start, end = form.number.start, form.number.stop
    if form is TD3 or zone[end] != FILLER:
        return zone[form.number].rstrip(FILLER) or None
    rest = zone[form.optional].partition(FILLER)[0]
    number = zone[start:end] + rest[:-1]
    return number if rest and check_digit(number) == rest[-1] else None


def _checks(zone: str, form: Form) -> bool:
    for where in form.checked:
        digit = zone[where.stop]
        long_number = form is TD1 and where == form.number and digit == FILLER
        empty = where == form.optional and digit == FILLER and not zone[where].strip(FILLER)
        if not (long_number or empty or check_digit(zone[where]) == digit):
            return False
    together = "".join(zone[part] for part in form.composite)
    return check_digit(together) == zone[form.composite_at]


def _read(zone: str, form: Form, number: str, today: date) -> Mrz | Problem:
    unknown_birth = FILLER in zone[form.birth]
    birth = None if unknown_birth else _date(zone[form.birth], today.year)
    if birth is not None and birth > today:
        birth = _date(zone[form.birth], today.year - 1)
    expiry = _date(zone[form.expiry], today.year + 49)
    if expiry is None or (birth is None and not unknown_birth):
        return Problem(ProblemKind.DATE)
    return Mrz(
        number,
        zone[form.nationality].rstrip(FILLER),
        birth,
        zone[form.sex],
        expiry,
        " ".join(zone[form.name].replace(FILLER, " ").split()),
    )


def _date(text: str, latest_year: int) -> date | None:
    """A date of `YYMMDD` in the hundred years that end with `latest_year`."""
    if not re.fullmatch(r"[0-9]{6}", text):
        return None
    year = latest_year - (latest_year - int(text[:2])) % 100
    try:
        return date(year, int(text[2:4]), int(text[4:]))
    except ValueError:
        return None
