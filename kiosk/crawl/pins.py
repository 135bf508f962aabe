"""What work with a card and its PIN may find, for the crawler."""

from collections.abc import Mapping

from kiosk.services.answers import Held, PaperRead, Sealed, Submitted
from kiosk.services.card_answers import (
    BadPin,
    CardRead,
    CardUnusable,
    CodeSent,
    NewPin,
    PinBlocked,
    PinKept,
    PinLost,
    PinRight,
    PinsDiffer,
    PinSet,
    PinUnknown,
    PinWrong,
    ResetReady,
)
from kiosk.visit import Change, Event, Failed, Refusal, Said
from regulation.pins import Weakness

Found = Mapping[str, tuple[Event, ...]]
KEY = "a key"
_SLOT = Failed("card_reader", "social_card", "no_device")
_PAD = Failed("pin_pad", "pin_pad", "no_device")
_LOST = (Failed("F25", "social_card", "card_pulled"), Failed("F26", "social_card", "no_device"))
_CENTRE = (Failed("F35", "central", "unreachable"), Failed("F35", "journal", "not_enough_space"))
_CARDS = ("F25", "F27", "F28", "card_not_ours", "card_bank_only", "card_locked", "card_not_genuine")
_OFFLINE = Failed("reset_offline", "central", "unreachable")
_NOT_READY = (_OFFLINE, Failed("code_wrong", "central"))
_TRIED = (Said(PinRight()), *(Said(PinWrong(left)) for left in (5, 1)), Said(PinBlocked()))
_TYPED = (
    *(Said(NewPin()), Said(PinsDiffer()), Said(Change(drop=("old_pin",)))),
    *(Said(BadPin(rule)) for rule in Weakness),
)
_WRITTEN = (
    *(Said(PinSet(KEY)), Said(PinUnknown(KEY)), Said(PinKept()), Said(PinLost())),
    *(Said(PinWrong(4)), Said(PinBlocked())),
)


def pin_work(
    own: PaperRead, others: PaperRead, taken: Submitted
) -> Mapping[str, tuple[Event, ...]]:
    """The work by its name: with the card that is the person's own, and with another's."""
    unusable = tuple(Said(CardUnusable(code)) for code in _CARDS)
    written = (*_WRITTEN, *unusable, *_LOST, *_CENTRE, _SLOT)
    read = (*(Said(CardRead(own, left)) for left in (6, 1, None)), Said(CardRead(others, 6)))
    blocked, no_slot = Said(CardRead(own, 0, blocked=True)), Said(Refusal("card_reader"))
    return {
        "read_card": (*read, blocked, no_slot, *unusable, _CENTRE[0], _SLOT),
        "card_paper": (Said(own),),
        "old_pin": (*_TRIED, *unusable, _SLOT, _PAD),
        "new_pin": (*_TYPED, _SLOT, _PAD),
        "change_pin": written,
        "reset_pin": (*written, Said(BadPin("phone_part")), Said(Refusal("F34")), _OFFLINE),
        "reset_ready": (Said(ResetReady()), Said(Refusal("F16")), *_NOT_READY, *_CENTRE, _SLOT),
        "send_code": (Said(CodeSent("138****8000")), Said(Refusal("F34")), _OFFLINE),
        "seal_pin": (Said(Sealed(KEY)),),
        "submit_pin": (Said(taken), Said(Held())),
    }
