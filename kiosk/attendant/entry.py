"""Entering: an id and a PIN, judged by argon2, with a wait after too many wrong ones.

No PIN is in a fact, a log or an answer; every entry and every refusal is an event. An id is written
down only where somebody has it: whoever typed another may have typed a number of their own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardware.fault import DeviceFault
from hardware.pin_pad.entry import Digits, Entry, EntryCancelled, PinPad, Want
from hardware.secret import Secret
from kiosk import small_file
from kiosk.attendant import lockout, people
from kiosk.attendant.lockout import Tries
from kiosk.attendant.people import PIN_LENGTH, PeopleError, Person
from kiosk.desk import Ask
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.attendant import MODE_SERVICE, SECOND_WHO, WHO
from kiosk.services.attendant_answers import ATTENDANT, Attendant, Locked, NotAdmitted
from kiosk.services.card_answers import PinEntry, PinPhase
from kiosk.visit import Begin, Event, Failed, Said

FILE = "attendants_tries.json"
TYPING_S = 600.0
UNKNOWN = "unknown"
NOBODY_AT_ALL: Mapping[str, Person] = {}


@dataclass(frozen=True, slots=True)
class Door:
    """Who may enter; every method runs on the pad's worker.

    `people_file` is read anew each time; `folder` keeps the tries over a restart; `now` gives the
    seconds of the calendar.
    """

    people_file: str
    folder: Path
    pad: PinPad
    log: Log
    now: Callable[[], float]

    def enter(self, ask: Ask) -> Event | None:
        """The PIN of whoever typed an id; the right one begins attendant mode."""
        who = WHO.of(ask.visit.facts) if ask.visit else None
        answer = self._asked(ask, who) if who else None
        if not isinstance(answer, Attendant):
            return answer
        self.log.write(LogEvent.ATTENDANT_ENTERED, id=answer.id, role=answer.role)
        return Begin(MODE_SERVICE, {ATTENDANT.name: answer})

    def second(self, ask: Ask) -> Event | None:
        """The PIN of another attendant beside the one who is in."""
        who = SECOND_WHO.of(ask.visit.facts) if ask.visit else None
        answer = self._asked(ask, who) if who else None
        return Said(answer) if isinstance(answer, Attendant) else answer

    def _asked(self, ask: Ask, who: str) -> Attendant | Event | None:
        try:
            known = self._known()
            left = lockout.left_s(self._tries(), who, self.now())
            if left > 0:
                return self._refused(known, who, "locked", Said(Locked(int(left) + 1)))
            return self._typed(ask, who, known)
        except DeviceFault as fault:
            self.log.device_fault(fault)
            return Failed("pin_pad", fault.device, fault.detail)
        except PeopleError:
            return self._refused(NOBODY_AT_ALL, who, "people_file", Said(NotAdmitted()))

    def _typed(self, ask: Ask, who: str, known: Mapping[str, Person]) -> Attendant | Event | None:
        def heard(dots: int) -> None:
            ask.progress(PinEntry(PinPhase.OLD, dots).word)

        entry = Entry(Want.DIGITS, PIN_LENGTH, PIN_LENGTH)
        outcome = self.pad.enter(ask.cancel, TYPING_S, entry, heard)
        ask.progress("")
        if isinstance(outcome, EntryCancelled):
            return None
        if not isinstance(outcome, Digits):
            return Said(NotAdmitted())
        with outcome.secret as pin:
            fits = _fits(known.get(who), pin)
        return self._judged(who, known, fits=fits)

    def _judged(self, who: str, known: Mapping[str, Person], *, fits: bool) -> Attendant | Event:
        """Write down what came of a try before anybody hears of it: a power cut frees no tries."""
        now = self.now()
        before = self._tries()
        after = lockout.right(before, who) if fits else lockout.wrong(before, who, now)
        small_file.write(self._path, {each: [t.wrong, t.last] for each, t in after.items()})
        if fits:
            return Attendant(who, known[who].role)
        return self._refused(known, who, "wrong", Said(NotAdmitted()))

    def _refused(self, known: Mapping[str, Person], who: str, why: str, answer: Said) -> Said:
        self.log.write(LogEvent.ATTENDANT_REFUSED, id=who if who in known else UNKNOWN, why=why)
        return answer

    def _tries(self) -> lockout.Table:
        """As they were kept; a file that cannot be read gives nobody a free try."""
        try:
            rows: Any = small_file.read(self._path) or {}
            table = {str(who): Tries(int(w), float(at)) for who, (w, at) in rows.items()}
        except (ValueError, TypeError, AttributeError):
            table = {who: Tries(lockout.FREE, self.now()) for who in self._known()}
        return lockout.rebased(table, self.now())

    def _known(self) -> Mapping[str, Person]:
        return people.read(Path(self.people_file)) if self.people_file else NOBODY_AT_ALL

    @property
    def _path(self) -> Path:
        return self.folder / FILE


def _fits(person: Person | None, pin: Secret) -> bool:
    """The library takes bytes alone; what is freed is overwritten (`kiosk.zeroise`)."""
    return people.fits(person, bytes(pin.data))
