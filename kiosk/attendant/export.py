"""The log on a stick, sealed for the operator: all of it, or what went wrong.

Nothing of a stick is read: a file is added to it, under a name that is not there yet.
"""

import gzip
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk import whole_file
from kiosk.attendant.sealed import SealError, operator, seal_packed
from kiosk.desk import Ask
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.logs import reading
from kiosk.logs.opening import folder_of
from kiosk.services.answers import Agreed
from kiosk.services.attendant_answers import ATTENDANT, SECOND, WANTED, Exported, Wanted
from kiosk.visit import NO_FACTS, Event, Failed, Said

LOOK_S = 0.3
"""How often it is looked for a stick."""

ERRORS = frozenset({
    *(LogEvent.WORK_FAILED, LogEvent.DEVICE_FAULT, LogEvent.CENTRE_FAILED, LogEvent.SCREEN_FAILED),
    *(LogEvent.REVIVED, LogEvent.STORE_FAILED, LogEvent.LEFT_BEHIND, LogEvent.SELF_TEST),
    *(LogEvent.ATTENDANT_REFUSED, LogEvent.STARTED, LogEvent.STOPPED),
    *(LogEvent.LOG_MENDED, LogEvent.LOG_LOST, LogEvent.LOG_REFUSED),
    *(LogEvent.CONFIGURATION_REFUSED, LogEvent.CONFIGURATION_AGED, LogEvent.NOT_PROVEN),
})  # fmt: skip
"""What went wrong, and the starts and ends around it."""


@dataclass(frozen=True, slots=True)
class Export:
    """Writes the log of `folder` to the stick that is mounted in `root`, for the key's holder."""

    folder: Path
    kiosk_id: str
    root: str
    key: str
    now: Callable[[], datetime]
    log: Log

    def ready(self, _ask: Ask) -> Event:
        """Whether a stick can be seen here, and sealed for: before two people type their PINs."""
        if not self.root or not Path(self.root).is_dir():
            return Failed("attendant_unset", "media", "export_root")
        try:
            operator(Path(self.key))
        except SealError:
            return Failed("attendant_unset", "media", "operator_key")
        return Said(Agreed())

    def export(self, ask: Ask) -> Event | None:
        """Wait for a stick, and write; only where two attendants have said who they are."""
        facts = ask.visit.facts if ask.visit else NO_FACTS
        who, second, wanted = ATTENDANT.of(facts), SECOND.of(facts), WANTED.of(facts)
        if who is None or second is None or wanted is None or who.id == second.id:
            return None
        ask.progress("put_stick")
        while (stick := _stick(self.root)) is None:
            if ask.cancel.wait(LOOK_S):
                return None
        ask.progress("writing")
        try:
            packed, lines = _packed(folder_of(self.folder), wanted)
            name = self._write(stick, seal_packed(packed, operator(Path(self.key))))
        except OSError as error:
            return Failed("attendant_stick", "media", os.strerror(error.errno or 0))
        except SealError:
            return Failed("attendant_unset", "media", "operator_key")
        self.log.write(
            LogEvent.ATTENDANT_DID, id=who.id, what="export", detail=wanted, second=second.id
        )
        return Said(Exported(name, lines))

    def _write(self, stick: Path, data: bytes) -> str:
        name = f"kiosk-{self.kiosk_id}-{self.now():%Y%m%dT%H%M%S}.log.sealed"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        path = stick / name
        descriptor = os.open(path, flags, 0o644)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise
        whole_file.sync(stick)
        return name


def _stick(root: str) -> Path | None:
    """Where a stick is mounted, for development a folder with something in it; never a link."""
    if not root:
        return None
    try:
        found = sorted(Path(root).iterdir())
    except OSError:
        return None
    return next((each for each in found if _is_stick(each)), None)


def _is_stick(folder: Path) -> bool:
    """One that cannot be read is none: a good one may be beside it."""
    try:
        real = folder.is_dir() and not folder.is_symlink()
        return real and (folder.is_mount() or any(folder.iterdir()))
    except OSError:
        return False


def _packed(log: Path, wanted: Wanted) -> tuple[bytes, int]:
    """What is wanted of the log as gzip, and how many lines; all of it can be verified."""
    if wanted is Wanted.ALL:
        return reading.packed(log)
    lines = list(reading.chosen(log, _is_error))
    return gzip.compress(b"".join(lines)), len(lines)


def _is_error(line: bytes) -> bool:
    try:
        return json.loads(line).get("event") in ERRORS
    except (ValueError, AttributeError):
        return True
