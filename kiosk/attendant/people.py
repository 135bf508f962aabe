"""The attendants of a kiosk: a TOML file of ids, roles and PIN hashes (argon2id), never a name.

`python -m kiosk attendants add ID` writes a row; the kiosk reads the file anew at each entry.
"""

import argparse
import getpass
import os
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from kiosk import whole_file
from kiosk.services.attendant_answers import Role
from kiosk.settings import SettingsError, load
from regulation.pins import weakness

ID = r"[0-9]{4,8}"
PIN_LENGTH = 6
_HASHER = PasswordHasher()
NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4"
    "$n3vLJ4XUqzV7SlFQvKNrZw$g7jKMyR8iZB7IGKzxljVf4D04d3osTDh86A/4vLDzHw"
)
"""Checked for an id that nobody has: it takes as long, and is no. It is of a text nobody knows."""

HEAD = "# The attendants of this kiosk. Made by `python -m kiosk attendants`; 0640, of the kiosk.\n"


class PeopleError(Exception):
    """The file of attendants cannot be used; the message says where and what to write instead."""


@dataclass(frozen=True, slots=True)
class Person:
    """A row of the file: what they may do, and their PIN as argon2 keeps it."""

    role: Role
    pin: str = field(repr=False)


def read(path: Path) -> Mapping[str, Person]:
    """Everybody by their id; nobody where there is no file. Raises `PeopleError`."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise PeopleError(f"{path}: cannot be read ({error.strerror})") from None
    except ValueError:
        raise PeopleError(f"{path}: not TOML; make it anew with `attendants add`") from None
    return {who: _person(path, who, row) for who, row in table.items()}


def _person(path: Path, who: str, row: Any) -> Person:
    try:
        person = Person(Role(row["role"]), str(row["pin"]))
    except (KeyError, TypeError, ValueError):
        raise PeopleError(f"{path}: [{who}] has no role or pin; `attendants add {who}`") from None
    if not re.fullmatch(ID, who) or not person.pin.startswith("$argon2id$"):
        raise PeopleError(f"{path}: [{who}]: an id is 4 to 8 digits, and its pin an argon2id hash")
    return person


def fits(person: Person | None, pin: bytes) -> bool:
    """Whether it is the person's PIN; as slow, and never, for nobody's."""
    try:
        return _HASHER.verify(person.pin if person else NOBODY, pin) and person is not None
    except (Argon2Error, InvalidHashError):
        return False


def write(path: Path, people: Mapping[str, Person]) -> None:
    """Put these in the file, in the place of those before; readable by its owner and group.

    Made by root it is of whoever had it before, or has the folder: the kiosk has to read it.
    """
    rows = [f'[{who}]\nrole = "{each.role}"\npin = "{each.pin}"\n' for who, each in people.items()]
    had = (path if path.exists() else path.parent).stat()
    owner = (had.st_uid, had.st_gid) if os.geteuid() == 0 else None
    whole_file.put(path, (HEAD + "\n" + "\n".join(rows)).encode(), 0o640, owner)


def hashed(role: Role, pin: str) -> Person:
    """A row for a PIN; raises ValueError for one that is easily guessed or is no six digits."""
    if not re.fullmatch(rf"[0-9]{{{PIN_LENGTH}}}", pin, re.ASCII):
        raise ValueError("a PIN is six digits")
    if rule := weakness(pin.encode()):
        raise ValueError(f"that PIN is easily guessed ({rule}): choose another")
    return Person(role, _HASHER.hash(pin))


def main(argv: list[str]) -> int:
    """`python -m kiosk attendants add|remove|list`; 2 when the settings or a PIN do not serve."""
    parser = argparse.ArgumentParser(prog="python -m kiosk attendants", description=__doc__)
    parser.add_argument("--config", type=Path, help="settings; what it leaves out is the default")
    deeds = parser.add_subparsers(dest="deed", required=True)
    for deed in ("add", "remove"):
        deeds.add_parser(deed).add_argument("id", help="4 to 8 digits")
    deeds.choices["add"].add_argument("--role", choices=list(Role), default=Role.ATTENDANT)
    deeds.add_parser("list")
    asked = parser.parse_args(argv)
    try:
        path = _path(asked.config)
        _do(asked, path, dict(read(path)))
    except (SettingsError, PeopleError, ValueError, OSError) as error:
        sys.stderr.write(f"kiosk attendants: {error}\n")
        return 2
    return 0


def _path(config: Path | None) -> Path:
    named = load(config).attendant_people_file
    if not named:
        raise PeopleError('[attendant] people_file is ""; name a file, and attendants may enter')
    return Path(named)


def _do(asked: argparse.Namespace, path: Path, people: dict[str, Person]) -> None:
    if asked.deed == "list":
        for who, each in people.items():
            print(who, each.role)  # noqa: T201 - a command's output
        return
    if not re.fullmatch(ID, asked.id, re.ASCII):
        raise ValueError("an id is 4 to 8 digits")
    if asked.deed == "remove":
        if people.pop(asked.id, None) is None:
            raise ValueError(f"nobody has the id {asked.id}")
    else:
        people[asked.id] = hashed(Role(asked.role), _typed_pin())
    write(path, people)


def _typed_pin() -> str:
    """From the terminal, twice and unseen; from a pipe, a line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    pin = getpass.getpass("PIN (six digits): ")
    if getpass.getpass("PIN again: ") != pin:
        raise ValueError("the two are not the same")
    return pin
