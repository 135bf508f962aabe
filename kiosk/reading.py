"""Work on the ID reader: papers put on it, and papers taken back."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from hardware.fault import DeviceFault
from hardware.id_reader.driver import IdReader, NoPaper, Reading, Unreadable
from kiosk.custody import until_taken
from kiosk.desk import Ask
from kiosk.log import Log
from kiosk.services import people
from kiosk.services.answers import TAPPED, PaperRead, Unread, WrongPaper
from kiosk.visit import Event, Failed, Said
from regulation.papers import Paper
from regulation.rules import Applicant

LOOK_AT_HOME_S = 3.0
FIRST_LOOK_S = 1.0
LOOK_AGAIN_S = 0.5

TAKE_FIRST, UNREAD, WRONG, BROKEN = "take_first", "unread", "wrong_paper", "reader_broken"
"""Progress: another's paper still lies there; at home: why a paper does not begin anything."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The work of the ID reader; every method runs on its worker.

    `wait_s`: after this long without a paper the person is asked whether there is one (F01).
    """

    device: IdReader
    log: Log
    at_home: Callable[[PaperRead], Event | None]
    wait_s: float

    def tapped(self, ask: Ask) -> Event | None:
        """At home: wait for any paper, then begin what it is for."""
        try:
            answer = self._read(ask.cancel, LOOK_AT_HOME_S)
        except DeviceFault as fault:
            self.log.device_fault(fault)
            ask.progress(BROKEN)
            ask.cancel.wait(LOOK_AT_HOME_S)
            return None
        if isinstance(answer, PaperRead):
            return self.at_home(answer)
        unread = UNREAD if isinstance(answer, Unread) else WRONG
        ask.progress(unread if answer else "")
        return None

    def applicant(self, ask: Ask) -> Event | None:
        """The applicant's paper: the one put down at home, else the next one on the reader."""
        visit = ask.visit
        tapped = TAPPED.of(visit.facts) if visit else None
        own = bool(visit) and people.WHO.of(visit.facts) is Applicant.SELF
        if visit and tapped and own and not visit.tries:
            return Said(tapped)
        return self._next(ask, None if own else tapped)

    def agent(self, ask: Ask) -> Event | None:
        """The agent's paper: the one put down at home, else the next after the applicant's."""
        visit = ask.visit
        tapped = TAPPED.of(visit.facts) if visit else None
        if visit and tapped and not visit.tries:
            return Said(tapped)
        return self._next(ask, people.APPLICANT.of(visit.facts) if visit else None)

    def taken(self, ask: Ask) -> Event | None:
        """Wait until nothing lies on the reader; one that cannot tell is asked for a while only."""
        return until_taken(ask, self.device.present, self.log)

    def _next(self, ask: Ask, first: PaperRead | None) -> Event | None:
        """The next paper; `first` is the one that has to be taken back before."""
        try:
            answer = self._instead(ask, first) if first else None
            if answer is None:
                ask.progress("")
                answer = self._lifted_or_not(ask.cancel)
        except DeviceFault as fault:
            self.log.device_fault(fault)
            return Failed("F02", fault.device, fault.detail)
        if answer is None:
            return None if ask.cancel.is_set() else Failed("F01")
        return Said(answer)

    def _lifted_or_not(self, cancel: threading.Event) -> PaperRead | Unread | WrongPaper | None:
        """The next paper; one that still lies there from before counts too.

        Some readers find a paper once only, until it is lifted or they are reset.
        """
        answer = self._read(cancel, FIRST_LOOK_S)
        if answer is not None or cancel.is_set():
            return answer
        if self.device.present():
            self.device.reset()
        return self._read(cancel, self.wait_s)

    def _instead(self, ask: Ask, first: PaperRead) -> PaperRead | None:
        """Wait until a paper is taken back; gives the one that already lies in its place.

        Two papers are exchanged faster than a reader is asked. Not after a failed try: what
        failed lies there, and has to be lifted.
        """
        fresh = ask.visit is not None and not ask.visit.tries
        while True:
            answer = self._read(ask.cancel, 0.0) if fresh else None
            if isinstance(answer, PaperRead) and answer.number != first.number:
                return answer
            if answer is None and not self.device.present():
                return None
            ask.progress(TAKE_FIRST)
            if ask.cancel.wait(LOOK_AGAIN_S):
                return None

    def _read(
        self, cancel: threading.Event, wait_s: float
    ) -> PaperRead | Unread | WrongPaper | None:
        reading = self.device.read(cancel, wait_s)
        if isinstance(reading, NoPaper):
            return None
        return Unread() if isinstance(reading, Unreadable) else _paper(reading)


def _paper(reading: Reading) -> PaperRead | WrongPaper:
    """A resident ID card; the residence permits on the same chip are not in the rule (A18)."""
    if reading.kind != "resident":
        return WrongPaper()
    return PaperRead(
        paper=Paper.RESIDENT_ID,
        number=reading.number,
        name=reading.name,
        sex=reading.sex,
        ethnicity=reading.ethnicity,
        birth=reading.birth,
        address=reading.address,
        issuer=reading.issuer,
        valid_until=reading.valid_to,
    )
