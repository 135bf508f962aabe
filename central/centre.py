"""What every route of the centre works with, opened once and closed once."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Self

from fastapi import Depends, Request

from central.clock import Clock, china_now
from central.database import Database
from central.idempotency import Running
from regulation.rules import Rules
from regulation.terms import Calendar

SECRET_FILE = "secret"  # noqa: S105 - the file's name
SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose.

    `window` is where vouchers send people; `agent_daily_limit` how many applications one agent may
    bring in a day (failure F40).
    """

    window: str = "3"
    agent_daily_limit: int = 5


@dataclass(frozen=True, slots=True)
class Centre:
    """An open centre: its store and folder, its vouchers' secret, the rules, the calendar."""

    database: Database
    folder: Path
    secret: bytes
    rules: Rules
    calendar: Calendar
    settings: Settings = field(default_factory=Settings)
    clock: Clock = china_now
    running: Running = field(default_factory=Running)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()


def open_centre(
    folder: Path,
    rules: Rules,
    calendar: Calendar,
    settings: Settings | None = None,
    clock: Clock = china_now,
) -> Centre:
    """Open the centre in a folder; an empty folder becomes a new centre."""
    database = Database(folder)
    secret = voucher_secret(folder)
    return Centre(database, folder, secret, rules, calendar, settings or Settings(), clock)


def _centre(request: Request) -> Centre:
    return request.app.state.centre


Here = Annotated[Centre, Depends(_centre)]
"""The open centre, as a route's parameter."""


def voucher_secret(folder: Path) -> bytes:
    """The key of the vouchers' codes; made once, never half: a full file appears under its name."""
    path = folder / SECRET_FILE
    if not path.exists():
        fresh = folder / f"{SECRET_FILE}.{secrets.token_hex(4)}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # another process was first: its secret counts
        finally:
            fresh.unlink()
        sync_folder(folder)
    return path.read_bytes()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
