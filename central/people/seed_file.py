"""A file of people, read strictly: it is taken whole or refused whole.

The form is in `docs/central.md`, "People". A refusal names the file, the line, the key and the
cure, never the value: values are people's numbers and names.
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from central.batches.states import BatchState
from central.cards.states import CardState
from central.people import checks

Place = tuple[str | int, ...]
"""The way to a key: `("person", 0, "card", 1, "state")`."""


class SeedError(Exception):
    """The file is refused; the text has a line for each thing to mend."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


SEEDED_STATES = (BatchState.DATA_GENERATED, BatchState.IN_PRODUCTION)
"""States of a batch that need nothing but its members."""


def _state(*states: CardState | BatchState) -> Callable[[object], object]:
    names = {state.name: state for state in states}

    def check(value: object) -> object:
        if isinstance(value, str) and value.upper() in names:
            return names[value.upper()]
        raise ValueError("write one of " + ", ".join(names))

    return check


IdNumber = Annotated[str, BeforeValidator(checks.id_number)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class SeedCard(_Table):
    """A card of a person."""

    number: Annotated[str, Field(pattern=r"^[0-9A-Z]{5,32}$"), BeforeValidator(_upper)]
    identifier: Annotated[str, Field(pattern=r"^([0-9A-F]{2}){4,32}$"), BeforeValidator(_upper)]
    state: Annotated[CardState, BeforeValidator(_state(*CardState))]
    bank: Text | None = None


class SeedPerson(_Table):
    """A person. `key`, `id_card`, `chip` are of the bench; `in_centre = false` leaves them out."""

    id_number: IdNumber
    name: Annotated[str, BeforeValidator(checks.name)]
    insured: bool
    phone: Annotated[str, BeforeValidator(checks.phone)]
    address: str | None = None
    card: list[SeedCard] = []
    key: str = ""
    id_card: dict[str, Any] = {}
    chip: dict[str, Any] = {}
    in_centre: bool = True


class SeedUnit(_Table):
    """A unit and who may act for it."""

    code: Text
    name: Text
    clerks: list[IdNumber]


class SeedBatch(_Table):
    """Where a unit's batch stands, and whose cards it has."""

    unit: Text
    state: Annotated[BatchState, BeforeValidator(_state(*SEEDED_STATES))]
    members: list[IdNumber]


class Seed(_Table):
    """The whole file."""

    person: list[SeedPerson] = []
    unit: list[SeedUnit] = []
    batch: list[SeedBatch] = []


def read_seed(path: Path, today: date) -> Seed:
    """The people of a file; ID numbers are judged as of `today`.

    Raises `SeedError` naming file, line, key and cure.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"{path}: cannot be read as UTF-8 text: give another file") from error
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"{path}: not TOML: {error}") from error
    try:
        seed = Seed.model_validate(tables, context=checks.AsOf(today))
    except ValidationError as error:
        faults = [(_place(e["loc"]), _cure(e["type"], e["msg"])) for e in error.errors()]
        raise refusal(path, text, faults) from None  # the cause would show the values
    if faults := list(_twice(seed)):
        raise refusal(path, text, faults)
    return seed


def refusal(path: Path, text: str, faults: Iterable[tuple[Place, str]]) -> SeedError:
    """The error that names each place with its line."""
    return SeedError("\n".join(f"{path}:{_where(text, place)}: {cure}" for place, cure in faults))


_CURES = {
    "missing": "is missing: add it",
    "extra_forbidden": "is an unknown key: remove it or correct its name",
    "bool_type": "write true or false",
    "string_type": "write a text in quotes",
    "list_type": "write a list in square brackets",
    "model_type": "write a table",
    "dict_type": "write a table",
    "string_pattern_mismatch": "has an impossible form: correct it (docs/central.md, People)",
    "string_too_short": "is empty: fill it in",
    "string_too_long": "is too long: shorten it",
}


def _cure(kind: str, message: str) -> str:
    return _CURES.get(kind) or message.removeprefix("Value error, ")


def _place(loc: tuple[str | int, ...]) -> Place:
    return tuple(loc)


def _twice(seed: Seed) -> Iterable[tuple[Place, str]]:
    """Every number that may stand once and stands again."""
    cards = [
        (("person", i, "card", j), card)
        for i, person in enumerate(seed.person)
        for j, card in enumerate(person.card)
    ]
    yield from _again((("person", i, "id_number"), p.id_number) for i, p in enumerate(seed.person))
    yield from _again(((*place, "number"), card.number) for place, card in cards)
    yield from _again(((*place, "identifier"), card.identifier) for place, card in cards)
    yield from _again((("unit", i, "code"), unit.code) for i, unit in enumerate(seed.unit))
    for i, unit in enumerate(seed.unit):
        yield from _again((("unit", i, "clerks", j), n) for j, n in enumerate(unit.clerks))
    yield from _again(
        (("batch", i, "members", j), n)
        for i, batch in enumerate(seed.batch)
        for j, n in enumerate(batch.members)
    )


def _again(values: Iterable[tuple[Place, str]]) -> Iterable[tuple[Place, str]]:
    seen: set[str] = set()
    for place, value in values:
        if value in seen:
            yield place, "stands here a second time: remove one of the two"
        seen.add(value)


def _where(text: str, place: Place) -> str:
    """`12: person[1].card[2].state`, counted from 1; no line for tables written inline."""
    names = ""
    for part in place:
        names += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    line = _line(text.splitlines(), place)
    return f"{line}: {names[1:]}" if line else f" {names[1:]}"


def _line(lines: list[str], place: Place) -> int:
    """The line of the key, or of its table's header, counted from 1; 0 if it is not to be found."""
    at, header, rest = 0, "", list(place)
    while len(rest) > 1 and isinstance(rest[1], int) and not header.endswith(("clerks", "members")):
        name = f"{header}.{rest[0]}".lstrip(".")
        found = _nth(lines, at, rf"\s*\[\[\s*{re.escape(name)}\s*\]\]", rest[1])
        if not found:
            break
        at, header, rest = found, name, rest[2:]
    key = next((part for part in rest if isinstance(part, str)), None)
    if key is None:
        return at
    for number, line in enumerate(lines[at:], at + 1):
        if line.lstrip().startswith("["):
            break
        if re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
            return number
    return at


def _nth(lines: list[str], start: int, pattern: str, n: int) -> int:
    hits = [i for i, line in enumerate(lines[start:], start + 1) if re.match(pattern, line)]
    return hits[n] if n < len(hits) else 0
