"""Work on the printer: vouchers, query slips and referrals, and what the journal knows of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from hardware.device import Media, Supply
from hardware.fault import DeviceFault
from hardware.printer.document import Document
from hardware.printer.driver import Printer
from kiosk.desk import Ask
from kiosk.journal import Case, Journal, State
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services import handing
from kiosk.services.answers import Drawn, Printed
from kiosk.services.attendant_answers import ATTENDANT
from kiosk.services.reprint import CLAIM
from kiosk.slips import Slips, png
from kiosk.visit import NO_FACTS, Event, Failed, Said
from kiosk.visit import refusal as refusal_of

PERSON_STILL_THERE = timedelta(minutes=10)
"""After a restart this soon a slip that never began is printed at once; later it is offered."""


class Printing(NamedTuple):
    """Whether a slip could be printed now, and whether one may not have come out."""

    able: bool = False
    unclaimed: bool = False
    low: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """The work of the printer; every method runs on its worker. `dots` is the paper's width.

    `mark` is a file that is there while a slip may hang out of the printer, so also after a kill.
    `fed` is told after each slip how much paper, in mm, went through since the start, and how many
    cuts there were.
    """

    printer: Printer
    dots: int
    slips: Slips
    journal: Journal
    now: Callable[[], datetime]
    log: Log
    mark: Path
    fed: Callable[[float, int], None] = lambda _mm, _cuts: None

    def draw_voucher(self, ask: Ask) -> Event | None:
        """Draw the voucher, or the query slip while the result is not known."""
        case = self._case(ask)
        return Said(self.drawn(self.slips.of(case))) if case else None

    def print_voucher(self, ask: Ask) -> Event | None:
        """Print the slip of this visit; it is issued only when the printer says so afterwards."""
        case = self._case(ask)
        if case is None:
            return None
        return self._printed(case, self.slips.of(case, reprint=case.state is State.PRINTING))

    def draw_again(self, ask: Ask) -> Event | None:
        """Draw the slip of the last 24 hours again, marked 补打 when it may have come out."""
        claim = CLAIM.of(ask.visit.facts) if ask.visit else None
        if claim is None:
            return None
        return Said(self.drawn(self._again(self.journal.case(claim.key))))

    def print_again(self, ask: Ask) -> Event | None:
        """Print the slip of the last 24 hours again.

        For an attendant it is written down before, and a fault is told as theirs to deal with.
        """
        facts = ask.visit.facts if ask.visit else NO_FACTS
        claim = CLAIM.of(facts)
        if claim is None:
            return None
        if who := ATTENDANT.of(facts):
            self.log.write(
                LogEvent.ATTENDANT_DID, id=who.id, what="reprint", detail=claim.voucher_no
            )
        case = self.journal.case(claim.key)
        event = self._printed(case, self._again(case))
        failed = who is not None and isinstance(event, Failed)
        return replace(event, code="attendant_failed") if failed else event

    def print_referral(self, ask: Ask) -> Event | None:
        """Print why not here, and where, with what."""
        if ask.visit is None or (why := refusal_of(ask.visit.facts)) is None:
            return None
        slip = self.slips.referral(ask.visit.service.name, ask.visit.facts, why, self.now())
        return self.put_out(slip, "slip_not_printed")

    def put_out(self, slip: Document, code: str) -> Event:
        """Print a slip that the journal does not count; `code` is the failure of a printer."""
        try:
            self._print(slip)
        except DeviceFault as fault:
            return self._fault(code, fault)
        return Said(Printed())

    def drawn(self, slip: Document) -> Drawn:
        """A slip as it is printed, for the screen."""
        return Drawn(png(slip, self.dots))

    def print_unbegun(self) -> int:
        """On start: print the slips that never began, while their person is still there.

        A slip whose printing began before the stop may be in the person's hand: it is offered to
        the same ID instead; where there is no such ID, it is printed again, marked 补打.
        """
        soon = self.now() - PERSON_STILL_THERE
        printed = 0
        for case in self.journal.cases(State.SUBMITTED, State.PRINTING):
            begun = case.state is State.PRINTING
            if case.opened > soon and not (begun and self.journal.claimable(case.key)):
                event = self._printed(case, self.slips.of(case, reprint=begun))
                printed += isinstance(event, Said)
        return printed

    def unclaimed(self) -> bool:
        """Whether a slip of the last minutes may not have come out, and an ID may claim it."""
        soon = self.now() - PERSON_STILL_THERE
        cases = self.journal.cases(State.SUBMITTED, State.PRINTING)
        return any(case.opened > soon and self.journal.claimable(case.key) for case in cases)

    def look(self) -> Printing:
        """How the printer is, while nobody is served."""
        unclaimed = self.unclaimed()
        try:
            status = self.printer.status()
            low = status.supplies.get("paper") is Supply.LOW
            return Printing(not status.detail, unclaimed, low)
        except DeviceFault as fault:
            self.log.device_fault(fault)
            return Printing(unclaimed=unclaimed)

    def _printed(self, case: Case, slip: Document) -> Event:
        submitted = case.state is not State.INTENT
        if submitted:
            self.journal.move(case.key, State.PRINTING)
        try:
            self._print(slip)
        except DeviceFault as fault:
            if submitted:
                self.journal.move(case.key, State.SUBMITTED)
            return self._fault("F31" if submitted else "query_not_printed", fault)
        if submitted:
            self.journal.move(case.key, State.ISSUED)
            self.log.write(LogEvent.CASE_MOVED, state=State.ISSUED)
        return Said(Printed())

    def _print(self, slip: Document) -> None:
        self.mark.touch()
        try:
            self.printer.print(slip)
        finally:
            self._count()
            if self.printer.media is Media.NOT_PRESENT:
                self.mark.unlink(missing_ok=True)

    def _count(self) -> None:
        """Count paper and cuts; a count that cannot be kept makes no print a failure."""
        try:
            self.fed(self.printer.fed_mm, self.printer.cuts)
        except OSError as error:
            self.log.write(LogEvent.STORE_FAILED, error=type(error).__name__)

    def _again(self, case: Case) -> Document:
        return self.slips.of(case, reprint=case.state in (State.PRINTING, State.ISSUED))

    def _case(self, ask: Ask) -> Case | None:
        sealed = handing.SEALED.of(ask.visit.facts) if ask.visit else None
        return self.journal.case(sealed.key) if sealed else None

    def _fault(self, code: str, fault: DeviceFault) -> Failed:
        self.log.device_fault(fault)
        return Failed(code, fault.device, fault.detail)
