"""Which lamp and which contact hangs where on the board: a row each, read from a profile."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

MOST = 64
"""Outputs, and inputs, that a board may have."""


class Light(StrEnum):
    """The guide lamps: XFS4IoT's names, and `id_reader`, `camera` and `help` which it lacks."""

    ID_READER = "id_reader"
    CARD_READER = "card_reader"
    PIN_PAD = "pin_pad"
    RECEIPT_PRINTER = "receipt_printer"
    CAMERA = "camera"
    SCANNER = "scanner"
    HELP = "help"


AUDIBLE_ALARM = "audible_alarm"
OUTPUTS = frozenset({*Light, AUDIBLE_ALARM})


class Word(StrEnum):
    """What an input says (Auxiliaries.Status)."""

    OFF = "off"
    ON = "on"
    CLOSED = "closed"
    OPEN = "open"
    NOT_PRESENT = "not_present"
    PRESENT = "present"
    NOT_AVAILABLE = "not_available"


@dataclass(frozen=True)
class Inputs:
    """What the contacts say; NOT_AVAILABLE for one that the profile does not have.

    `enhanced_audio` is present while a headset is plugged in.
    """

    operator_call_button: Word = Word.NOT_AVAILABLE
    cabinet_door: Word = Word.NOT_AVAILABLE
    enhanced_audio: Word = Word.NOT_AVAILABLE
    proximity: Word = Word.NOT_AVAILABLE


WORDS = {
    "operator_call_button": (Word.OFF, Word.ON),
    "cabinet_door": (Word.CLOSED, Word.OPEN),
    "enhanced_audio": (Word.NOT_PRESENT, Word.PRESENT),
    "proximity": (Word.NOT_PRESENT, Word.PRESENT),
}
"""A row for each field of `Inputs`: its word at rest, and its word when active."""


@dataclass(frozen=True)
class Contact:
    """An input: its number from 0, and the value it has when it is active."""

    number: int
    active: bool


@dataclass(frozen=True)
class Profile:
    """What hangs on the board: the number of the output by name, the contact by name."""

    outputs: Mapping[str, int]
    inputs: Mapping[str, Contact]

    @property
    def coils(self) -> int:
        """How many outputs are written, from 0; those between that have no name are kept off."""
        return max(self.outputs.values(), default=-1) + 1

    @property
    def contacts(self) -> int:
        """How many inputs are read, from 0."""
        return max((contact.number for contact in self.inputs.values()), default=-1) + 1

    def understand(self, bits: tuple[bool, ...]) -> Inputs:
        """Give what the inputs say, of their values from 0."""
        return Inputs(
            **{
                name: WORDS[name][bits[contact.number] is contact.active]
                for name, contact in self.inputs.items()
            }
        )


def read_profile(path: Path) -> Profile:
    """Give the profile of a file; ValueError says what is wrong with it, OSError that it is gone.

    Source of the names: docs/devices/auxiliaries.md.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        _only(tables, {"outputs", "inputs"})
        outputs = {name: _number(value) for name, value in tables.get("outputs", {}).items()}
        inputs = {name: _contact(value) for name, value in tables.get("inputs", {}).items()}
        _only(outputs, OUTPUTS)
        _only(inputs, set(WORDS))
        _once(list(outputs.values()))
        _once([contact.number for contact in inputs.values()])
    except (ValueError, AttributeError, TypeError) as error:  # a table that is none
        raise ValueError(f"{path.name}: {error}") from None
    if not outputs and not inputs:
        raise ValueError(f"{path.name}: nothing hangs on the board")
    return Profile(outputs, inputs)


def _contact(row: Mapping[str, Any]) -> Contact:
    _only(row, {"number", "active"})
    if row.get("active") not in (True, False):
        raise ValueError("active is true or false")
    return Contact(_number(row.get("number")), active=bool(row["active"]))


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MOST:
        raise ValueError(f"{value!r} is no number from 0 to {MOST - 1}")
    return value


def _only(table: Mapping[str, Any], known: frozenset[str] | set[str]) -> None:
    if unknown := sorted(set(table) - known):
        raise ValueError(f"unknown: {', '.join(unknown)}; known: {', '.join(sorted(known))}")


def _once(numbers: list[int]) -> None:
    if len(numbers) != len(set(numbers)):
        raise ValueError("two of one table have the same number")
