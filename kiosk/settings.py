"""The settings: `config/kiosk.toml` documents every key; a file may leave any of them out.

Everything is checked before anything starts: an unknown key, a wrong type or an impossible value
is refused with the file, the line and the cure.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, NoReturn, cast

from kiosk.setting_kinds import (
    ANY_TEXT,
    BAUD,
    BAUDRATES,
    FILE,
    FOLDER,
    HOUR,
    PIXELS,
    PRINTER,
    SERIAL,
    baudrate,
    has_a_host,
    some_profile,
)
from regulation.afar import AFAR, RUNGS, TEXT, YES_OR_NO, Key, fault, one_of

__all__ = ["DEFAULTS", "KEYS", "LISTS", "RUNGS", "Key", "Settings", "SettingsError", "fault"]
__all__ += ["load", "too_early"]

DEFAULTS = Path(__file__).parent.parent / "config" / "kiosk.toml"
SMALLEST_TARGET_MM = 18.0
SMALLEST_TARGET_PX = 72
"""The smallest touch target of the drawings, on their 1080 px wide canvas."""


class SettingsError(Exception):
    """The settings cannot be used; the message says where and what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings, by section and key, all present and checked."""

    kiosk_id: str
    site: str
    data_dir: Path
    width_px: int
    height_px: int
    width_mm: float
    fullscreen: bool
    screen_backlight: str
    language: Literal["zh_CN", "en"]
    central_url: str
    central_timeout_s: float
    central_identity_dir: str
    central_ca_file: str
    central_fleet_root: str
    central_probation_s: float
    id_reader_port: str
    id_reader_baudrate: int
    id_reader_fingerprint: bool
    id_reader_newest_address: bool
    id_reader_photo_command: tuple[str, ...]
    printer_port: str
    printer_width_mm: Literal[58, 80]
    printer_mode: Literal["auto", "raster", "text"]
    printer_baudrate: int
    printer_head_km: int
    printer_cutter_cuts: int
    camera_source: str
    document_camera_source: str
    social_card_driver: Literal["pcsc", "crt591", "none"]
    social_card_reader: str
    social_card_port: str
    social_card_baudrate: int
    social_card_model: str
    social_card_profile: str
    social_card_card_found: Literal["exit", "retain", "leave"]
    social_card_card_left: Literal["retain", "keep"]
    pin_pad_driver: Literal["screen", "zt598"]
    pin_pad_port: str
    pin_pad_layout: Literal["shuffled", "fixed"]
    media_mount_root: str
    auxiliaries_driver: Literal["modbus", "none"]
    auxiliaries_port: str
    auxiliaries_unit: int
    sound_device: str
    sound_headset: str
    sound_volume: int
    window: str
    hours: tuple[str, ...]
    days: Mapping[str, str]
    notice: Mapping[str, str]
    off: tuple[str, ...]
    banks: tuple[str, ...]
    hotlines: Mapping[str, str]
    release_needs_card: bool
    attendant_people_file: str
    attendant_operator_key: str
    attendant_export_root: str
    attendant_power_off: tuple[str, ...]
    readiness_at: str
    readiness_at_start: bool
    readiness_print: bool
    readiness_read_back: bool
    readiness_microphone: str
    patience: Mapping[str, float]


def _afar(section: str) -> dict[str, Key]:
    """The rows of a section that may be set from afar."""
    names = (name.partition(".") for name in AFAR)
    return {key: AFAR[f"{of}.{key}"] for of, _, key in names if of == section}


KEYS: dict[str, dict[str, Key]] = {
    "kiosk": {
        "id": Key(str, lambda v: bool(re.fullmatch(r"[0-9]{4}", v)), 'four digits, such as "0017"'),
        **_afar("kiosk"),
        "data_dir": replace(TEXT, field="data_dir"),
    },
    "screen": {
        "width_px": replace(PIXELS, field="width_px"),
        "height_px": replace(PIXELS, field="height_px"),
        "width_mm": Key(
            float, lambda v: 50 <= v <= 3000, "millimetres, 50 to 3000", field="width_mm"
        ),
        "fullscreen": replace(YES_OR_NO, field="fullscreen"),
        "backlight": FOLDER,
        **_afar("screen"),
    },
    "central": {
        "url": Key(
            str,
            lambda v: bool(re.fullmatch(r"https?://[^\s/]+(/\S*)?", v)) and has_a_host(v),
            '"http://host:port" or "https://host"',
        ),
        "timeout_s": Key(float, lambda v: 0.5 <= v <= 60, "seconds, 0.5 to 60"),
        "identity_dir": FOLDER,
        "ca_file": Key(str, lambda v: v == "" or v.startswith("/"), 'a PEM file, or "" for none'),
        "fleet_root": FILE,
        "probation_s": Key(float, lambda v: 1 <= v <= 3600, "seconds, 1 to 3600"),
    },
    "id_reader": {
        "driver": Key(str, one_of("samv"), '"samv"'),
        "port": SERIAL,
        "baudrate": BAUD,
        "fingerprint": YES_OR_NO,
        "newest_address": YES_OR_NO,
        "photo_command": Key(
            list,
            lambda v: all(isinstance(word, str) and word for word in v),
            "a program and its words, as a list of texts; [] for none",
        ),
    },
    "printer": {
        "driver": Key(str, one_of("escpos"), '"escpos"'),
        "port": Key(
            str,
            lambda v: bool(re.fullmatch(PRINTER, v)) and has_a_host(v.removeprefix("usb:")),
            '"tcp://host:port", "usb:/dev/usb/lp0" or the path of a serial port',
        ),
        "width_mm": Key(int, one_of(58, 80), "58 or 80"),
        "mode": Key(str, one_of("auto", "raster", "text"), '"auto", "raster" or "text"'),
        "baudrate": baudrate(*BAUDRATES, 230400, 460800),
        "head_km": Key(int, lambda v: 0 <= v <= 1000, "km, 0 (not known) to 1000"),
        "cutter_cuts": Key(
            int, lambda v: 0 <= v <= 10_000_000, "a number of cuts, 0 (not known) to 10000000"
        ),
    },
    "camera": {"source": TEXT},
    "document_camera": {"source": TEXT},
    "social_card": {
        "driver": Key(str, one_of("pcsc", "crt591", "none"), '"pcsc", "crt591" or "none"'),
        "reader": ANY_TEXT,
        "port": SERIAL,
        "baudrate": BAUD,
        "model": TEXT,
        **_afar("social_card"),
        "profile": replace(AFAR["social_card.profile"], possible=some_profile),
        "card_found": Key(str, one_of("exit", "retain", "leave"), '"exit", "retain" or "leave"'),
    },
    "pin_pad": {
        "driver": Key(str, one_of("screen", "zt598"), '"screen" or "zt598"'),
        "port": SERIAL,
        "layout": Key(str, one_of("shuffled", "fixed"), '"shuffled" or "fixed"'),
    },
    "media": {
        "mount_root": FOLDER,
    },
    "auxiliaries": {
        "driver": Key(str, one_of("modbus", "none"), '"modbus" or "none"'),
        "port": SERIAL,
        "unit": Key(int, lambda v: 1 <= v <= 247, "a Modbus unit, 1 to 247"),
    },
    "sound": {
        "device": ANY_TEXT,
        "headset": ANY_TEXT,
        **_afar("sound"),
    },
    "service": _afar("service"),
    "attendant": {
        "people_file": FILE,
        "operator_key": FILE,
        "export_root": FOLDER,
        "power_off": Key(
            list,
            lambda v: bool(v) and all(isinstance(w, str) and w for w in v),
            "a command's words",
        ),
    },
    "readiness": {
        "at": HOUR,
        "at_start": YES_OR_NO,
        "print": YES_OR_NO,
        "read_back": YES_OR_NO,
        "microphone": ANY_TEXT,
    },
    "patience": _afar("patience"),
}

LISTS = ("attendant_power_off", "banks", "hours", "id_reader_photo_command", "off")
"""The fields that are lists in the file."""

NEEDS_PORT = {("social_card", "crt591"), ("pin_pad", "zt598"), ("auxiliaries", "modbus")}
"""Drivers behind a serial port that nobody can find for them."""


def load(path: Path | None) -> Settings:
    """The settings of a file over the defaults. Raises SettingsError, and nothing is started."""
    values = _read(DEFAULTS)
    if path is not None:
        for section, keys in _read(path).items():
            values[section] |= keys
    _check_ports(path or DEFAULTS, values)
    _check_rungs(path or DEFAULTS, values["patience"])
    settings = _settings(values)
    target_mm = SMALLEST_TARGET_PX / 1080 * settings.width_mm
    if target_mm < SMALLEST_TARGET_MM - 0.2:
        raise SettingsError(
            f"{path or DEFAULTS}: [screen] width_mm = {settings.width_mm:g}: on so narrow a panel "
            f"the smallest button is {target_mm:.0f} mm wide, and fingers need "
            f"{SMALLEST_TARGET_MM:.0f} mm; write the panel's real width (268 for 21.5 inches)"
        )
    return settings


def _check_ports(path: Path, values: dict[str, dict[str, Any]]) -> None:
    """Refuse a driver without its port, and one port for two devices."""
    text = path.read_text("utf-8-sig")
    for section, driver in NEEDS_PORT:
        if values[section]["driver"] == driver and not values[section]["port"]:
            why = f'driver = "{driver}" is behind a serial port; write port = "/dev/serial/by-id/…"'
            _refuse(path, text, section, "driver", why)
    behind = [section for section, driver in NEEDS_PORT if values[section]["driver"] == driver]
    used: dict[Path, str] = {}
    for section in ("id_reader", "printer", *sorted(behind)):
        port = Path(values[section]["port"])
        if port.is_absolute() and port.exists():
            other = used.setdefault(port.resolve(), section)
            if other != section:
                _refuse(path, text, section, "port", f"[{other}] is there; write the port of each")


def _check_rungs(path: Path, seconds: Mapping[str, float]) -> None:
    """Refuse an alarm that comes before what it follows."""
    if early := too_early(seconds):
        rung, why = early
        _refuse(path, path.read_text("utf-8-sig"), "patience", rung, why)


def too_early(seconds: Mapping[str, float]) -> tuple[str, str] | None:
    """The first rung that does not come after the one before it, and what to write instead."""
    for before, rung in pairwise(RUNGS):
        if seconds[rung] <= seconds[before]:
            return rung, f"it comes after {before}; write more seconds"
    return None


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        text = path.read_text("utf-8-sig")
        table = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML: {error}") from None
    for section, keys in table.items():
        if section not in KEYS:
            _refuse(path, text, section, "", f"no such section; there are {', '.join(KEYS)}")
        if not isinstance(keys, dict):
            _refuse(path, text, section, "", f"write it as a section: [{section}]")
        for key, value in cast("dict[str, Any]", keys).items():
            _check(path, text, section, key, value)
    return table


def _check(path: Path, text: str, section: str, key: str, value: object) -> None:
    row = KEYS[section].get(key)
    if row is None:
        _refuse(path, text, section, key, f"no such key; there are {', '.join(KEYS[section])}")
    if why := fault(row, value):
        _refuse(path, text, section, key, why)


def _refuse(path: Path, text: str, section: str, key: str, why: str) -> NoReturn:
    where = f"[{section}] {key}".rstrip()
    raise SettingsError(f"{path}:{_line(text, section, key)}: {where}: {why}")


def _line(text: str, section: str, key: str) -> int:
    """The line a key stands in; the section's when the key cannot be found."""
    inside, found = False, 1
    for number, line in enumerate(text.splitlines(), start=1):
        if match := re.match(r"\s*\[\s*([\w.\-]+)", line):
            inside = match[1] == section
            found = number if inside else found
        elif inside and key and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
            return number
    return found


def _settings(values: dict[str, dict[str, Any]]) -> Settings:
    known = {row.name for row in fields(Settings)}
    named = {
        row.field or f"{section}_{key}": values[section][key]
        for section, keys in KEYS.items()
        for key, row in keys.items()
    }
    given = {name: value for name, value in named.items() if name in known}
    for name in LISTS:
        given[name] = tuple(given[name])
    given["data_dir"] = Path(given["data_dir"])
    return Settings(**given, patience=values["patience"])
