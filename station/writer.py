"""The card in the slot: found blank, written, read back; any other end is a reason."""

import hashlib
import json
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import cast

from hardware.chip import CardSlot, ChipGone, ChipMute
from hardware.device import Media
from hardware.fault import DeviceFault
from hardware.social_card.card import SocialCard
from hardware.social_card.keys import PersonalisationKeys
from hardware.social_card.outcomes import (
    AnotherCard,
    Blank,
    Card,
    Differs,
    Holder,
    NotBlank,
    Personalised,
    Pulled,
    Refused,
    Unfinished,
    Unknown,
    Unreachable,
)
from hardware.social_card.personalisation import Personalisation
from hardware.social_card.profile import Profile
from station.journal import Reason
from station.keys import OVER

_NAMES = frozenset(row.name for row in fields(Personalisation))


class GivenUp(Exception):  # noqa: N818 - how it ended
    """The card write comes to nothing, for this reason.

    `again`: the same card may be tried once more. `offline`: only the centre did not answer.
    """

    def __init__(self, reason: Reason, *, again: bool = False, offline: bool = False) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.again = again
        self.offline = offline


def personalisation(texts: Mapping[str, object]) -> Personalisation:
    """Give what the centre wants written; ValueError (never showing it) if no card can have it."""
    if _NAMES.symmetric_difference(texts) or not all(
        isinstance(text, str) for text in texts.values()
    ):
        raise ValueError("not the texts of a card")
    return Personalisation(**cast("dict[str, str]", dict(texts)))


def digest(data: Personalisation, card_id: str) -> str:
    """Give SHA-256, in hex, over the texts and the 卡识别码 as canonical JSON in UTF-8."""
    whole = {**data.texts(), "card_id": card_id.upper()}
    text = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class CardWriter:
    """Card by card in one slot, after the profile of the cards; for one thread.

    Every method may raise `GivenUp`, and `DeviceFault` where it says so.
    """

    def __init__(self, slot: CardSlot, profile: Profile) -> None:
        self._slot = slot
        self._profile = profile

    def present(self) -> bool:
        """Whether there is a card; `DeviceFault`."""
        return self._slot.card_present()

    def blank(self, cancel: threading.Event, timeout_s: float) -> Blank:
        """Wait for a blank card and tell which it is."""
        with _faults():
            came = self._slot.accept(cancel, timeout_s)
        if cancel.is_set():
            raise GivenUp(Reason.OPERATOR)
        if not came:
            raise GivenUp(Reason.NO_CARD)
        found = self.look()
        if found is None or found.foreign:
            raise GivenUp(Reason.NOT_BLANK)
        return found

    def look(self) -> Blank | None:
        """Tell what blank is in the slot; none for any other card."""
        with _faults(), self._slot.session() as chip:
            found = SocialCard(chip, self._profile).blank()
        if isinstance(found, Pulled):
            raise _given_up(found)
        return found if isinstance(found, Blank) else None

    def write(self, data: Personalisation, keys: PersonalisationKeys, card: Blank) -> None:
        """Write to this blank; whether it has all now, `read` tells."""
        with _faults(), self._slot.session() as chip:
            outcome = SocialCard(chip, self._profile, card).personalise(data, keys)
        why = outcome.why if isinstance(outcome, Unfinished) else outcome
        match why:
            case Personalised() | Unknown():  # the last answer was lost: the card knows
                return
            case _:
                raise _given_up(why)

    def read(self, keys: PersonalisationKeys, identifier: str) -> str:
        """Give the digest of what the card of this 卡识别码 has; "" if it is not whole."""
        with _faults(), self._slot.session() as chip:
            says = SocialCard(chip, self._profile)
            card, holder = says.identify(), says.read_holder(keys)
        if isinstance(card, Card | Blank) and card.card_id != identifier:
            raise _given_up(AnotherCard())
        if isinstance(card, Blank):
            return ""
        if not isinstance(card, Card):
            raise _given_up(card)
        if not isinstance(holder, Holder):
            raise _given_up(holder)
        texts = {name: getattr(card, name, None) or getattr(holder, name, "") for name in _NAMES}
        try:
            return digest(personalisation(texts), card.card_id)
        except ValueError:
            return ""

    def is_another(self, identifier: str) -> bool:
        """Whether a card of another 卡识别码 is in the slot; False for one that cannot be read."""
        try:
            with _faults(), self._slot.session() as chip:
                found = SocialCard(chip, self._profile).identify()
        except GivenUp:
            return False
        return isinstance(found, Card | Blank) and found.card_id != identifier

    def give_back(self, cancel: threading.Event, timeout_s: float) -> bool:
        """Bring the card to where it can be taken; True once it is gone. `DeviceFault`."""
        return self._slot.give_back(cancel, timeout_s) is Media.NOT_PRESENT

    def capture(self) -> bool:
        """Drop the card into the bin; False where there is none, or it is full."""
        try:
            return self._slot.retain() is not Media.PRESENT
        except DeviceFault:  # then it is given out, to be destroyed by hand
            return False


_REASONS: dict[type, Reason] = {
    Pulled: Reason.CARD_PULLED,
    AnotherCard: Reason.CARD_PULLED,
    Differs: Reason.VERIFY_FAILED,
    NotBlank: Reason.NOT_BLANK,
    Unreachable: Reason.TIMEOUT,
}


def _given_up(why: object) -> GivenUp:
    if isinstance(why, Refused):
        return GivenUp(Reason.SUPERSEDED if why.reason == OVER else Reason.WRITE_FAILED)
    reason = _REASONS.get(type(why), Reason.WRITE_FAILED)
    again = isinstance(why, Pulled | Differs)
    return GivenUp(reason, again=again, offline=isinstance(why, Unreachable))


@contextmanager
def _faults() -> Generator[None]:
    try:
        yield
    except ChipGone:
        raise GivenUp(Reason.CARD_PULLED, again=True) from None
    except ChipMute:
        raise GivenUp(Reason.NOT_BLANK) from None
    except DeviceFault as fault:
        raise GivenUp(Reason.WRITE_FAILED, again=True) from fault
