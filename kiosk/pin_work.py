"""Work with PINs that are typed: the old one, tried on the card; a new one, twice, and judged."""

import hmac
from dataclasses import dataclass
from datetime import date

from hardware.fault import DeviceFault
from hardware.pin_pad.entry import Digits, Entry, EntryCancelled, PinPad, Want
from hardware.pin_pad.keys import handed_over
from hardware.secret import Secret
from hardware.social_card.card import SocialCard
from hardware.social_card.outcomes import (
    Blocked,
    Card,
    Failure,
    Pulled,
    TriesLeft,
    TriesUnknown,
    Unknown,
    Verified,
    WrongPin,
)
from kiosk.card_slot import Slot, unusable
from kiosk.desk import Ask
from kiosk.pin_vault import Vault
from kiosk.services.answers import PaperRead
from kiosk.services.card_answers import (
    CARD,
    OLD_PIN,
    BadPin,
    CardUnusable,
    CardWord,
    NewPin,
    PinBlocked,
    PinEntry,
    PinPhase,
    PinRight,
    PinsDiffer,
    PinWrong,
)
from kiosk.services.people import ELIGIBLE
from kiosk.visit import Back, Change, Event, Facts, Failed, Said
from regulation.pins import Weakness, weakness

TYPING_S = 600.0
"""One entry of a PIN; how long a person may be silent the visit's own patience says before."""
INITIAL = b"123456"
"""使用密码 as a card is handed out with it (services.md 0.7)."""
LAST_TRY = 1
"""With so few tries left nobody is asked: a reset is offered instead (pin_errors.csv -51)."""


@dataclass(frozen=True, slots=True)
class PinWork:
    """PINs between pad and card; every method runs on the slot's worker, the pad's too."""

    slot: Slot
    pad: PinPad
    vault: Vault

    def old(self, ask: Ask) -> Event | None:
        """The PIN the card has: `PinRight`, `PinWrong`, `PinBlocked`, or `CardUnusable`.

        How many tries are left only the card says, before and after.
        """
        card = CARD.of(ask.visit.facts) if ask.visit else None
        self.vault.wipe()
        try:
            return self._old(ask, card.paper.number) if card else None
        except DeviceFault as fault:
            return self._broken(fault)

    def new(self, ask: Ask) -> Event | None:
        """A new PIN: `NewPin`, `BadPin` or `PinsDiffer`; goes back where the old one was lost."""
        visit = ask.visit
        if visit is None:
            return None
        self.vault.new.wipe()
        if OLD_PIN.of(visit.facts) is None:
            self.vault.old.wipe()
        elif not len(self.vault.old):
            return Said(Change(drop=(OLD_PIN.name,)))
        try:
            return self._new(ask, visit.facts)
        except DeviceFault as fault:
            return self._broken(fault)

    def _old(self, ask: Ask, number: str) -> Event | None:
        while not ask.cancel.is_set():
            tries = self.slot.with_card(ask, number, _tries)
            if tries is None or isinstance(tries, Pulled):
                continue
            if isinstance(tries, Blocked):
                return Said(PinBlocked())
            if isinstance(tries, TriesLeft) and tries.count <= LAST_TRY:
                return Said(PinWrong(tries.count))
            if not isinstance(tries, TriesLeft | TriesUnknown):
                return _ended(tries)
            left = tries.count if isinstance(tries, TriesLeft) else None
            typed = self._typed(ask, PinPhase.OLD, left)
            answer = self._tried(ask, number, typed) if isinstance(typed, Secret) else typed
            if answer is not None:
                return answer
        return None

    def _tried(self, ask: Ask, number: str, pin: Secret) -> Event | None:
        """Try a PIN on the card; None when it has to be asked anew.

        A card that was pulled before it heard the PIN gets it when it is back. Whether one that
        was pulled at it took it for a try the card says itself, before anybody types again.
        """

        def verify(social: SocialCard, _card: Card) -> Verified | WrongPin | Blocked | Failure:
            ask.progress(CardWord.CHECKING)
            return social.verify(pin)

        try:
            end: object = Pulled()
            while isinstance(end, Pulled):
                end = self.slot.with_card(ask, number, verify)
            match end:
                case Verified():
                    self.vault.keep_old(handed_over(pin))
                    return Said(PinRight())
                case WrongPin(left):
                    return Said(PinWrong(left))
                case Blocked():
                    return Said(PinBlocked())
                case None | Unknown(fault=None):
                    return None
                case Unknown(fault=DeviceFault() as fault):
                    raise fault
                case _:
                    return _ended(end)  # type: ignore[arg-type]
        finally:
            pin.wipe()

    def _new(self, ask: Ask, facts: Facts) -> Event | None:
        first = self._typed(ask, PinPhase.NEW)
        if not isinstance(first, Secret):
            return first
        with first:
            if rule := judged(first, self.vault.old, facts):
                return Said(BadPin(rule))
            again = self._typed(ask, PinPhase.AGAIN)
            if not isinstance(again, Secret):
                return again
            with again:
                if not hmac.compare_digest(first.data, again.data):
                    return Said(PinsDiffer())
                self.vault.keep_new(handed_over(again))
        return Said(NewPin())

    def _typed(self, ask: Ask, phase: PinPhase, left: int | None = None) -> Secret | Event | None:
        """What was typed, for the caller to wipe; None when it is to be asked anew or cancelled."""

        def heard(dots: int) -> None:
            ask.progress(PinEntry(phase, dots, left).word)

        match self.pad.enter(ask.cancel, TYPING_S, Entry(Want.DIGITS), heard):
            case Digits(secret):
                return secret
            case EntryCancelled():
                return None if ask.cancel.is_set() else Back()
            case _:
                return None

    def _broken(self, fault: DeviceFault) -> Failed:
        failed = self.slot.broken(fault)
        if fault.device == self.pad.name:
            return Failed("pin_pad", failed.device, failed.detail)
        return failed


def judged(pin: Secret, old: Secret, facts: Facts) -> Weakness | None:
    """The rule by which a new PIN is too easy to guess, from what the visit knows of the holder."""
    card, eligible = CARD.of(facts), ELIGIBLE.of(facts)
    if card is None:
        return None
    paper = card.paper
    return weakness(
        pin.data,
        initial=INITIAL,
        birth=_birth(paper),
        numbers={Weakness.ID_PART: paper.social_number, Weakness.CARD_PART: paper.number},
        phone_masked=eligible.phone if eligible else "",
        old=old.data,
    )


def _birth(paper: PaperRead) -> date | None:
    try:
        return date.fromisoformat(paper.birth)
    except ValueError:
        return None


def _tries(social: SocialCard, _card: Card) -> TriesLeft | Blocked | TriesUnknown | Failure:
    return social.tries()


def _ended(end: Failure) -> Event | None:
    found = unusable(end)
    return Said(found) if isinstance(found, CardUnusable) else found
