"""The settings: `config/station.toml` documents every key; a file may leave any of them out.

Everything is checked before anything starts: an unknown key, a wrong type or an impossible value
is refused with the file, the key and the cure.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

_CONFIG = Path(__file__).parent.parent / "config"
DEFAULTS = _CONFIG / "station.toml"
PROFILES = _CONFIG / "profiles"


class SettingsError(Exception):
    """The settings cannot be used; the message says where and what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, `section_key` by `section_key`, all present and checked."""

    station_id: str
    station_data_dir: str
    station_port: int
    station_insert_s: float
    central_url: str
    central_timeout_s: float
    central_certificate: str
    central_key: str
    central_ca: str
    social_card_driver: Literal["pcsc", "crt591"]
    social_card_reader: str
    social_card_port: str
    social_card_baudrate: int
    social_card_model: str
    social_card_profile: str


@dataclass(frozen=True, slots=True)
class _Key:
    """A key's type, whether a value is possible, and what to write."""

    type: type
    possible: Callable[[Any], bool]
    cure: str


def _is_address(value: str) -> bool:
    try:
        address = urlsplit(value)
        return address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:  # a port over 65535, a broken [::1]
        return False


def _is_file(value: str) -> bool:
    return not value or Path(value).is_file()


_FILE = _Key(str, _is_file, 'the path of a PEM file, or ""')
_TEXT = _Key(str, lambda _: True, "a text")
_SOME_TEXT = _Key(str, lambda value: bool(value.strip()), "a text that is not empty")
_BAUDRATES = (9600, 19200, 38400, 57600, 115200)
_KEYS: Mapping[str, Mapping[str, _Key]] = {
    "station": {
        "id": _Key(
            str,
            lambda value: bool(re.fullmatch("[0-9A-Za-z-]{1,32}", value)),
            'letters, digits and "-", such as "W301-1"',
        ),
        "data_dir": _SOME_TEXT,
        "port": _Key(int, lambda value: value in range(65536), "a port; 0 takes a free one"),
        "insert_s": _Key(float, lambda value: 5 <= value <= 3600, "seconds, 5 to 3600"),  # noqa: PLR2004
    },
    "central": {
        "url": _Key(str, _is_address, '"http://host:port" or "https://host"'),
        "timeout_s": _Key(float, lambda value: 0.5 <= value <= 60, "seconds, 0.5 to 60"),  # noqa: PLR2004
        "certificate": _FILE,
        "key": _FILE,
        "ca": _FILE,
    },
    "social_card": {
        "driver": _Key(str, ("pcsc", "crt591").__contains__, '"pcsc" or "crt591"'),
        "reader": _TEXT,
        "port": _Key(str, lambda value: value == "" or value[0] == "/", "a serial port's path"),
        "baudrate": _Key(int, _BAUDRATES.__contains__, f"one of {_BAUDRATES}"),
        "model": _SOME_TEXT,
        "profile": _SOME_TEXT,
    },
}


def read_settings(path: Path | None = None) -> Settings:
    """Give the settings of a file over the defaults; SettingsError says what is wrong."""
    values = _read(DEFAULTS)
    if path is not None:
        values |= _read(path)
    made = Settings(**values)
    if made.social_card_driver == "crt591" and not made.social_card_port:
        raise SettingsError('social_card.port: driver "crt591" needs the path of its serial port')
    if made.central_certificate and not made.central_url.startswith("https:"):
        raise SettingsError("central.certificate: a certificate is shown over https only")
    return made


def _read(path: Path) -> dict[str, Any]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from None
    values: dict[str, Any] = {}
    for section, table in tables.items():
        rows = _KEYS.get(section)
        if rows is None or not isinstance(table, dict):
            raise SettingsError(f"{path}: [{section}]: the sections are {', '.join(_KEYS)}")
        for key, value in cast("dict[str, Any]", table).items():
            values[f"{section}_{key}"] = _checked(f"{path}: {section}.{key}", rows.get(key), value)
    return values


def _checked(where: str, row: _Key | None, value: Any) -> Any:
    if row is None:
        raise SettingsError(f"{where}: there is no such key")
    if row.type is float and type(value) is int:
        value = float(value)
    if type(value) is not row.type or not row.possible(value):
        raise SettingsError(f"{where}: write {row.cure}")
    return value
