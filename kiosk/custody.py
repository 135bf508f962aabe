"""What was left behind: waited for until it is taken, and written down when nobody comes for it.

Nobody is known by then: an entry says which device held what, and when (docs/guardian.md). The
entries are in the journal, encrypted and durable, until an attendant has given the thing back.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from hardware.chip import CardSlot
from hardware.fault import DeviceFault
from kiosk.card_work import CardWork
from kiosk.desk import Ask
from kiosk.journal import Journal
from kiosk.log import Log
from kiosk.services import people
from kiosk.visit import KEPT, LIES, NO_FACTS, Event, Said, Taken, Visit, standing

LOOK_AGAIN_S = 0.5
ASK_BROKEN = 5
"""How often a device that fails is asked whether a thing is still there."""

HELD_BY = {"take_paper": "id_reader", "take_card": "social_card", "take_stick": "media"}
"""Which device holds what a step of taking back asks for."""
BIN = "retain_bin"


def until_taken(ask: Ask, present: Callable[[], bool], log: Log) -> Event | None:
    """Wait until a device holds nothing; one that cannot tell is asked for a while only."""
    asked = 0
    while asked < ASK_BROKEN:
        try:
            if not present():
                break
            ask.progress(LIES)
        except DeviceFault as fault:
            log.device_fault(fault)
            asked += 1
        if ask.cancel.wait(LOOK_AGAIN_S):
            return None
    return Said(Taken())


def card_taken(ask: Ask, cards: CardWork) -> Event | None:
    """The same of a card, which its slot gives back; a motorised one may keep it in its bin."""
    try:
        if cards.present():
            ask.progress(LIES)
    except DeviceFault as fault:
        cards.slot.broken(fault)
    return cards.taken(ask)


def swapped(ask: Ask, taken: Callable[[Ask], Event | None], *, slot: bool) -> Event | None:
    """Once the paper that is another's was `taken` from where it lies, the next is asked for.

    Of the reader and the slot (`slot`) the one without it has nothing to do until the other has.
    """
    facts = ask.visit.facts if ask.visit else NO_FACTS
    if people.in_slot(facts) is not slot:
        ask.cancel.wait()
        return None
    return Said(people.another_paper(facts)) if taken(ask) else None


def bin_of(slot: CardSlot | None, cards: CardWork | None, policy: str) -> Callable[[], None] | None:
    """How a card nobody took goes to the bin: None where there is none, or the policy is "keep"."""
    keeps = slot is not None and "retain" in slot.capabilities().features
    return cards.capture if cards is not None and keeps and policy == "retain" else None


@dataclass(slots=True, eq=False)
class Custody:
    """Writes down what is in custody (F38), once; main thread only, the writing is done `beside`.

    `capture` has the slot keep a card nobody took in its bin; None where that is not wished, or
    there is no bin.
    """

    journal: Journal
    now: Callable[[], datetime]
    beside: Callable[[Callable[[], object]], None]
    capture: Callable[[], None] | None = None
    _held: str = field(default="")

    def look(self, visit: Visit | None) -> None:
        """Follow the visit: to custody, and out of it when the thing is taken."""
        step = standing(visit) if visit and visit.overlay == KEPT else None
        held, before = HELD_BY.get(step.name, "") if step else "", self._held
        if held == before:
            return
        self._held, at = held, self.now()
        if before and not self._in_bin(before):
            self.beside(lambda: self.journal.custody_over(before, at))
        if held:
            self.beside(lambda: self.journal.take_custody(self._place(held), at))
        if held and self._in_bin(held) and self.capture:
            self.capture()

    def _in_bin(self, device: str) -> bool:
        return device == "social_card" and self.capture is not None

    def _place(self, device: str) -> str:
        return BIN if self._in_bin(device) else device
