"""What differs from one motorised reader to the next: read from a profile, a table a model."""

import dataclasses
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardware.card_transport.frames import LAST_ADDRESS


@dataclass(frozen=True)
class Profile:
    """One model of reader.

    `address`: its DIP switches. `bin_full`: the st2 of a full bin, 0 or 1. `refusals`: the heads of
    a reply that says no, N, E or NE. `voltage`: how the chip is powered (0 5 V EMV, 3 5 V ISO 7816,
    5 3 V ISO 7816). Longest times in seconds: `ack_s` until it says that a command came, `path_s`
    of a card from one end to the other, `feed_s` from the stacker, `initialise_s` of an
    initialisation, `chip_s` of a chip's command.
    """

    address: int = 0
    bin_full: str = "1"
    refusals: str = "NE"
    voltage: str = "3"
    stacker: bool = True
    ack_s: float = 0.3
    path_s: float = 2.0
    feed_s: float = 3.0
    initialise_s: float = 6.0
    chip_s: float = 2.0


_LONGEST_S = 60


def _is_time(value: Any) -> bool:
    number = isinstance(value, float | int) and not isinstance(value, bool)
    return number and 0 < value <= _LONGEST_S


_POSSIBLE: dict[str, tuple[Callable[[Any], bool], str]] = {
    "address": (lambda value: type(value) is int and 0 <= value <= LAST_ADDRESS, "0 to 15"),
    "bin_full": (lambda value: value in ("0", "1"), '"0" or "1"'),
    "refusals": (lambda value: value in ("N", "E", "NE"), '"N", "E" or "NE"'),
    "voltage": (lambda value: value in ("0", "3", "5"), '"0", "3" or "5"'),
    "stacker": (lambda value: isinstance(value, bool), "true or false"),
    "ack_s": (_is_time, "seconds, up to 60"),
    "path_s": (_is_time, "seconds, up to 60"),
    "feed_s": (_is_time, "seconds, up to 60"),
    "initialise_s": (_is_time, "seconds, up to 60"),
    "chip_s": (_is_time, "seconds, up to 60"),
}


def read_profile(path: Path, model: str) -> Profile:
    """Give a model's profile; ValueError says what is wrong with it, OSError that the file is gone.

    A key that is left out has the value of `Profile`.
    """
    try:
        tables: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None
    if model not in tables or not isinstance(tables[model], dict):
        raise ValueError(f"{path.name}: no table [{model}]; there are {', '.join(tables)}")
    table: dict[str, Any] = tables[model]
    for key, value in table.items():
        possible, cure = _POSSIBLE.get(key, (None, ""))
        if possible is None:
            raise ValueError(f"{path.name}: [{model}] {key}: there are {', '.join(_POSSIBLE)}")
        if not possible(value):
            raise ValueError(f"{path.name}: [{model}] {key} = {value!r}: write {cure}")
    return dataclasses.replace(Profile(), **table)
