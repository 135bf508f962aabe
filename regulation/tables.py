"""Tables of `config/` in TOML: reading them, and refusing them with the key and the cure."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias, cast

Table: TypeAlias = Mapping[str, object]


class RulesError(ValueError):
    """A table cannot be used. The message names the key and says how to mend it."""


def read_table(source: str | Path) -> Table:
    """The table of a TOML text (a string) or of a file (a Path)."""
    try:
        text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
        return tomllib.loads(text)
    except OSError as error:
        raise RulesError(f"{source}: {error.strerror}; give the path of a readable file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        name = source if isinstance(source, Path) else "text"
        raise RulesError(f"{name}: no valid TOML: {error}; mend that line") from error


def table(parent: Table, key: str) -> Table:
    """The table under a key."""
    value = parent.get(key)
    if not isinstance(value, dict):
        raise RulesError(f"[{key}]: missing or no table; add a [{key}] section")
    return cast("Table", value)


def tables(parent: Table, key: str) -> tuple[Table, ...]:
    """The list of tables under a key."""
    value = parent.get(key)
    if not isinstance(value, list) or not value:
        raise RulesError(f"[[{key}]]: missing; add at least one [[{key}]]")
    rows = cast("list[object]", value)
    if not all(isinstance(row, dict) for row in rows):
        raise RulesError(f"{key}: no list of tables; write each as [[{key}]]")
    return tuple(cast("list[Table]", rows))


def text(parent: Table, key: str, where: str, default: str | None = None) -> str:
    """The string under a key; `where` tells the place in the message."""
    value = parent.get(key, default)
    if not isinstance(value, str):
        raise RulesError(f'{where}: {key} is missing or no text; write {key} = "..."')
    return value


def texts(parent: Table, key: str, where: str) -> tuple[str, ...]:
    """The list of strings under a key."""
    value = parent.get(key)
    if isinstance(value, list):
        items = cast("list[object]", value)
        if all(isinstance(item, str) for item in items):
            return tuple(cast("list[str]", items))
    raise RulesError(f'{where}: {key} is missing or no list of texts; write {key} = ["..."]')


def refuse_unknown(parent: Table, known: frozenset[str], where: str) -> None:
    """Refuse keys that nothing reads: a slip of the pen must not pass in silence."""
    for key in parent:
        if key not in known:
            raise RulesError(f"{where}: unknown key {key!r}; known are {', '.join(sorted(known))}")
