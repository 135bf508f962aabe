"""The kinds of settings of the kiosk's own file; those set from afar are in regulation/afar.py."""

import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from regulation.afar import Key, one_of

PROFILES = Path(__file__).parent.parent / "config" / "profiles" / "social_card.toml"


def some_profile(value: str) -> bool:
    """Whether `PROFILES` has such a card."""
    return value in tomllib.loads(PROFILES.read_text("utf-8"))


def has_a_host(value: str) -> bool:
    """Whether an address names a host, and a port that there is; a path is an address too."""
    try:
        address = urlsplit(value)
        return value.startswith("/") or (bool(address.hostname) and address.port != 0)
    except ValueError:  # a port over 65535, a broken [::1]
        return False


BAUDRATES = (9600, 19200, 38400, 57600, 115200)
PIXELS = Key(int, lambda value: 200 <= value <= 8000, "a number of pixels, 200 to 8000")


def baudrate(*rates: int) -> Key:
    """A serial line's speed, one of these."""
    return Key(int, one_of(*rates), f"one of {', '.join(map(str, rates))}")


BAUD = baudrate(*BAUDRATES)
PRINTER = r"tcp://[^\s:/]+:[0-9]{1,5}|usb:/\S+|/\S+"
FOLDER = Key(
    str, lambda v: v == "" or v.startswith("/"), 'a folder, beginning with /, or "" for none'
)
FILE = Key(str, lambda v: v == "" or v.startswith("/"), 'a file, beginning with /, or "" for none')
HOUR = Key(
    str,
    lambda v: bool(re.fullmatch(r"|([01][0-9]|2[0-3]):[0-5][0-9]", v)),
    'a time such as "06:00", or "" for never',
)
ANY_TEXT = Key(str, lambda _value: True, "a text")
SERIAL = Key(
    str,
    lambda v: v == "" or v.startswith("/"),
    "the path of a serial port, best /dev/serial/by-id/…",
)
