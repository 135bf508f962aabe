"""The wrong PINs of every id, in memory and in a file: no restart, no full disk frees a try.

An id is kept as an HMAC with a salt of this kiosk alone: whoever mistypes may have typed a number
of their own, which nobody shall find in a file. One thread.
"""

import hashlib
import hmac
import math
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from kiosk import whole_file
from kiosk.attendant import lockout
from kiosk.attendant.lockout import Table
from kiosk.log import Event as LogEvent
from kiosk.log import Log

FILE = "attendants_tries.json"
SALT_BYTES = 16


class TriesFile:
    """The tries kept in `folder`; read once, at the first try. `now`: seconds of the calendar."""

    def __init__(self, folder: Path, log: Log, now: Callable[[], float]) -> None:
        self._path, self._log, self._now = folder / FILE, log, now
        self._salt, self._table, self._written = b"", dict[str, lockout.Tries](), False

    def left_s(self, who: str, known: Iterable[str]) -> float:
        """Seconds until the next try of an id, 0 when it may be now; `known`: the ids there are."""
        self._ready(known)
        return lockout.left_s(self._table, self._key(who), self._now())

    def judged(self, who: str, known: Iterable[str], *, fits: bool) -> None:
        """Write down what came of a try."""
        self._ready(known)
        key = self._key(who)
        if fits:
            self._become(lockout.right(self._table, key))
        else:
            kept = frozenset(map(self._key, known))
            self._become(lockout.wrong(self._table, key, self._now(), kept))

    def _ready(self, known: Iterable[str]) -> None:
        """Have the table, and no try in it lies in the future: else a wait would never pass."""
        if not self._salt:
            self._read(known)
        self._become(lockout.rebased(self._table, self._now()))

    def _read(self, known: Iterable[str]) -> None:
        """As they were kept; a file that cannot be read gives nobody a free try."""
        try:
            kept = _read(self._path)
            self._salt, self._table = kept or (secrets.token_bytes(SALT_BYTES), {})
            self._written = True
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
            self._salt = secrets.token_bytes(SALT_BYTES)
            barred = lockout.Tries(lockout.FREE, self._now())
            self._table = {self._key(who): barred for who in known}

    def _become(self, table: Table) -> None:
        """This table from now on; written when the file has another one."""
        if table == self._table and self._written:
            return
        self._table, rows = dict(table), {each: [t.wrong, t.last] for each, t in table.items()}
        try:
            whole_file.put_json(self._path, {"salt": self._salt.hex(), "tries": rows})
            self._written = True
        except OSError as error:
            self._written = False
            self._log.write(LogEvent.STORE_FAILED, error=type(error).__name__)

    def _key(self, who: str) -> str:
        return hmac.new(self._salt, who.encode(), hashlib.sha256).hexdigest()


def _read(path: Path) -> tuple[bytes, dict[str, lockout.Tries]] | None:
    """The salt and the table; None where there is no file. Raises what rubbish raises."""
    told: Any = whole_file.read_json(path)
    if told is None:
        return None
    salt = bytes.fromhex(told["salt"])
    table = {str(who): lockout.Tries(int(w), float(at)) for who, (w, at) in told["tries"].items()}
    if len(salt) < SALT_BYTES or not all(math.isfinite(each.last) for each in table.values()):
        raise ValueError(FILE)
    return salt, table
