"""Work in the slot for social cards: a card put in and read, given back, taken."""

from collections.abc import Callable
from dataclasses import dataclass

from hardware.fault import Cure, DeviceFault
from hardware.social_card.card import SocialCard
from hardware.social_card.keys import HolderKeys
from hardware.social_card.outcomes import (
    Blocked,
    Card,
    Holder,
    TriesLeft,
    TriesUnknown,
)
from kiosk.card_slot import BROKEN, LOOK_AGAIN_S, WAIT_S, Slot, unusable
from kiosk.desk import Ask
from kiosk.services import people
from kiosk.services.answers import PaperRead
from kiosk.services.card_answers import CardRead, CardUnusable, CardWord
from kiosk.visit import Event, Failed, Said, Taken
from regulation.papers import Paper

REST_AT_HOME_S = 3.0
ASK_BROKEN = 5
"""How often a slot that fails is asked whether a card is still in it."""

_BROKEN_DATA = "invalid_data"
_SEXES = {"1": "男", "2": "女"}


@dataclass(frozen=True, slots=True)
class CardWork:
    """The work of the slot; every method but `capture` runs on its worker.

    `keys`: the centre's, which open the holder's data. `at_home`: what a card put in at home
    begins. `left` is done before a card is given back, or waited for at home: nobody's PIN stays.
    """

    slot: Slot
    keys: HolderKeys
    at_home: Callable[[CardRead], Event | None]
    left: Callable[[], None]

    def tapped(self, ask: Ask) -> Event | None:
        """At home: wait for any card, then begin what it is for."""
        self.left()
        try:
            if self.slot.spoilt and not self.slot.given_back(ask.cancel):
                return None
            ask.progress("")
            found = self._next(ask, WAIT_S)
        except DeviceFault as fault:
            ask.progress(self.slot.broken(fault).code)
            ask.cancel.wait(REST_AT_HOME_S)
            return None
        if isinstance(found, CardRead):
            return self.at_home(found)
        if found is not None:
            self.slot.spoilt = True
            ask.progress(found.code)
        return None

    def read(self, ask: Ask) -> Event | None:
        """The holder's card, with the tries its PIN has: `CardRead` or `CardUnusable`.

        F35 when the centre does not open it. A card of no use has to be taken out before the next.
        """
        found = self._wait(ask, "")
        return Said(found) if isinstance(found, CardRead | CardUnusable) else found

    def paper(self, ask: Ask) -> Event | None:
        """A card as the next person's paper: `PaperRead`, or `CardUnusable`.

        Not the applicant's own, which may still be in the slot. A slot that cannot be used keeps
        nobody from showing an ID card: it is only said (progress `card_reader`).
        """
        first = people.applicant_paper(ask.visit.facts) if ask.visit else None
        found = self._wait(ask, first.number if first else "")
        if isinstance(found, Failed) and found.code == BROKEN:
            ask.progress(BROKEN)
            ask.cancel.wait(REST_AT_HOME_S)
            return None
        if isinstance(found, CardRead):
            return Said(found.paper)
        return Said(found) if isinstance(found, CardUnusable) else found

    def taken(self, ask: Ask) -> Event | None:
        """Give the card back and wait until it was taken; where it stays nobody knows it is asked.

        A card that is stuck, which the attendant has to free, is waited for; a slot that cannot be
        asked at all is asked for a while only.
        """
        self.left()
        asked = 0
        while asked < ASK_BROKEN:
            try:
                if self.slot.given_back(ask.cancel):
                    break
            except DeviceFault as fault:
                self.slot.broken(fault)
                asked += fault.cure is not Cure.ATTENDANT
            if ask.cancel.wait(LOOK_AGAIN_S):
                return None
        return Said(Taken())

    def capture(self) -> None:
        """Let a slot that has a bin keep the card nobody took (F38); any thread may say it."""
        self.slot.capture()

    def present(self) -> bool:
        """Whether a card is in the slot; raises DeviceFault."""
        return self.slot.device.card_present()

    def _wait(self, ask: Ask, other_than: str) -> CardRead | CardUnusable | Failed | None:
        """Wait for a card; one of the number `other_than` has to be taken out first."""
        try:
            while not ask.cancel.is_set():
                if self.slot.spoilt:
                    ask.progress(CardWord.TAKE_OUT)
                    self.slot.given_back(ask.cancel)
                    continue
                ask.progress(CardWord.PUT_IN)
                found = self._next(ask, WAIT_S)
                if isinstance(found, CardRead) and found.paper.number == other_than:
                    self.slot.spoilt = True
                elif found is not None:
                    return found
        except DeviceFault as fault:
            return self.slot.broken(fault)
        return None

    def _next(self, ask: Ask, wait_s: float) -> CardRead | CardUnusable | Failed | None:
        """The next card; None when none came, or it was pulled again."""
        if not self.slot.device.accept(ask.cancel, wait_s):
            return None
        ask.progress(CardWord.READING)
        try:
            found = self.slot.look(self._read)
        except DeviceFault as fault:
            if fault.detail != _BROKEN_DATA:
                raise
            self.slot.broken(fault)
            found = CardUnusable("F27")  # what came is no answer of a card
        self.slot.spoilt = isinstance(found, CardUnusable)
        return found

    def _read(self, social: SocialCard) -> CardRead | CardUnusable | Failed | None:
        card = social.identify()
        if not isinstance(card, Card):
            return unusable(card)
        return CardUnusable("F28") if card.foreign else self._read_holder(social, card)

    def _read_holder(
        self, social: SocialCard, card: Card
    ) -> CardRead | CardUnusable | Failed | None:
        holder = social.read_holder(self.keys)
        if not isinstance(holder, Holder):
            return unusable(holder)
        paper, tries = _paper(card, holder), social.tries()
        if isinstance(tries, Blocked):
            return CardRead(paper, 0, blocked=True)
        if isinstance(tries, TriesLeft | TriesUnknown):
            return CardRead(paper, tries.count if isinstance(tries, TriesLeft) else None)
        return unusable(tries)


def _paper(card: Card, holder: Holder) -> PaperRead:
    """The card as a paper; an expired one still says whose it is, and is replaced by it (3.1)."""
    return PaperRead(
        paper=Paper.SS_CARD,
        number=card.card_number,
        name=holder.name,
        sex=_SEXES.get(holder.sex, ""),
        birth=holder.born,
        social_number=holder.social_number,
    )
