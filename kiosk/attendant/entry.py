"""Entering: an id and a PIN, judged by argon2, with a wait after too many wrong ones.

No PIN is in a fact, a log or an answer; every entry and every refusal is an event. An id is written
down only where somebody has it: whoever typed another may have typed a number of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hardware.fault import DeviceFault
from hardware.pin_pad.entry import Digits, Entry, EntryCancelled, PinPad, Want
from hardware.secret import Secret
from kiosk.attendant import people
from kiosk.attendant.people import PIN_LENGTH, PeopleError, Person
from kiosk.attendant.tries import TriesFile
from kiosk.desk import Ask
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.attendant import MODE_SERVICE, SECOND_WHO, WHO
from kiosk.services.attendant_answers import ATTENDANT, Attendant, Locked, NotAdmitted
from kiosk.services.card_answers import PinEntry, PinPhase
from kiosk.services.helping import HELPED, HELPING_SERVICE
from kiosk.visit import NO_FACTS, Begin, Event, Failed, Said

TYPING_S = 600.0
UNKNOWN = "unknown"
NOBODY_AT_ALL: Mapping[str, Person] = {}


@dataclass(frozen=True, slots=True)
class Door:
    """Who may enter; every method runs on the pad's worker.

    `people_file` is read anew each time.
    """

    people_file: str
    tries: TriesFile
    pad: PinPad
    log: Log

    def enter(self, ask: Ask) -> Event | None:
        """The PIN of whoever typed an id; the right one begins attendant mode, or the help."""
        facts = ask.visit.facts if ask.visit else NO_FACTS
        who, helped = WHO.of(facts), HELPED.of(facts)
        answer = self._asked(ask, who) if who else None
        if not isinstance(answer, Attendant):
            return answer
        self.log.write(LogEvent.ATTENDANT_ENTERED, id=answer.id, role=answer.role)
        if helped is not None:
            return Begin(HELPING_SERVICE, {ATTENDANT.name: answer, HELPED.name: helped})
        return Begin(MODE_SERVICE, {ATTENDANT.name: answer})

    def second(self, ask: Ask) -> Event | None:
        """The PIN of another attendant beside the one who is in."""
        who = SECOND_WHO.of(ask.visit.facts) if ask.visit else None
        answer = self._asked(ask, who) if who else None
        return Said(answer) if isinstance(answer, Attendant) else answer

    def _asked(self, ask: Ask, who: str) -> Attendant | Event | None:
        try:
            known = self._known()
            left = self.tries.left_s(who, known)
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
        self.tries.judged(who, known, fits=fits)
        if fits:
            return Attendant(who, known[who].role)
        return self._refused(known, who, "wrong", Said(NotAdmitted()))

    def _refused(self, known: Mapping[str, Person], who: str, why: str, answer: Said) -> Said:
        self.log.write(LogEvent.ATTENDANT_REFUSED, id=who if who in known else UNKNOWN, why=why)
        return answer

    def _known(self) -> Mapping[str, Person]:
        return people.read(Path(self.people_file)) if self.people_file else NOBODY_AT_ALL


def _fits(person: Person | None, pin: Secret) -> bool:
    """The library takes bytes alone; what is freed is overwritten (`kiosk.zeroise`)."""
    return people.fits(person, bytes(pin.data))
