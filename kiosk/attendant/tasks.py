"""The rest of an attendant's tasks: figures, custody, supplies, slips, out of service, restart."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hardware.device import Supply
from hardware.fault import DeviceFault
from hardware.printer.driver import Printer
from kiosk.attendant.supplies import PrinterSupplies
from kiosk.batch.journal import BatchJournal
from kiosk.closing import Closing
from kiosk.custody import BIN
from kiosk.desk import Ask
from kiosk.journal import Journal
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.attendant import COUNTED, REASON, TASK_DONE, VOUCHER_NO
from kiosk.services.attendant_answers import (
    ATTENDANT,
    EXCHANGE,
    METRES,
    TAKE_OUT,
    Count,
    Exchange,
    Exchanged,
    Figures,
    InCustody,
    Kept,
    NoSlip,
    SuppliesSeen,
)
from kiosk.services.closed import By, Closed
from kiosk.services.reprint import Claim
from kiosk.visit import NO_FACTS, Change, Event, Facts, Failed, Said
from regulation.rules import Service

AGAIN = Change(drop=("custody_seen", "custody", "custody_sure"))
LEAST_TYPED = 5
"""So much of a voucher's number has to be typed at least: its day's count and its check letter."""
WRITTEN_BY = {Exchange.HEAD: 1000, Exchange.CUTTER: 1000}
"""A part's metres and cuts are logged by the thousand: the log takes no number of six digits."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """Every method runs on a worker. `post` brings a call to the main thread; `again` restarts.

    `rated` is what the printer's parts are made for (`kiosk.attendant.supplies.rated`).
    """

    journal: Journal
    batches: BatchJournal
    printer: Printer
    printer_supplies: PrinterSupplies
    rated: Mapping[Exchange, int]
    closing: Closing
    now: Callable[[], datetime]
    log: Log
    post: Callable[[Callable[[], None]], None]
    again: Callable[[], None]

    def figures(self, _ask: Ask) -> Event:
        """Today's cases and lists, and those of any day that are not settled."""
        midnight = self.now().replace(hour=0, minute=0, second=0, microsecond=0)
        cases = tuple(Count(*row) for row in self.journal.tally(midnight))
        lists = tuple(Count(Service.NEW_BATCH, *row) for row in self.batches.tally(midnight))
        unsettled = self.journal.unsettled() + self.batches.unsettled()
        return Said(Figures((*cases, *lists), unsettled))

    def custody(self, _ask: Ask) -> Event:
        """What is in custody."""
        return Said(InCustody(tuple(Kept(p, at.isoformat()) for p, at in self.journal.custody())))

    def custody_over(self, ask: Ask) -> Event | None:
        """It was taken out by the attendant; then the list again."""
        facts = ask.visit.facts if ask.visit else NO_FACTS
        taken = TAKE_OUT.of(facts)
        if taken is None:
            return None
        self.journal.custody_over(taken.place, self.now())
        self._did(facts, "custody_over", taken.place)
        return Said(AGAIN)

    def supplies(self, _ask: Ask) -> Event:
        """What is left and worn; the printer's word where it answers. On the printer's thread."""
        try:
            word = self.printer.status().supplies.get("paper", Supply.UNKNOWN)
        except DeviceFault as fault:
            self.log.device_fault(fault)
            word = Supply.UNKNOWN
        left = self.printer_supplies.left_mm
        mm = None if left is None else round(left)
        parts = self.printer_supplies.worn(self.rated)
        return Said(SuppliesSeen(mm, word, self.printer_supplies.days(), self._in_bin(), parts))

    def exchange(self, ask: Ask) -> Event | None:
        """EndExchange: a roll or a part is asked of the printer, the bin's cards are compared."""
        facts = ask.visit.facts if ask.visit else NO_FACTS
        match EXCHANGE.of(facts):
            case Exchange.PAPER:
                return self._new_roll(facts)
            case (Exchange.HEAD | Exchange.CUTTER) as part:
                return self._new_part(facts, part)
            case Exchange.BIN:
                return self._bin_emptied(facts)
            case None:
                return None

    def find_slip(self, ask: Ask) -> Event | None:
        """The slip of the last 24 hours whose number ends so; spaces and dashes do not matter."""
        facts = ask.visit.facts if ask.visit else NO_FACTS
        typed = VOUCHER_NO.of(facts)
        if typed is None:
            return None
        ending = re.sub(r"[^0-9A-Za-z]", "", typed)
        case = self.journal.by_voucher(ending, self.now()) if len(ending) >= LEAST_TYPED else None
        if case is None:  # what was typed may be no number of a slip: it is not written down
            self._did(facts, "reprint", "none_found")
            return Said(NoSlip())
        return Said(Claim(case.key, str(case.answer["voucher_no"])))

    def close(self, ask: Ask) -> Event | None:
        """Out of service, for the reason that was chosen, also where the disk does not keep it."""
        why = REASON.of(ask.visit.facts) if ask.visit else None
        if why is None:
            return None
        self.post(lambda: self.closing.close(By.ATTENDANT, why))
        return self._kept(why)

    def open(self, _ask: Ask) -> Event:
        """Into service again."""
        self.post(lambda: self.closing.open(By.ATTENDANT))
        return self._kept(None)

    def restart(self, ask: Ask) -> Event | None:
        """The program begins anew; nobody is in attendant mode then."""
        self._did(ask.visit.facts if ask.visit else NO_FACTS, "restart", "")
        self.post(self.again)
        return None

    def _kept(self, why: Closed | None) -> Event:
        """Done once it outlasts a restart; else the attendant is told, and may try again."""
        try:
            self.closing.keep(why)
        except OSError as error:
            self.log.write(LogEvent.STORE_FAILED, error=type(error).__name__)
            return Failed("attendant_failed", "disk")
        return Said(TASK_DONE)

    def _new_roll(self, facts: Facts) -> Event | None:
        metres = METRES.of(facts)
        if metres is None:
            return None
        if failed := self._unable():
            return failed
        expected = round((self.printer_supplies.left_mm or 0.0) / 1000)
        self.printer_supplies.exchanged(metres.metres)
        return self._exchanged(facts, Exchange.PAPER, metres.metres, expected)

    def _new_part(self, facts: Facts, part: Exchange) -> Event:
        if failed := self._unable():
            return failed
        old = next(each for each in self.printer_supplies.worn(self.rated) if each.part is part)
        self.printer_supplies.renewed(part)
        return self._exchanged(facts, part, old.done, old.rated)

    def _unable(self) -> Failed | None:
        """Why the printer cannot print: what was put in is not entered then."""
        try:
            detail = self.printer.status().detail
        except DeviceFault as fault:
            self.log.device_fault(fault)
            return Failed("attendant_failed", fault.device, fault.detail)
        return Failed("attendant_failed", "printer", detail) if detail else None

    def _bin_emptied(self, facts: Facts) -> Event | None:
        counted = COUNTED.of(facts)
        if counted is None:
            return None
        expected = self._in_bin()
        self.journal.custody_over(BIN, self.now())
        return self._exchanged(facts, Exchange.BIN, int(counted), expected)

    def _exchanged(self, facts: Facts, what: Exchange, counted: int, expected: int) -> Event:
        who, unit = ATTENDANT.of(facts), WRITTEN_BY.get(what, 1)
        self.log.write(
            LogEvent.EXCHANGED,
            id=who.id if who else "",
            supply=what,
            counted=counted // unit,
            expected=expected // unit,
        )
        return Said(Exchanged(counted, expected))

    def _in_bin(self) -> int:
        return sum(place == BIN for place, _at in self.journal.custody())

    def _did(self, facts: Facts, what: str, detail: str) -> None:
        who = ATTENDANT.of(facts)
        self.log.write(LogEvent.ATTENDANT_DID, id=who.id if who else "", what=what, detail=detail)
