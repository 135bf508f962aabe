"""What each service costs, and the grounds of waivers: `config/fees.toml` as tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from regulation.rules import Service
from regulation.tables import RulesError, read_table, refuse_unknown, table, text

_MOST_FEN = 100_000
FILE = Path(__file__).parents[2] / "config" / "fees.toml"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Fen by service, where it costs anything; the names of the waivers' grounds by id."""

    fen: Mapping[Service, int]
    grounds: Mapping[str, str]


@cache
def load_schedule(source: str | Path = FILE) -> Schedule:
    """The schedule of a TOML text (a string) or of a file (a Path).

    A bad table raises `RulesError`, which names the key and the cure.
    """
    raw = read_table(source)
    refuse_unknown(raw, frozenset({"fen", "grounds"}), "fees")
    grounds = table(raw, "grounds")
    return Schedule(
        MappingProxyType(dict(_fen(*row) for row in table(raw, "fen").items())),
        MappingProxyType({name: text(grounds, name, "[grounds]") for name in grounds}),
    )


def _fen(name: str, fen: object) -> tuple[Service, int]:
    try:
        service = Service(name)
    except ValueError:
        raise RulesError(f"[fen] {name}: no such service; see config/rules.toml") from None
    if isinstance(fen, bool) or not isinstance(fen, int) or not 0 < fen <= _MOST_FEN:
        raise RulesError(f"[fen] {name}: write a number of fen from 1 to {_MOST_FEN}")
    return service, fen
