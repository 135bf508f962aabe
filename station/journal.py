"""Nothing is done twice: a row before every effect, durable, settled on start.

A card write goes planned -> writing -> written -> confirmed, or from any of the first three to
reversed. What was decided (written, reversed) is told to the centre until it has acknowledged.
There is nothing of a person in it: 卡识别码, ATR, and a digest.
"""

import sqlite3
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any


class JournalError(Exception):
    """The journal is not to be used; the text says why. The station must then not write cards."""


class State(StrEnum):
    """How far a card write is."""

    PLANNED = "planned"
    """The job was taken; nothing was written."""
    WRITING = "writing"
    """The card may have been written to."""
    WRITTEN = "written"
    """The card has all, read back; the centre may not know it yet."""
    CONFIRMED = "confirmed"
    REVERSED = "reversed"
    """It was given up; the centre may not know it yet."""


class Reason(StrEnum):
    """Why a card write was given up."""

    NO_CARD = "no_card"
    NOT_BLANK = "not_blank"
    WRITE_FAILED = "write_failed"
    VERIFY_FAILED = "verify_failed"
    CARD_PULLED = "card_pulled"
    OPERATOR = "operator"
    TIMEOUT = "timeout"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Card:
    """The card a write goes to: 卡识别码 and ATR in hex, and the digest it has once it is whole."""

    identifier: str = ""
    atr: str = ""
    data_sha256: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Write:
    """A row. `card` is empty until it is written to; `reason` only of a reversed one."""

    write_id: str
    state: State
    card: Card
    reason: str
    start_key: str
    confirm_key: str
    reverse_key: str


class Journal:
    """The station's store in `folder`, made when missing; for the thread that writes cards.

    Raises `JournalError` when it is not to be had: another station runs here, or the disk failed.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(folder / "journal.db", isolation_level=None, timeout=1.0)
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")  # one station, one journal
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute(_TABLE)
            self._db.execute("UPDATE writes SET acknowledged = acknowledged")  # takes the lock
        except (OSError, sqlite3.Error) as error:
            raise JournalError(f"{folder}/journal.db: {error}: is a station running?") from None

    def close(self) -> None:
        """Close the store."""
        self._db.close()

    def plan(self, write_id: str, now: datetime) -> Write:
        """Put a job down that was taken; its keys are made here."""
        keys = [str(uuid.uuid4()) for _ in range(3)]
        self._do(_INSERT, write_id, State.PLANNED, now.isoformat(), *keys)
        return self.write(write_id)

    def write(self, write_id: str) -> Write:
        """Give one that was put down; JournalError for another."""
        found = self.find(write_id)
        if found is None:
            raise JournalError("there is no such card write")
        return found

    def find(self, write_id: str) -> Write | None:
        """Give one, if it was put down."""
        return next(iter(self._rows("WHERE write_id = ?", write_id)), None)

    def open(self) -> list[Write]:
        """Give those the centre has not heard the end of, oldest first."""
        return self._rows("WHERE NOT acknowledged ORDER BY opened, write_id")

    def writing(self, write_id: str, card: Card) -> None:
        """From now on this card may have been written to."""
        sets = "state = ?, identifier = ?, atr = ?, data_sha256 = ?"
        values = (State.WRITING, card.identifier, card.atr, card.data_sha256)
        self._move(write_id, (State.PLANNED,), sets, *values)

    def written(self, write_id: str) -> None:
        """The card has all of it, read back."""
        self._move(write_id, (State.WRITING,), "state = ?", State.WRITTEN)

    def reverse(self, write_id: str, reason: Reason) -> None:
        """It is given up, for good."""
        before = (State.PLANNED, State.WRITING, State.WRITTEN)
        self._move(write_id, before, "state = ?, reason = ?", State.REVERSED, reason)

    def acknowledge(self, write_id: str, state: State) -> None:
        """The centre has it as this: confirmed, or reversed."""
        before = (State.WRITTEN, State.CONFIRMED, State.REVERSED)
        self._move(write_id, before, "state = ?, acknowledged = 1", state)

    def tell_again(self, write_id: str) -> None:
        """The centre asks for one that was settled: what was decided is told once more."""
        self._do("UPDATE writes SET acknowledged = 0 WHERE write_id = ?", write_id)

    def _move(self, write_id: str, before: tuple[State, ...], sets: str, *values: str) -> None:
        marks = ",".join("?" * len(before))
        statement = f"UPDATE writes SET {sets} WHERE write_id = ? AND state IN ({marks})"  # noqa: S608 - our own words
        if self._do(statement, *values, write_id, *before) != 1:
            raise JournalError(f"a card write cannot go from where it is: {sets}")

    def _do(self, statement: str, *values: str) -> int:
        try:
            return self._db.execute(statement, values).rowcount
        except sqlite3.Error as error:
            raise JournalError(f"the journal cannot be written: {error}") from None

    def _rows(self, where: str, *values: str) -> list[Write]:
        try:
            return [_write(row) for row in self._db.execute(f"{_SELECT} {where}", values)]
        except sqlite3.Error as error:
            raise JournalError(f"the journal cannot be read: {error}") from None


_TABLE = """CREATE TABLE IF NOT EXISTS writes (
    write_id TEXT PRIMARY KEY, state TEXT NOT NULL, opened TEXT NOT NULL,
    identifier TEXT NOT NULL DEFAULT '', atr TEXT NOT NULL DEFAULT '',
    data_sha256 TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
    start_key TEXT NOT NULL, confirm_key TEXT NOT NULL, reverse_key TEXT NOT NULL,
    acknowledged INTEGER NOT NULL DEFAULT 0)"""
_INSERT = """INSERT INTO writes (write_id, state, opened, start_key, confirm_key, reverse_key)
    VALUES (?, ?, ?, ?, ?, ?)"""
_SELECT = """SELECT write_id, state, identifier, atr, data_sha256, reason,
    start_key, confirm_key, reverse_key FROM writes"""


def _write(row: tuple[Any, ...]) -> Write:
    write_id, state, identifier, atr, digest, *rest = row
    return Write(write_id, State(state), Card(identifier, atr, digest), *rest)
