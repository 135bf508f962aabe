"""The slot for a social card: waited for, given back, and spoken to in one session at a time."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from hardware.chip import CardSlot, ChipGone, ChipMute
from hardware.device import Media
from hardware.fault import DeviceFault
from hardware.social_card.card import SocialCard
from hardware.social_card.outcomes import (
    AnotherCard,
    BankOnly,
    Blank,
    Card,
    Declined,
    Failure,
    Locked,
    NotOurs,
    Pulled,
    Refused,
    Unknown,
    Unreachable,
)
from hardware.social_card.profile import Profile
from hardware.social_card.status_words import Word
from kiosk.card_keys import NOT_GENUINE
from kiosk.desk import Ask
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.card_answers import CardUnusable, CardWord
from kiosk.visit import Failed

T = TypeVar("T")

WAIT_S = 60.0
"""One wait for a card; it is begun again until it is cancelled."""
LOOK_AGAIN_S = 0.5
BROKEN = "card_reader"
"""The failure of a slot that cannot be used."""
MOVED_BY_HAND = "user_error"
ANOTHER, MUTE = CardUnusable("F25"), CardUnusable("F27")


@dataclass(slots=True, eq=False)
class Slot:
    """A slot, and whether what lies in it was of no use (`spoilt`): it has to be taken out first.

    Every method runs on the slot's worker, but `capture`; each may raise `DeviceFault`.
    """

    device: CardSlot
    profile: Profile
    log: Log
    spoilt: bool = False
    _captures: threading.Event = field(default_factory=threading.Event)

    def look(self, read: Callable[[SocialCard], T]) -> T | CardUnusable | None:
        """What `read` makes of the card that is in; None when it was pulled meanwhile."""
        try:
            with self.device.session() as chip:
                return read(SocialCard(chip, self.profile))
        except ChipMute:
            return MUTE
        except ChipGone:
            return None

    def with_card(self, ask: Ask, number: str, work: Callable[[SocialCard, Card], T]) -> T | None:
        """Wait for the card of this number, and give what `work` makes of it, in one session.

        Any other card has to be taken out first. None when it is cancelled.
        """

        def mine(social: SocialCard) -> tuple[T] | CardUnusable | None:
            card = social.identify()
            if isinstance(card, Card) and card.card_number == number:
                return (work(social, card),)
            return None if isinstance(card, Pulled) else ANOTHER

        while not ask.cancel.is_set():
            if not self.device.card_present():
                ask.progress(CardWord.PUT_BACK)
            if not self.device.accept(ask.cancel, WAIT_S):
                continue
            match self._by_hand(lambda: self.look(mine), ask.cancel):
                case CardUnusable() as other:
                    word = CardWord.ANOTHER if other == ANOTHER else CardWord.TAKE_OUT
                    ask.progress(word)
                    self.given_back(ask.cancel)
                case (result,):
                    return result
                case _:
                    pass
        return None

    def _by_hand(self, look: Callable[[], T], cancel: threading.Event) -> T | None:
        """What a look gives; None, to look again, when a hand moved the card in a motor's way."""
        try:
            return look()
        except DeviceFault as fault:
            if fault.detail != MOVED_BY_HAND:
                raise
            self.log.device_fault(fault)
            cancel.wait(LOOK_AGAIN_S)
            return None

    def given_back(self, cancel: threading.Event) -> bool:
        """Give the card back until it was taken, or is kept in the bin because `capture` was said.

        False when it is cancelled before.
        """
        while self.device.give_back(cancel, LOOK_AGAIN_S) is not Media.NOT_PRESENT:
            if cancel.is_set():
                return False
            if self._captures.is_set() and self.device.retain() is Media.RETAINED:
                state = Media.RETAINED
                self.log.write(LogEvent.DEVICE_STATE, device=self.device.name, state=state)
                break
        self.spoilt = False
        self._captures.clear()
        return True

    def capture(self) -> None:
        """Let a slot that has a bin keep the card nobody took (F38); any thread may say it."""
        self._captures.set()

    def broken(self, fault: DeviceFault) -> Failed:
        """Write a fault down, and give the failure it is for the person."""
        self.log.device_fault(fault)
        return Failed(BROKEN, fault.device, fault.detail)


def unusable(end: Failure) -> CardUnusable | Failed | None:
    """What the end of an operation means for the person; None when the card was pulled."""
    match end:
        case Pulled():
            return None
        case Refused(reason) if reason != NOT_GENUINE:
            return Failed("F35", "central", reason)
        case Unreachable() | Unknown():
            return Failed("F35", "central", "unreachable")
        case Declined(word):
            return CardUnusable(_DECLINED.get(word, "F27"))
        case _:
            return CardUnusable(_OF_NO_USE[type(end)])


_DECLINED = {Word.OUT_OF_ORDER: "card_locked", Word.LOCKED: "card_locked"}
_OF_NO_USE: dict[type, str] = {
    BankOnly: "card_bank_only",
    NotOurs: "card_not_ours",
    Blank: "card_not_ours",
    Locked: "card_locked",
    AnotherCard: "F25",
    Refused: "card_not_genuine",
}
