"""A new PIN written to the card, by the old one or with the centre's keys: once, or nobody knows.

The case is in the journal before the card hears anything. What became of a write whose answer was
lost the card alone can say: one VERIFY with the new PIN, and with the old one if that was wrong.
Nothing is written a second time (F25, F26; services.md 2.8; docs/devices/social_card.md).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from hardware.fault import DeviceFault
from hardware.pin_pad.pin_block import CentreKey, account_of, seal
from hardware.social_card.card import SocialCard
from hardware.social_card.keys import KeysRefused, KeysUnreachable
from hardware.social_card.outcomes import (
    Blocked,
    Card,
    Changed,
    Failure,
    Pulled,
    Refused,
    Unknown,
    Unreachable,
    Verified,
    WrongPin,
)
from kiosk import journal as store
from kiosk import link
from kiosk.card_keys import WEAK, CentralKeys
from kiosk.card_slot import Slot, unusable
from kiosk.desk import Ask
from kiosk.log import Event as LogEvent
from kiosk.pin_cases import DONE, UNKNOWN, PinCases, reset_id
from kiosk.pin_vault import Vault
from kiosk.services.answers import PaperRead
from kiosk.services.card_answers import (
    CARD,
    BadPin,
    CardUnusable,
    CardWord,
    PinBlocked,
    PinKept,
    PinLost,
    PinSet,
    PinUnknown,
    PinWrong,
    ResetReady,
)
from kiosk.visit import Event, Failed, Refusal, Said, Visit

OFFLINE = "reset_offline"
"""The failure of a reset that cannot be done because the centre cannot be asked (F32)."""
LOST, DOUBTED = "F25", "F26"
ASKED_TWICE = 2
"""A card whose answer was lost so often is not asked again: nobody can say."""
CODE_WRONG = f"{link.PROBLEM}code-wrong"
_ANEW = ("pin_key_unknown", "pin_reset_over")
"""The centre made its key anew, or five minutes went by: begun again, it is prepared again."""

Written = Changed | WrongPin | Blocked | Failure
Write = Callable[[str, SocialCard, Card], Event | Written]
"""Writes the card for the case of a key."""


PLANNED = "planned"
"""The card has not heard of it yet."""


@dataclass(slots=True)
class Open:
    """A write that was begun: its case, what the card said of it, how often it was asked since."""

    key: str
    outcome: str = PLANNED
    asked: int = 0


@dataclass(slots=True, eq=False)
class PinWriting:
    """New PINs for cards; every method runs on the slot's worker.

    A write whose answer was lost stays open: the same work, begun again, settles it.
    """

    slot: Slot
    vault: Vault
    keys: CentralKeys
    cases: PinCases
    _open: Open | None = None
    _authorised: str = ""  # the key of the case whose reset the centre has authorised
    _centre_key: CentreKey | None = field(default=None, repr=False)

    def change(self, ask: Ask) -> Event | None:
        """Give the card the new PIN by its old one (iChangePIN).

        `PinSet`, `PinKept`, `PinUnknown`; `PinWrong` and `PinBlocked` as the card says; `PinLost`.
        F25 when the card was pulled, F26 when the reader was lost: begun again, it is settled.
        """
        known = len(self.vault.old) and len(self.vault.new)
        return self._work(ask, self._change, known=bool(known))

    def ready(self, ask: Ask) -> Event | None:
        """Before anything is typed: have the centre authorise a reset of the card, `ResetReady`.

        A refusal as the centre says it, F32 as `reset_offline`, `code_wrong` for an agent's code.
        """
        card = CARD.of(ask.visit.facts) if ask.visit else None
        if card is None or ask.visit is None:
            return None
        try:
            card_id = self.slot.with_card(ask, card.paper.number, lambda _social, its: its.card_id)
        except DeviceFault as fault:
            return self.slot.broken(fault)
        if card_id is None:
            return None
        key = str(uuid4())
        stands = self._without_key() or self._prepared(ask.visit, key, card_id)
        return stands or Said(ResetReady())

    def reset(self, ask: Ask) -> Event | None:
        """Give the card the new PIN with the centre's keys, and all its tries (iReloadPIN).

        As `change`; `BadPin` when the centre knows it to be weak, a refusal as the centre says.
        """

        def write(key: str, social: SocialCard, card: Card) -> Event | Written:
            return self._reset(ask.visit, key, social, card)

        return self._work(ask, write, known=bool(len(self.vault.new)))

    def leave(self) -> None:
        """The person goes: what was typed is forgotten, and a write nobody settled is unknown."""
        self.vault.wipe()
        began, self._open, self._authorised = self._open, None, ""
        try:
            if began is not None and began.outcome == PLANNED:
                self.cases.drop(began.key)
            elif began is not None:
                self.cases.end(began.key, began.outcome)
        except (*store.errors, OSError) as error:
            self._not_kept(error)  # its row is taken up at the next start

    def _work(self, ask: Ask, write: Write, *, known: bool) -> Event | None:
        card = CARD.of(ask.visit.facts) if ask.visit else None
        if card is None or ask.visit is None:
            return None
        try:
            return self._step(ask, ask.visit, card.paper, write, known=known)
        except DeviceFault as fault:
            failed = self.slot.broken(fault)
            return Failed(DOUBTED, failed.device, failed.detail) if self._doubted() else failed
        except (*store.errors, OSError) as error:
            return self._not_kept(error)

    def _step(
        self, ask: Ask, visit: Visit, paper: PaperRead, write: Write, *, known: bool
    ) -> Event | None:
        """Go on from where the write is; a card that is still in is asked at once what it did."""
        if self._open is not None and self._open.outcome == DONE:
            return self._ended(self._open)
        if not known:
            return Said(PinLost())
        event = self._at_card(ask, visit, paper, write)
        lost = isinstance(event, Failed) and event.code == LOST and self._doubted()
        if lost and self.slot.device.card_present():
            event = self._at_card(ask, visit, paper, write)
        return event

    def _doubted(self) -> bool:
        return self._open is not None and self._open.outcome == UNKNOWN

    def _at_card(self, ask: Ask, visit: Visit, paper: PaperRead, write: Write) -> Event | None:
        """Write the card, or settle what was written, in one session."""

        def at_card(social: SocialCard, card: Card) -> Event:
            began = self._open
            if began is not None and began.outcome != PLANNED:
                ask.progress(CardWord.CHECKING)
                return self._settled(began, social)
            ask.progress(CardWord.WRITING)
            began = began or self._planned(visit)
            return self._came_of(began, social, _done(began, write, social, card))

        return self.slot.with_card(ask, paper.number, at_card)

    def _planned(self, visit: Visit) -> Open:
        """Put the case down, under the key the centre has heard of where there is one."""
        key = self._authorised or str(uuid4())
        self.cases.plan(key, visit)
        self._open = Open(key)
        return self._open

    def _change(self, _key: str, social: SocialCard, _card: Card) -> Written:
        return social.change_pin(self.vault.old, self.vault.new)

    def _reset(
        self, visit: Visit | None, key: str, social: SocialCard, card: Card
    ) -> Event | Written:
        stands = self._without_key()
        if key != self._authorised and visit is not None:
            stands = stands or self._prepared(visit, key, card.card_id)
        if stands is not None or self._centre_key is None:
            return stands or Unreachable()
        account = account_of(bytes.fromhex(card.card_id))
        block = seal(self.vault.new, account, self._centre_key)
        return social.reload(self.keys.of_reset(reset_id(key)), block)

    def _without_key(self) -> Event | None:
        """Have the key PINs are sealed with; what stands in the way."""
        if self._centre_key is not None:
            return None
        try:
            self._centre_key = self.keys.pin_key()
        except KeysUnreachable:
            return Failed(OFFLINE, "central", "unreachable")
        except KeysRefused as no:
            return Failed("F35", "central", no.reason)
        return None

    def _prepared(self, visit: Visit, key: str, card_id: str) -> Event | None:
        """Have the reset authorised; what stands in its way."""
        try:
            self.cases.prepare(key, card_id, visit)
        except (link.Unreachable, link.Unknown):
            return Failed(OFFLINE, "central", "unreachable")
        except link.Rejected as no:
            if no.type == CODE_WRONG:
                return Failed("code_wrong", "central")
            return Said(_refused(no))
        self._authorised = key
        return None

    def _came_of(self, began: Open, social: SocialCard, end: Event | Written) -> Event:
        """What a write came to, as the card said; what was not done leaves no case."""
        match end:
            case Changed():
                began.outcome = DONE
                if isinstance(social.verify(self.vault.new), WrongPin | Blocked):
                    began.outcome = UNKNOWN  # it said yes, and does not take it
                return self._ended(began)
            case Unknown(fault):
                return self._doubt(fault)
            case Pulled():  # before it heard anything: the same may be begun again
                return Failed(LOST, self.slot.device.name, "card_pulled")
            case _:
                self._undone(began)
                return self._not_done(end)

    def _not_done(self, end: Event | Written) -> Event:
        match end:
            case WrongPin(left):
                return Said(PinWrong(left))
            case Blocked():
                return Said(PinBlocked())
            case Unreachable():
                return Failed(OFFLINE, "central", "unreachable")
            case Refused(reason):
                return self._no(reason)
            case Failed() | Said():
                return end
            case _:
                found = unusable(end)  # type: ignore[arg-type]
                return Said(found) if isinstance(found, CardUnusable) else Said(PinKept())

    def _no(self, reason: str) -> Event:
        """What the centre's no to a reset means for the person."""
        if reason.startswith(f"{WEAK}_"):
            self.vault.new.wipe()
            return Said(BadPin(reason.removeprefix(f"{WEAK}_")))
        if reason in _ANEW:
            self._centre_key = None
            return Failed("F35", "central", reason)
        return Said(Refusal("F34"))

    def _settled(self, began: Open, social: SocialCard) -> Event:
        """One VERIFY with the new PIN says which one the card has; if it is wrong, the old one."""
        began.asked += 1
        match social.verify(self.vault.new):
            case Verified():
                began.outcome = DONE
                return self._ended(began)
            case WrongPin(left):
                return self._by_the_old(began, social, left)
            case Blocked() if not len(self.vault.old):  # a reset gives all tries back
                return self._by_the_old(began, social, 0)
            case Pulled():
                began.asked -= 1
                return Failed(LOST, self.slot.device.name, "card_pulled")
            case Unknown(fault) if began.asked < ASKED_TWICE:
                return self._doubt(fault)
            case _:
                return self._ended(began)

    def _by_the_old(self, began: Open, social: SocialCard, left: int) -> Event:
        """The new PIN was not taken. A reset has no old one to try: the card kept what it had."""
        old = self.vault.old
        if len(old) and (left <= 1 or not isinstance(social.verify(old), Verified)):
            return self._ended(began)
        self._undone(began)
        return Said(PinKept())

    def _doubt(self, fault: DeviceFault | None) -> Failed:
        if fault is None:
            return Failed(LOST, self.slot.device.name, "card_pulled")
        self.slot.broken(fault)
        return Failed(DOUBTED, fault.device, fault.detail)

    def _ended(self, began: Open) -> Event:
        """Say in the journal what the card has; nothing is open any more."""
        self.cases.end(began.key, began.outcome)
        self._open, self._authorised = None, ""
        self.vault.wipe()
        return Said(PinSet(began.key) if began.outcome == DONE else PinUnknown(began.key))

    def _not_kept(self, error: Exception) -> Failed:
        self.cases.log.write(LogEvent.STORE_FAILED, error=type(error).__name__)
        return Failed("F35", "journal", "not_enough_space")

    def _undone(self, began: Open) -> None:
        """Nothing was written: no case, and a reset that was authorised is taken back."""
        self.cases.drop(began.key)
        if self._authorised == began.key:
            self.cases.take_back(began.key)
        self._open, self._authorised = None, ""


def _done(began: Open, write: Write, social: SocialCard, card: Card) -> Event | Written:
    """Write; what is told as a fault, or as pulled, the card has not heard of."""
    began.outcome = UNKNOWN
    try:
        end = write(began.key, social, card)
    except DeviceFault:
        began.outcome = PLANNED
        raise
    if isinstance(end, Pulled):
        began.outcome = PLANNED
    return end


def _refused(no: link.Rejected) -> Refusal:
    reason = str(no.body.get("reason_zh") or "")
    return Refusal(no.code or "F34", no.clause, f"：{reason}" if reason else "")
