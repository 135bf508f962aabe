"""The operations of a social security card over a powered chip, after the profile of the card.

They are the card's part of LD/T 33 (`iReadCardBas`, `iVerifyPIN`, `iChangePIN`, `iReloadPIN`,
`iUnblockPIN`) and the making of one (`iWriteCard`, as far as it is public), with the centre's HSM
behind `CardKeys` and `PersonalisationKeys`. Source: docs/devices/social_card.md.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

from hardware.chip import Chip, ChipGone
from hardware.fault import DeviceFault
from hardware.secret import Secret
from hardware.social_card import frames, records, status_words
from hardware.social_card.conversation import Conversation, Ended, damaged, declined
from hardware.social_card.frames import BadFrame, Command
from hardware.social_card.keys import (
    Algorithm,
    CardKeys,
    HolderKeys,
    KeysRefused,
    KeysUnreachable,
    PersonalisationKeys,
)
from hardware.social_card.outcomes import (
    AnotherCard,
    BankOnly,
    Blank,
    Blocked,
    Card,
    Changed,
    Differs,
    Failure,
    Holder,
    Locked,
    NotBlank,
    NotOurs,
    Personalised,
    Pulled,
    Refused,
    TriesLeft,
    TriesUnknown,
    Unblocked,
    Unfinished,
    Unknown,
    Unreachable,
    Verified,
    WrongPin,
)
from hardware.social_card.personalisation import Personalisation, Record
from hardware.social_card.pin import packed, packed_pair
from hardware.social_card.profile import Profile
from hardware.social_card.records import Field
from hardware.social_card.status_words import Word

T = TypeVar("T")

_GUARDED_SINCE = 3  # the generation whose EF06 is behind external authentication
_CARD_ID_RECORD, _VERSION_RECORD = 1, 3
_CARD_NUMBER = next(
    (number, row)
    for number, row in records.fields_of(records.EF05, _GUARDED_SINCE)
    if row.name == "card_number"
)
_ABSENT = frozenset({Word.NO_FILE, Word.NOT_SUPPORTED, Word.WRONG_PARAMETERS})


class _Open(NamedTuple):
    """What the HSM has to know of the card whose application is selected."""

    card_id: bytes
    algorithm: Algorithm


class SocialCard:
    """A card for the time of one session of its slot; for the worker's thread.

    `same_as`: the card of an earlier session; on any other one every operation ends with
    `AnotherCard` before it does anything. Besides the values they give, operations raise
    `DeviceFault` only: the slot's, or `invalid_data` (retry) when what came is no answer of a card.
    `verify` and `change_pin` also raise ValueError for a PIN that is no such thing, a programming
    error: its digits and length are checked by the service and the PIN pad. The card is sent none.
    Once the chip is gone, every later operation that needs it ends with `Pulled`.
    No command is ever repeated, and no APDU's body is kept, logged or shown.
    """

    def __init__(self, chip: Chip, profile: Profile, same_as: Card | Blank | None = None) -> None:
        self._says = Conversation(chip, profile)
        self._profile = profile
        self._same_as = same_as
        self._open: _Open | None = None
        self._initialised = False  # and not personalised

    def identify(self) -> Card | Failure:
        """Give what the card says of itself (iReadCardBas without its holder).

        `BankOnly`, `NotOurs`, `Locked` and `Blank` have nothing to work with. A foreign region's
        card is a `Card` that says so.
        """
        return _told(self._identify)

    def read_holder(self, keys: HolderKeys) -> Holder | Failure:
        """Give the holder (iReadCardBas_HSM_Step1..3): EF06, opened by the centre.

        The HSM opens it only if the card proved itself: `Refused("not_genuine")` if it did not.
        """
        return _told(lambda: self._read_holder(keys))

    def verify(self, pin: Secret) -> Verified | WrongPin | Blocked | Failure:
        """Ask the card whether this is its PIN (iVerifyPIN); a wrong one costs a try."""

        def verify() -> Verified | WrongPin | Blocked:
            self._opened()
            body = packed(pin, self._profile.pin_digits)
            return _after_pin(self._decide(frames.VERIFY, body), Verified())

        return _told(verify)

    def change_pin(self, old: Secret, new: Secret) -> Changed | WrongPin | Blocked | Failure:
        """Give the card a new PIN by its old one (iChangePIN); a wrong old one costs a try.

        Whether the new one may be chosen (weak, the initial one) is asked before.
        """

        def change() -> Changed | WrongPin | Blocked:
            self._opened()
            body = packed_pair(old, new, self._profile.pin_digits)
            return _after_pin(self._decide(frames.CHANGE_PIN, body), Changed())

        return _told(change)

    def reload(self, keys: CardKeys, pin: object) -> Changed | Failure:
        """Give the card a new PIN without the old one (iReloadPIN_HSM_Step1..3), and all tries.

        `pin` is the PIN pad's block for the HSM; the PIN itself never passes here.
        """
        return _told(lambda: self._reload(keys, pin))

    def unblock(self, keys: CardKeys) -> Unblocked | Failure:
        """Give the card its tries back (iUnblockPIN_HSM_Step1..2); its PIN stays."""
        return _told(lambda: self._unblock(keys))

    def tries(self) -> TriesLeft | Blocked | TriesUnknown | Failure:
        """Ask how many tries the PIN has left, if the profile says that asking costs none."""

        def ask() -> TriesLeft | Blocked | TriesUnknown:
            if not self._profile.empty_verify:
                return TriesUnknown()
            self._opened()
            status = self._says.ask_tries()
            left = status_words.tries_left(status)
            if left is None:
                raise declined(status)
            return TriesLeft(left) if left else Blocked()

        return _told(ask)

    def blank(self) -> Blank | NotBlank | Failure:
        """Tell whether the card waits to be personalised; nothing is written."""

        def look() -> Blank | NotBlank:
            self._selected()
            return self._blank() if self._initialised else NotBlank()

        return _told(look)

    def personalise(
        self, data: Personalisation, keys: PersonalisationKeys
    ) -> Personalised | NotBlank | Differs | Unfinished | Failure:
        """Write EF05 and EF06, read them back, and give the card its initial PIN (iWriteCard).

        The PIN comes last and whole from the HSM: by it the card goes into use, and takes no
        records any more. Until then the same may be written again to the same card. Any `Failure`
        but those of `Unfinished` came before the first record.
        """
        return _told(lambda: self._personalise(data, keys))

    def _opened(self) -> _Open:
        """Select the application, once a session; a card that is not personalised ends here."""
        opened = self._selected()
        if self._initialised:
            raise Ended(self._blank())
        return opened

    def _selected(self) -> _Open:
        """Select the application, once a session, and see that it is the right card."""
        if self._open is None:
            code = self._select()
            card_id = self._says.read(_CARD_ID_RECORD, records.CARD_ID)
            if card_id is None:
                raise declined(status_words.NO_RECORD)
            if self._same_as is not None and card_id != self._same_as.card_id:
                raise Ended(AnotherCard())
            with _undamaged():
                algorithm = records.read_algorithm(code, card_id)
            self._open = _Open(bytes.fromhex(card_id), algorithm)
        return self._open

    def _select(self) -> int | None:
        """Select the application; give the algorithm's code."""
        reply = self._says.select_application(frames.AID)
        if reply.status != status_words.OK:
            raise self._without_application(reply.status)
        with _undamaged():
            self._initialised = records.is_initialised(reply.data)
            return records.read_algorithm_code(reply.data)

    def _without_application(self, status: int) -> Ended:
        word = status_words.meaning(status).word
        if word is Word.LOCKED:
            return Ended(Locked())
        if word not in _ABSENT:
            return declined(status)
        bank = self._says.select_application(frames.BANK_AID).status == status_words.OK
        return Ended(BankOnly() if bank else NotOurs())

    def _blank(self) -> Blank:
        opened = self._selected()
        card_id = opened.card_id.hex().upper()
        return Blank(
            card_id=card_id,
            card_number=self._says.read(*_CARD_NUMBER) or "",
            atr=self._says.atr.hex().upper(),
            algorithm=opened.algorithm,
            foreign=not self._profile.is_ours(card_id),
        )

    def _personalise(
        self, data: Personalisation, keys: PersonalisationKeys
    ) -> Personalised | NotBlank | Differs | Unfinished:
        opened = self._selected()
        if not self._initialised or self._blank().card_number not in ("", data.card_number):
            return NotBlank()
        header = self._reload_header(opened)
        internal = self._says.internal()
        answer = keys.personalise(*opened, internal, self._says.challenges())
        self._says.external(self._profile.personalise_key, answer)
        try:
            return self._write(data, opened, keys, header)
        except _ENDS as end:
            return Unfinished(_failure(end))
        except DeviceFault as fault:
            return Unfinished(Unknown(fault))

    def _write(
        self, data: Personalisation, opened: _Open, keys: PersonalisationKeys, header: bytes
    ) -> Personalised | Differs:
        for record in data.records():
            self._says.update(*record)
        self._open_holder(opened, keys)
        if not all(self._has(record) for record in data.records()):
            return Differs()
        self._permit_reload(opened, keys)
        self._obeyed(keys.initial_pin(*opened, self._says.challenge(), header), header)
        return Personalised()

    def _has(self, record: Record) -> bool:
        return self._says.read(record.number, record.row) == record.row.decode(record.data)

    def _identify(self) -> Card:
        opened = self._opened()
        values = self._read_file(records.EF05, _GUARDED_SINCE, known=records.CARD_ID)
        with _undamaged():
            generation = records.read_generation(values[records.VERSION.name])
        card_id = opened.card_id.hex().upper()
        return Card(
            card_id=card_id,
            **values,
            atr=self._says.atr.hex().upper(),
            algorithm=opened.algorithm,
            generation=generation,
            foreign=not self._profile.is_ours(card_id),
        )

    def _read_holder(self, keys: HolderKeys) -> Holder:
        opened = self._opened()
        version = self._says.read(_VERSION_RECORD, records.VERSION)
        with _undamaged():
            generation = records.read_generation(version or "")
        guarded = generation >= _GUARDED_SINCE
        if guarded:
            self._open_holder(opened, keys)
        values = self._read_file(records.EF06, generation)
        name = values.pop("name") + values.pop("name_rest", "")
        with _undamaged():
            return Holder(**values, name=records.read_text(bytes.fromhex(name)), genuine=guarded)

    def _open_holder(self, opened: _Open, keys: HolderKeys) -> None:
        internal = self._says.internal()
        answer = keys.holder(*opened, internal, self._says.challenges())
        self._says.external(self._profile.holder_key, answer)

    def _reload(self, keys: CardKeys, pin: object) -> Changed:
        opened = self._opened()
        header = self._reload_header(opened)
        self._permit_reload(opened, keys)
        apdu = keys.reload(*opened, self._says.challenge(), header, pin)
        self._obeyed(apdu, header)
        return Changed()

    def _reload_header(self, opened: _Open) -> bytes:
        header = self._profile.reload_header(opened.algorithm)
        if header is None:
            raise Ended(Refused("algorithm_not_supported"))
        return header

    def _permit_reload(self, opened: _Open, keys: CardKeys | PersonalisationKeys) -> None:
        answer = keys.reset(*opened, self._says.challenges())
        self._says.external(self._profile.reset_key, answer)

    def _unblock(self, keys: CardKeys) -> Unblocked:
        opened = self._opened()
        apdu = keys.unblock(*opened, self._says.challenge())
        self._obeyed(apdu, frames.UNBLOCK_HEADER)
        return Unblocked()

    def _obeyed(self, apdu: bytes, header: bytes) -> None:
        """Hand the HSM's whole command to the card; the HSM may make no other than this one."""
        if len(apdu) != len(header) + header[-1] or not apdu.startswith(header):
            raise Ended(Refused("invalid_answer"))
        status = self._says.decide(bytearray(apdu))
        if status != status_words.OK:
            raise declined(status)

    def _decide(self, command: Command, body: bytearray) -> int:
        """Give the status word of a command with a PIN; its body is wiped."""
        apdu = command.apdu(body)
        frames.wipe(body)
        return self._says.decide(apdu)

    def _read_file(self, file: int, generation: int, known: Field | None = None) -> dict[str, str]:
        """Give the values of all records of a file but the one that is known; "" for an absent."""
        return {
            row.name: self._says.read(number, row) or ""
            for number, row in records.fields_of(file, generation)
            if row is not known
        }


_ENDS = (Ended, ChipGone, KeysRefused, KeysUnreachable)


def _told(operation: Callable[[], T]) -> T | Failure:
    """Give what the operation gives, or how it ended."""
    try:
        return operation()
    except _ENDS as end:
        return _failure(end)


def _failure(end: Exception) -> Failure:
    match end:
        case Ended():
            return end.outcome
        case ChipGone():
            return Pulled()
        case KeysRefused():
            return Refused(end.reason)
        case _:
            return Unreachable()


def _after_pin(status: int, done: T) -> T | WrongPin | Blocked:
    if status == status_words.OK:
        return done
    left = status_words.tries_left(status)
    if left is None:
        raise declined(status)
    return WrongPin(left) if left else Blocked()


@contextmanager
def _undamaged() -> Generator[None]:
    """Tell what cannot be a card's answer as the device's fault."""
    try:
        yield
    except BadFrame as error:
        raise damaged() from error
