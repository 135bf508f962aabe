"""The catalogue of events: what may be written down, and what each field can hold at most.

`events.toml` names the events and their fields, `event_fields.toml` what a field holds. A text that
could be anybody's name or number fits no field, so it is never written, wherever it came from.
"""

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text("utf-8"))


CATALOGUE: dict[str, dict[str, list[str] | str]] = _table("events.toml")
_FIELDS = _table("event_fields.toml")

MARK = "?"
"""Stands for a text that the field cannot hold."""
MOST = 99_999
"""No number is above: one of six digits might be a PIN."""
USUAL = "code"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field can hold: in words, as a pattern of the whole text, and for example."""

    name: str
    meaning: str
    pattern: re.Pattern[str]
    example: str


KINDS = {
    name: Kind(name, row["meaning"], re.compile(row["pattern"], re.ASCII), row["example"])
    for name, row in _FIELDS["kinds"].items()
}
_KIND_OF: dict[str, str] = _FIELDS["fields"]


def kind(event: str, field: str) -> Kind:
    """What a field of an event holds: its own row, the field's, or a code."""
    return KINDS[_KIND_OF.get(f"{event}.{field}") or _KIND_OF.get(field, USUAL)]


def fitted(event: str, field: str, value: object) -> str | int:
    """The value as it may be written: numbers up to `MOST`, and `MARK` for what does not fit."""
    if isinstance(value, int) and not isinstance(value, bool):
        return min(max(int(value), -MOST), MOST)
    if isinstance(value, str) and (not value or kind(event, field).pattern.fullmatch(value)):
        return str(value)
    return MARK


def page() -> str:
    """The catalogue as the Markdown page docs/events.md."""
    rows = [
        f"| `{name}` | {row['meaning']} | {_listed(name, row['fields'])} |"
        for name, row in CATALOGUE.items()
    ]
    kinds = [
        f"| {kind.name} | {kind.meaning} | `{_cell(kind.pattern.pattern)}` | `{kind.example}` |"
        for kind in KINDS.values()
    ]
    return "\n".join(
        [
            "# Events\n",
            "Made of `kiosk/events.toml` and `kiosk/event_fields.toml` by `python -m kiosk",
            "events`; the log they are written to: [logs.md](logs.md).\n",
            "| event | meaning | fields |\n| --- | --- | --- |",
            *rows,
            "\n## What a field holds\n",
            f"A field without a kind is a {USUAL}. Any field may be empty or a whole number to",
            f"{MOST}; a text that does not fit is written as `{MARK}` and counted.\n",
            "| kind | what it is | pattern | example |\n| --- | --- | --- | --- |",
            *kinds,
            "",
        ]
    )


def names() -> str:
    """The module `kiosk/event_names.py`, for who checks the program before it runs."""
    members = [f'    {name.upper()} = "{name}"' for name in CATALOGUE]
    return "\n".join(
        [
            '"""The events, made of `kiosk/events.toml` by `python -m kiosk event-names`."""\n',
            "from enum import StrEnum\n\n",
            "class Event(StrEnum):",
            '    """The events of the catalogue."""\n',
            *members,
            "",
        ]
    )


def main(argv: list[str]) -> int:
    """`python -m kiosk events`, `python -m kiosk event-names`: the page, the module."""
    sys.stdout.write({"events": page, "event-names": names}[argv[0]]())
    return 0


def _listed(event: str, fields: list[str] | str) -> str:
    kinds = ((field, kind(event, field).name) for field in fields)
    return ", ".join(f"`{field}`" + (f" ({of})" if of != USUAL else "") for field, of in kinds)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
