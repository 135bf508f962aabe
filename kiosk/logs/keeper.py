"""Keeps the log: signs where it stands, has the centre countersign, packs days, removes old ones.

A checkpoint is signed at the start, every hour, every thousand lines and at the end. It is kept
beside the log and handed to the centre, at once or when there is a centre again. Who alters the
log after that contradicts what both have signed.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kiosk import identity
from kiosk.identity import Identity
from kiosk.link import Centre, Rejected, Unknown, Unreachable
from kiosk.log import Event, Log, where
from kiosk.logs.chain import End
from kiosk.logs.checkpoints import COUNTERSIGNED, KIND, Checkpoint, Checkpoints
from kiosk.logs.folder import Folder
from kiosk.logs.room import Room
from kiosk.settings import Settings
from kiosk.signed import sign

EVERY_S = 3600.0
EVERY_LINES = 1000
LOOK_S = 60.0
AT_ONCE = 100
"""As many are handed in at a time: after a long outage others ask too."""
MOST_LINES = 10**11
"""No log has so many."""
FORKED = "urn:social-card:problem:log-forked"
FINAL = frozenset({FORKED, "urn:social-card:problem:log-checkpoint-refused"})
"""The centre's no that stays one; after any other, it is asked again."""


class Countersigner(Protocol):
    """Who countersigns: the centre, by a way of the keeper's own."""

    def countersigned(self, seq: int, signed: str) -> str:
        """The centre's token for a checkpoint. Raises as the link does."""
        ...

    def close(self) -> None:
        """Ask no more."""
        ...


class Errand(Protocol):
    """What the keeper's thread does beside, at each look; `close` ends its way to the centre."""

    def look(self) -> None:
        """Do what is due. May raise, and is called again."""
        ...

    def close(self) -> None:
        """Do no more."""
        ...


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a kiosk that was enrolled, and the centre that knows it."""

    kiosk_id: str
    identity: Identity
    centre: Countersigner


def signer_of(settings: Settings, centre: Centre) -> Signer | None:
    """Who signs by the settings, with a way to the centre of its own; None without an identity."""
    own = identity.of(settings)
    return Signer(settings.kiosk_id, own, centre.beside()) if own else None


class Keeper:
    """A thread of its own. Without a signer nothing is signed; days are kept all the same.

    `errand` is what else is told to the centre while nobody waits for it.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - whose log it is, who signs, how often, what else
        self,
        folder: Folder,
        log: Log,
        now: Callable[[], datetime],
        signer: Signer | None = None,
        errand: Errand | None = None,
        look_s: float = LOOK_S,
    ) -> None:
        self._folder, self._log, self._now, self._signer = folder, log, now, signer
        self._kept, self._room = Checkpoints(folder.path), Room(folder.path)
        self._errand = errand
        self._look_s, self._signed_at = look_s, -EVERY_S
        self._problem = ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)

    def start(self) -> None:
        """Keep it from now on."""
        self._thread.start()

    def close(self, timeout_s: float = 5.0) -> None:
        """Sign where it ended; what the centre has not seen it sees after the next start."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        if self._signer is not None:
            self._signer.centre.close()
        if self._errand is not None:
            self._errand.close()
        if not self._thread.is_alive():
            self._once(self._sign)

    def look(self) -> None:
        """Do what is due."""
        self._once(self._folder.pack)
        self._once(self._remove)  # also where there was no room to pack
        if self._due():
            self._once(self._sign)
        self._once(self._hand_in)
        if self._errand is not None and not self._over.is_set():
            self._once(self._errand.look)

    def _run(self) -> None:
        while not self._over.is_set():
            self.look()
            self._over.wait(self._look_s)

    def _once(self, work: Callable[[], None]) -> None:
        """Whatever goes wrong, the next look comes."""
        try:
            work()
        except OSError as error:
            self._log.write(Event.STORE_FAILED, error=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the kiosk serves without it
            kind = type(error).__name__
            self._log.write(Event.WORK_FAILED, work="log", error=kind, where=where(error))

    def _due(self) -> bool:
        last = self._kept.last
        lines = self._folder.end.seq - (last.end.seq if last else 0)
        hour = time.monotonic() - self._signed_at >= EVERY_S
        return lines >= EVERY_LINES or (hour and lines > 0)

    def _sign(self) -> None:
        if self._signer is None or not self._signer.identity.exists():
            return
        end, at = self._folder.sync(), self._now().isoformat(timespec="seconds")
        last = self._kept.last
        if last is not None and last.end.seq >= end.seq:
            return
        told = {"kiosk": self._signer.kiosk_id, "seq": end.seq, "head": end.head, "at": at}
        self._kept.sign(Checkpoint(end, at, sign(self._signer.identity, KIND, told)))
        self._signed_at = time.monotonic()

    def _hand_in(self) -> None:
        if self._signer is None:
            return None
        for one in self._kept.waiting()[:AT_ONCE]:
            if self._over.is_set():
                return None
            try:
                token = self._signer.centre.countersigned(one.end.seq, one.signed)
            except Unreachable:
                return self._unanswered("Unreachable")
            except Unknown as error:
                return self._unanswered(str(error))
            except Rejected as no:
                if no.type not in FINAL:
                    return self._unanswered(no.type)
                self._refused(one, no)
                continue
            self._kept.answer(one, countersigned=token)
            self._problem = ""
        return None

    def _unanswered(self, problem: str) -> None:
        """Said once for as long as it is the same."""
        if problem != self._problem:
            self._problem = problem
            self._log.write(Event.CENTRE_FAILED, request="log_checkpoint", problem=problem)

    def _refused(self, one: Checkpoint, no: Rejected) -> None:
        """The centre knows another log of this kiosk: go on after its end, if ours is behind it."""
        self._kept.answer(one, refused=no.type)
        self._log.write(Event.LOG_REFUSED, problem=no.type)
        seq, head = no.body.get("seq"), no.body.get("head")
        if not (isinstance(seq, int) and isinstance(head, str)):
            return
        if not self._folder.end.seq <= seq < MOST_LINES:
            return
        gone = seq - self._folder.end.seq
        known = Checkpoint(End(seq, head), str(no.body.get("at", "")), "")
        self._kept.answer(known, countersigned=str(no.body.get(COUNTERSIGNED, "")))
        self._folder.go_on_after(known.end)
        self._log.write(Event.LOG_MENDED, what="gone", count=gone)

    def _remove(self) -> None:
        """Remove what is too old, once the log says so: no day goes unsaid."""
        until = self._folder.overdue()
        if until is not None and self._said(until):
            self._folder.sync()
            self._folder.remove_until(until)
            self._kept.forget_before(until)
        self._room.keep()

    def _said(self, until: End) -> bool:
        """Whether the log took the line; on a full disk, in the room that was kept for it."""
        if self._taken(until):
            return True
        self._room.give_up()
        return self._taken(until)

    def _taken(self, until: End) -> bool:
        lost = self._log.lost
        self._log.write(Event.LOG_REMOVED, until=f"{until.seq:012}", head=until.head)
        return self._log.lost == lost  # where it was another's line, this one is said twice
