"""From the cells of a sheet to rows: the columns of `config/batch_columns.toml`.

Cells come as texts, or as what a spreadsheet takes for numbers and days. What people write in good
faith (full-width digits, 2036/1/1, a number pasted with an unseen mark) is read as it is meant.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeAlias

from regulation.card_list.faults import REPEATED_COLUMN, UNKNOWN_COLUMN, Fault, Found
from regulation.card_list.rows import PICTURES, TEXTS, Row
from regulation.tables import RulesError, read_table, refuse_unknown, table, text, texts

FILE = Path(__file__).parents[2] / "config" / "batch_columns.toml"

Cell: TypeAlias = str | float | bool | date | datetime | None

LONGEST = 200
"""Characters of a cell."""

_YES_NO = frozenset({"minor", "new_portrait"})
_DAYS = frozenset({"birth", "valid_to"})
_CODES = frozenset({"number", "guardian_number", "phone", "old_card", "sex"}) | _DAYS
_FREE = frozenset({"name", "address", "bank", "ethnicity", "guardian_name"})
"""Fields whose text is taken as it stands."""
_EXACT = 10**15
"""From here on a spreadsheet's numbers lose digits: it keeps fifteen."""
_UNSEEN = re.compile("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_ERROR = re.compile(r"#(N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!)")


@dataclass(frozen=True)
class Columns:
    """Field by column name, the columns a list must have and may have, values by field.

    `pictures`: the endings of a picture's file name behind the paper's number, by what it shows.
    """

    fields: Mapping[str, str]
    required: frozenset[str]
    ignored: frozenset[str]
    values: Mapping[str, Mapping[str, str]]
    pictures: Mapping[str, str]

    @cached_property
    def shown(self) -> Mapping[str, str]:
        """The first name of each field's column, in the order of the list."""
        first: dict[str, str] = {}
        for name, field in self.fields.items():
            first.setdefault(field, name)
        return first

    @cached_property
    def choices(self) -> Mapping[str, Mapping[Any, str | bool]]:
        """What the words of a field mean that has only some of them."""
        answers = {word: said == "yes" for word, said in self.values.get("yes_no", {}).items()}
        chosen: dict[str, Mapping[Any, str | bool]] = dict.fromkeys(_YES_NO, answers)
        return chosen | {field: words for field, words in self.values.items() if field in TEXTS}


Column: TypeAlias = tuple[str, int, Mapping[Any, str | bool], bool | None]
"""A field, its place in a row, its words, and whether letters and digits stay as they stand:
of any kind, only narrow ones, or never."""


@dataclass(frozen=True, slots=True)
class Head:
    """The fields of a list's columns, in their order; "" for one that is not read.

    `plan` is how each column is read, None for one that is not; `blank` a row with nothing in it.
    """

    fields: tuple[str, ...]
    plan: tuple[Column | None, ...]
    blank: Row


@dataclass(frozen=True, slots=True)
class NoHead:
    """Why a row is no head of a list: a sentence with the cure, without what stands there."""

    zh: str


@cache
def load_columns(source: str | Path = FILE) -> Columns:
    """The columns of a TOML text (a string) or of a file (a Path).

    A bad table raises `RulesError`, which names the key and the cure.
    """
    raw = read_table(source)
    known = frozenset({"required", "ignored", "columns", "values", "pictures"})
    refuse_unknown(raw, known, "batch columns")
    columns, values = table(raw, "columns"), table(raw, "values")
    refuse_unknown(columns, frozenset(TEXTS), "[columns]")
    refuse_unknown(values, frozenset({"paper", "sex", "valid_to", "reason", "yes_no"}), "[values]")
    fields = {name: field for field in columns for name in texts(columns, field, "[columns]")}
    required = frozenset(texts(raw, "required", "batch columns"))
    if missing := required - set(columns):
        raise RulesError(f"required: {', '.join(sorted(missing))} is no key of [columns]; add it")
    maps = {
        kind: {
            word: text(table(values, kind), word, f"[values.{kind}]")
            for word in table(values, kind)
        }
        for kind in values
    }
    ignored = frozenset(texts(raw, "ignored", "batch columns"))
    return Columns(fields, required, ignored, maps, _endings(raw))


def _endings(raw: Mapping[str, object]) -> Mapping[str, str]:
    """What a picture shows, by the ending of its name; a list without pictures has none."""
    if "pictures" not in raw:
        return {}
    found = table(raw, "pictures")
    refuse_unknown(found, frozenset(PICTURES), "[pictures]")
    return {
        ending.upper(): shows for shows in found for ending in texts(found, shows, "[pictures]")
    }


def head_of(cells: Sequence[Cell], columns: Columns) -> Head | NoHead:
    """The head of a list, or why this row is none. Stars of the template do not count."""
    names = ["" if each is None else str(each).strip().rstrip("*") for each in cells]
    while names and not names[-1]:
        names.pop()
    known = columns.ignored | columns.fields.keys()
    fields = tuple(columns.fields.get(name, "") for name in names)
    if missing := columns.required - set(fields):
        spoken = "、".join(n for n, f in columns.fields.items() if f in missing)
        return NoHead(f"缺少列：{spoken}（同一列的别名任选一个）")
    if not known.issuperset(names):
        return NoHead(UNKNOWN_COLUMN)
    if len(set(fields) - {""}) != len([each for each in fields if each]):
        return NoHead(REPEATED_COLUMN)
    blank = Row(paper="") if "paper" in fields else Row()
    return Head(fields, tuple(_column(field, columns) for field in fields), blank)


def _column(field: str, columns: Columns) -> Column | None:
    if not field:
        return None
    letters = True if field in _FREE else False if field in _CODES else None
    return field, TEXTS.index(field), columns.choices.get(field, {}), letters


def is_empty(cells: Sequence[Cell]) -> bool:
    """Whether nothing stands in a row."""
    return not any(cell is not None and str(cell).strip() for cell in cells)


def row_of(cells: Sequence[Cell], head: Head, columns: Columns) -> tuple[Row, list[Found]]:
    """A row, and which of its cells cannot be read; those are "" in the row."""
    told: list[Any] = [*head.blank]
    found: list[Found] = []
    if len(cells) > len(head.fields) and not is_empty(cells[len(head.fields) :]):
        found.append(("", Fault.ROW_TOO_LONG))
    for column, cell in zip(head.plan, cells, strict=False):
        if column is None or cell is None or cell == "":
            continue
        field, place, choices, letters = column
        if type(cell) is str and cell.isalnum() and len(cell) <= LONGEST:  # most of them
            if cell in choices:
                told[place] = choices[cell]
                continue
            if letters or (letters is False and cell.isascii()):
                told[place] = cell
                continue
        if isinstance(value := value_of(field, cell, columns), Fault):
            found.append((field, value))
        else:
            told[place] = value
    return Row(*told), found


def value_of(field: str, cell: Cell, columns: Columns) -> str | bool | Fault | None:
    """What a cell of a field says, or why it cannot be read."""
    said = _written(cell)
    if isinstance(said, Fault):
        return said
    if len(said) > LONGEST:
        return Fault.TOO_LONG
    if said.startswith("#") and _ERROR.fullmatch(said):
        return Fault.CELL_ERROR
    if field in _YES_NO:
        return _yes_no(said, columns)
    if field in _CODES:
        said = _plain(said)
    if field in columns.values:
        said = columns.values[field].get(said, said)
    return _day(said) if field in _DAYS else said


def _written(cell: Cell) -> str | Fault:
    """What a cell says, also what a spreadsheet took for a number, a day or a truth."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, date):
        return f"{cell:%Y%m%d}"
    if not abs(cell) < _EXACT:  # nor is what is no number
        return Fault.LOST_DIGITS
    return str(int(cell)) if cell == int(cell) else str(cell)


def _plain(said: str) -> str:
    """Half-width, without spaces and marks nobody sees."""
    if said.isascii() and said.isalnum():
        return said
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", said))


def _day(said: str) -> str:
    """2036-1-1, 2036/01/01, 2036.1.1 and 2036年1月1日 as 20360101; anything else as it is."""
    if said.isdecimal():
        return said
    found = _DAY.fullmatch(said)
    return f"{found[1]}{int(found[2]):02}{int(found[3]):02}" if found else said


def _yes_no(said: str, columns: Columns) -> bool | Fault | None:
    word = columns.values.get("yes_no", {}).get(said)
    if said and word not in {"yes", "no"}:
        return Fault.YES_NO
    return None if word is None else word == "yes"
