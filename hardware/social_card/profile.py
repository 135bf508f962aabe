"""How cards differ: a profile, read strictly from config/profiles/social_card.toml."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast

from hardware.social_card.keys import Algorithm

_HEADER = 5  # CLA INS P1 P2 Lc
_SHORTEST_PIN, _LONGEST_PIN = 4, 16


class ProfileError(Exception):
    """A file of profiles that cannot be used; the text names file, profile and key."""


@dataclass(frozen=True)
class Profile:
    """The quirks of a card. What each key does stands beside it in the file.

    Bytes are 0 to 255, headers hex of 5 bytes; ValueError names the key that is wrong.
    """

    regions: tuple[str, ...]
    addressing: str
    select_file_p1: int
    read_le: str
    challenge_order: str
    internal_order: str
    holder_key: int
    reset_key: int
    personalise_key: int
    reload_sm4: str
    reload_3des: str
    empty_verify: bool
    pin_digits: tuple[int, int]

    def __post_init__(self) -> None:
        for key, (check, what) in _CHECKS.items():
            if not check(getattr(self, key)):
                raise ValueError(f"{key} must be {what}")

    def is_ours(self, card_id: str) -> bool:
        """Whether a card of this 卡识别码 (hex) was issued in our region."""
        return card_id.startswith(self.regions)

    def reload_header(self, algorithm: Algorithm) -> bytes | None:
        """Give CLA INS P1 P2 Lc of RELOAD; none for an algorithm that has no RELOAD here."""
        headers = {Algorithm.SM4: self.reload_sm4, Algorithm.TDES: self.reload_3des}
        text = headers.get(algorithm)
        return None if text is None else bytes.fromhex(text)


def read_profile(path: Path, name: str) -> Profile:
    """Give the profile of this name; ProfileError names what is wrong with it."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ProfileError(f"{path}: {error}") from error
    table = tables.get(name)
    if not isinstance(table, dict):
        raise ProfileError(f"{path}: there is no profile {name!r}: {', '.join(tables)}")
    return _profile(f"{path}: [{name}]", cast("dict[str, Any]", table))


def _profile(where: str, table: dict[str, Any]) -> Profile:
    keys = {row.name for row in fields(Profile)}
    if table.keys() != keys:
        wrong = ", ".join(sorted(table.keys() ^ keys))
        raise ProfileError(f"{where}: missing or unknown: {wrong}")
    values: dict[str, Any] = {
        key: tuple(cast("list[Any]", value)) if isinstance(value, list) else value
        for key, value in table.items()
    }
    try:
        return Profile(**values)
    except ValueError as error:
        raise ProfileError(f"{where}: {error}") from error


_Check = tuple[Callable[[object], bool], str]


def _one_of(*words: str) -> _Check:
    return words.__contains__, f"one of {', '.join(words)}"


def _is_byte(value: object) -> bool:
    return type(value) is int and value in range(256)


def _is_header(value: object) -> bool:
    try:
        return isinstance(value, str) and len(bytes.fromhex(value)) == _HEADER
    except ValueError:
        return False


def _are_texts(value: object) -> bool:
    texts = cast("tuple[object, ...]", value) if isinstance(value, tuple) else ()
    return bool(texts) and all(isinstance(text, str) and text for text in texts)


def _are_counts(value: object) -> bool:
    match value:
        case (int() as least, int() as most):
            return _SHORTEST_PIN <= least <= most <= _LONGEST_PIN
        case _:
            return False


_BYTE: _Check = (_is_byte, "a byte")
_HEX: _Check = (_is_header, "hex of 5 bytes")
_CHECKS: dict[str, _Check] = {
    "regions": (_are_texts, "a list of texts"),
    "addressing": _one_of("sfi", "selected", "tag"),
    "select_file_p1": _BYTE,
    "read_le": _one_of("exact", "any", "none"),
    "challenge_order": _one_of("source_first", "factor_first"),
    "internal_order": _one_of("source_first", "factor_first"),
    "holder_key": _BYTE,
    "reset_key": _BYTE,
    "personalise_key": _BYTE,
    "reload_sm4": _HEX,
    "reload_3des": _HEX,
    "empty_verify": (lambda value: isinstance(value, bool), "true or false"),
    "pin_digits": (_are_counts, "two counts from 4 to 16"),
}
