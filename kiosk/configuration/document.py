"""A configuration from afar: one JSON document, read and checked whole before anything uses it.

Pure. The form is that of docs/decisions/0019: which settings it may set is a flag on their row in
`kiosk.settings.KEYS`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from types import MappingProxyType
from typing import Any, Literal, NoReturn, cast

from kiosk.configuration.overlay import KeyRefusedError, changed
from kiosk.settings import Settings
from regulation.rules import Rules, load_rules
from regulation.tables import RulesError

SCHEMA = 1
MOST = 1024 * 1024
"""Bytes of a document."""
MOST_REVISION = 2**31 - 1
MEMBERS = ("schema", "kiosk", "revision", "mode", "message", "settings", "rules", "texts")
LANGUAGES = ("zh", "en")

Words = Mapping[str, str]
"""A sentence by language, `zh` and `en`; one that is not there is as the program has it."""


class DocumentError(Exception):
    """A document cannot be used: `reason` is one word for the operator, the text key and cure."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Document:
    """A good document of this kiosk. `settings` are its own, changed; `rules` None: unchanged."""

    revision: int
    mode: Literal["in_service", "out_of_service"]
    message: Words
    settings: Settings
    rules: Rules | None = field(repr=False)
    texts: Mapping[str, Words] = field(repr=False)


def parse(data: bytes, own: Settings, revision: int = 0) -> Document:
    """The document of these bytes for the kiosk whose own settings these are.

    `revision` is what it must be, where that is known. Raises `DocumentError` and nothing else,
    whatever the bytes are.
    """
    if len(data) > MOST:
        raise DocumentError("too_large", f"more than {MOST // 1024} KB; send fewer texts")
    raw = _object(_read(data), "document", MEMBERS)
    if raw.get("schema") != SCHEMA or isinstance(raw["schema"], bool):
        raise DocumentError("schema", f"schema: this program reads {SCHEMA}; update it first")
    if missing := [name for name in ("kiosk", "revision", "mode") if name not in raw]:
        _wrong(missing[0], "is missing; write it")
    if raw["kiosk"] != own.kiosk_id:
        raise DocumentError("other_kiosk", "kiosk: the document is another kiosk's")
    mode, message = _mode(raw)
    return Document(
        _revision(raw["revision"], revision),
        mode,
        message,
        _settings(raw.get("settings", {}), own),
        _rules(raw.get("rules")),
        _texts(raw.get("texts", {})),
    )


def _read(data: bytes) -> object:
    try:
        return json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):  # no UTF-8, no JSON, a number of thousands of digits
        raise DocumentError("no_json", "it is no JSON; send what the centre made") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose members are there once: of two, readers take different ones."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _object(value: object, where: str, known: tuple[str, ...] = ()) -> dict[str, Any]:
    if not isinstance(value, dict):
        _wrong(where, "is no object; write {…}")
    found = cast("dict[str, Any]", value)
    for name in found:
        if known and name not in known:
            _wrong(where, f"has no member {name[:40]!r}; there are {', '.join(known)}")
    return found


def _wrong(where: str, why: str) -> NoReturn:
    raise DocumentError("schema", f"{where}: {why}")


def _revision(value: object, named: int) -> int:
    if type(value) is not int or not 1 <= value <= MOST_REVISION:
        _wrong("revision", f"write a whole number, 1 to {MOST_REVISION}")
    if named and value != named:
        _wrong("revision", f"the signed metadata say {named}; sign the document they name")
    return value


def _mode(raw: Mapping[str, Any]) -> tuple[Literal["in_service", "out_of_service"], Words]:
    message = _words(raw.get("message") or {}, "message")
    match raw["mode"]:
        case "in_service":
            return "in_service", message
        case "out_of_service" if message.get("zh"):
            return "out_of_service", message
        case "out_of_service":
            _wrong("message", "tell citizens in zh why the kiosk is out of service")
        case _:
            _wrong("mode", 'write "in_service" or "out_of_service"')


def _words(value: object, where: str) -> Words:
    found = _object(value, where, LANGUAGES)
    for language, text in found.items():
        if not isinstance(text, str):
            _wrong(f"{where}.{language}", "is no text; write one")
        if not text.isprintable():  # a page shows each character it is given, or a box
            _wrong(f"{where}.{language}", "holds a character that cannot be shown; take it out")
    return MappingProxyType({name: text for name, text in found.items() if text.strip()})


def _settings(value: object, own: Settings) -> Settings:
    try:
        return changed(own, _object(value, "settings"))
    except KeyRefusedError as error:
        raise DocumentError("setting", f"settings: {error}") from None


def _rules(value: object) -> Rules | None:
    if value is None:
        return None
    if not isinstance(value, str):
        _wrong("rules", "is no text; write the whole table in TOML, or null")
    try:
        return load_rules(value)
    except RulesError as error:
        raise DocumentError("rules", f"rules: {error}") from None
    except (ValueError, RecursionError):  # a lone surrogate, a table nested a thousand times
        raise DocumentError("rules", "rules: no valid TOML; send the whole table") from None


def _texts(value: object) -> Mapping[str, Words]:
    """Other words for sentences of the program, each with the same places to fill."""
    found = {
        text: _words(words, f"texts.{text[:20]}") for text, words in _object(value, "texts").items()
    }
    for text, words in found.items():
        for language, sentence in words.items():
            if _places(sentence) is None or _places(sentence) != _places(text):
                where = f"texts.{text[:20]}.{language}"
                _wrong(where, f"has other places to fill; write {_places(text) or 'none'}")
    return MappingProxyType(found)


def _places(text: str) -> list[str] | None:
    """What is filled in a sentence, as it is written; None where it cannot be filled at all."""
    try:
        places = [row for row in Formatter().parse(text) if row[1] is not None]
    except ValueError:
        return None
    return sorted(
        f"{{{name}{'!' + how if how else ''}{spec and ':' + spec}}}"
        for _, name, spec, how in places
    )
