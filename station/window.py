"""The station beside its window: it takes card writes from the centre, one after the other."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hardware.fault import DeviceFault
from hardware.social_card.outcomes import Blank
from hardware.social_card.personalisation import Personalisation
from station.board import Board, Lamp
from station.journal import Card, Journal, Reason, State, Write
from station.keys import CentralKeys
from station.link import Centre, Job, Rejected, Unknown, Unreachable
from station.orders import Orders
from station.writer import CardWriter, GivenUp, digest, personalisation

_log = logging.getLogger("station")

POLL_S = 1.0
"""Between two questions to the centre, and between two tries of anything."""
_ATTEMPTS = 3
_LOOKS, _LOOK_S = 10, 0.2  # a pcscd that was just started shows its card 0.4 s later
_BEAT_S = 2.0  # how long it waits for a hand before it looks at all else again
_NOT_NOW = frozenset({401, 403})
"""A no to who we are, not to what we say: it is said again until somebody mends the certificate."""
_CONFIRMED = "card-write-confirmed"
_OVER = "card-write-over"


@dataclass(frozen=True)
class Time:
    """The clock, how to wait for some seconds, and seconds that only go forward.

    `insert_s`: how long a blank is waited for.
    """

    clock: Callable[[], datetime]
    wait: Callable[[float], object]
    ticks: Callable[[], float] = time.monotonic
    insert_s: float = 120.0


@dataclass(frozen=True)
class Outside:
    """Who wants something of the station, and who looks at it."""

    orders: Orders
    board: Board


class Window:
    """One card write at a time, from taking it to the centre's acknowledgement.

    JournalError ends it: nothing may be written without the journal.
    """

    def __init__(
        self, centre: Centre, cards: CardWriter, journal: Journal, outside: Outside, time: Time
    ) -> None:
        self._centre = centre
        self._cards = cards
        self._journal = journal
        self._orders = outside.orders
        self._board = outside.board
        self._time = time
        self._leaves: Lamp | None = None  # how the card in the slot goes before the next one
        self._spoiled = ""  # the 卡识别码 of the card that is given up
        self._looked = False  # at the card that lay there at the start

    def run(self) -> None:
        """Go on until told to end; what is being written is written to its end."""
        while not self._orders.ended.is_set():
            self.step()
            self._time.wait(POLL_S)
        self._board.show(Lamp.ENDED)

    def step(self) -> None:
        """Settle what is open, see the slot free, take a card write if there is one."""
        try:
            if not self._settled() or not self._slot_free() or self._orders.ended.is_set():
                return
            job = self._centre.card_write()
            if job is None:
                self._board.show(Lamp.IDLE)
            else:
                self._take(job)
                self._settled()
                self._slot_free()
        except (Unreachable, Unknown, Rejected) as lost:
            _log.warning("the centre: %s", type(lost).__name__)
            self._board.show(Lamp.OFFLINE)
        except DeviceFault as fault:
            _log.warning("%s", fault)
            self._board.show(Lamp.FAULT)

    def _take(self, job: Job) -> None:
        if self._journal.find(job.write_id):
            self._journal.tell_again(job.write_id)
            return
        write = self._journal.plan(job.write_id, self._time.clock())
        _log.info("card write %s taken", write.write_id)
        try:
            self._make(job, write)
        except GivenUp as why:
            self._give_up(write, why.reason)
        else:
            self._journal.written(write.write_id)
            self._leaves = Lamp.TAKE_CARD

    def _make(self, job: Job, write: Write) -> None:
        """Write the card; on return it is whole. Raises `GivenUp`."""
        try:
            data = personalisation(job.personalisation)
        except ValueError as fault:
            _log.error("card write %s: %s", write.write_id, fault)
            raise GivenUp(Reason.WRITE_FAILED) from None
        until = self._time.ticks() + job.seconds
        self._board.show(Lamp.INSERT, write.write_id)
        self._leaves = Lamp.TAKE_CARD
        blank = self._blank(min(self._time.ticks() + self._time.insert_s, until))
        if blank.card_number not in ("", data.card_number):
            raise GivenUp(Reason.NOT_BLANK)
        self._start(write, blank, until)
        card = Card(blank.card_id, blank.atr, digest(data, blank.card_id))
        self._journal.writing(write.write_id, card)
        self._board.show(Lamp.WRITING, write.write_id)
        self._write(write, data, blank, until)

    def _blank(self, until: float) -> Blank:
        """Wait for a blank; a reader that still has to tell of the card before is asked again."""
        left = _ATTEMPTS
        while True:
            try:
                patience_s = max(0.0, until - self._time.ticks())
                return self._cards.blank(self._orders.cancel, patience_s)
            except GivenUp as why:
                left -= 1
                if why.reason is not Reason.WRITE_FAILED or not left:
                    raise
            self._time.wait(POLL_S)

    def _start(self, write: Write, blank: Blank, until: float) -> None:
        """Tell the centre which blank it will be; nothing is written before it agreed."""
        body = {"identifier": blank.card_id}
        while True:
            try:
                self._centre.step(write.write_id, "start", body, write.start_key)
            except Rejected:
                raise GivenUp(Reason.SUPERSEDED) from None
            except (Unreachable, Unknown):
                self._pause(write, until)
            else:
                return

    def _write(self, write: Write, data: Personalisation, blank: Blank, until: float) -> None:
        keys, whole = CentralKeys(self._centre, write.write_id), digest(data, blank.card_id)
        left = _ATTEMPTS
        while True:
            try:
                if self._cards.look() is not None:
                    self._cards.write(data, keys, blank)
                found = self._cards.read(keys, blank.card_id)
                if found == whole:
                    return
                why = GivenUp(Reason.VERIFY_FAILED, again=not found)
            except GivenUp as given_up:
                why = given_up
            left -= not why.offline
            if not why.offline and not (why.again and left):
                raise why
            self._pause(write, until)
            self._board.show(Lamp.WRITING, write.write_id)

    def _pause(self, write: Write, until: float) -> None:
        """Before the next try; a time-out once the centre will have ended the card write."""
        if self._orders.cancel.is_set():
            raise GivenUp(Reason.OPERATOR)
        if self._time.ticks() >= until:
            raise GivenUp(Reason.TIMEOUT)
        self._board.show(Lamp.OFFLINE, write.write_id)
        self._time.wait(POLL_S)

    def _give_up(self, write: Write, reason: Reason) -> None:
        _log.warning("card write %s given up: %s", write.write_id, reason)
        self._journal.reverse(write.write_id, reason)
        self._note(self._journal.write(write.write_id))

    def _note(self, write: Write) -> None:
        """A card that was, or may have been, written to and is given up goes to nobody."""
        self._spoiled = write.card.identifier
        self._leaves = Lamp.SPOILED if self._spoiled else Lamp.TAKE_CARD

    def _settled(self) -> bool:
        """Bring what is open on; whether nothing is any more."""
        for write in self._journal.open():
            self._board.show(Lamp.SETTLING, write.write_id)
            if write.state is State.PLANNED:
                self._give_up(write, Reason.NO_CARD)
            elif write.state is State.WRITING:
                self._recover(write)
            else:
                self._tell(write)
        return not self._journal.open()

    def _recover(self, write: Write) -> None:
        """The station ended while it wrote: the card says whether it is whole."""
        try:
            whole = self._lies_there() and self._cards.read(
                CentralKeys(self._centre, write.write_id), write.card.identifier
            )
        except GivenUp as why:
            if why.offline:
                raise Unreachable(write.write_id) from None
            if isinstance(why.__cause__, DeviceFault):
                raise why.__cause__ from None
            self._give_up(write, why.reason)
            return
        if whole == write.card.data_sha256:
            self._journal.written(write.write_id)
            self._leaves = Lamp.TAKE_CARD
        else:
            self._give_up(write, Reason.CARD_PULLED if whole is False else Reason.WRITE_FAILED)

    def _lies_there(self) -> bool:
        for _ in range(_LOOKS):
            if self._cards.present():
                return True
            if self._orders.ended.is_set():
                raise GivenUp(Reason.TIMEOUT, offline=True)  # nothing is said yet
            self._time.wait(_LOOK_S)
        return False

    def _tell(self, write: Write) -> None:
        """Say to the centre what was decided."""
        confirms = write.state is not State.REVERSED
        try:
            if confirms:
                self._centre.step(write.write_id, "confirm", _confirmed(write), write.confirm_key)
            else:
                self._note(write)
                self._centre.step(write.write_id, "reverse", _reversed(write), write.reverse_key)
        except Rejected as no:
            if no.status in _NOT_NOW:
                raise
            self._contradicted(write, no)
        else:
            state = State.CONFIRMED if confirms else State.REVERSED
            self._journal.acknowledge(write.write_id, state)
            _log.info("card write %s %s", write.write_id, state)

    def _contradicted(self, write: Write, no: Rejected) -> None:
        """The centre has it otherwise than we do, for good."""
        _log.warning("card write %s: the centre says %s", write.write_id, no.problem)
        if write.state is State.WRITTEN:
            superseded = no.problem == _OVER
            self._give_up(write, Reason.SUPERSEDED if superseded else Reason.VERIFY_FAILED)
        elif write.state is State.REVERSED and no.problem == _CONFIRMED:
            self._journal.acknowledge(write.write_id, State.CONFIRMED)
            self._leaves = Lamp.TAKE_CARD
        else:
            self._journal.acknowledge(write.write_id, write.state)

    def _slot_free(self) -> bool:
        """See that no card of before is in the slot; it is given out, or dropped into the bin."""
        if self._orders.ejected():
            self._leaves = self._leaves or Lamp.TAKE_CARD
        if not self._looked:
            self._leaves = self._leaves or self._left_behind()
            self._looked = True
        if self._leaves is None:
            return True
        if self._cards.present():
            if self._leaves is Lamp.SPOILED and self._cards.is_another(self._spoiled):
                self._leaves = Lamp.TAKE_CARD
            self._board.show(self._leaves)
            binned = self._leaves is Lamp.SPOILED and self._cards.capture()
            if not binned and not self._cards.give_back(self._orders.cancel, _BEAT_S):
                return False
        self._leaves = None
        return True

    def _left_behind(self) -> Lamp | None:
        """A card that lay there at the start: only a fresh blank may stay."""
        if not self._cards.present():
            return None
        try:
            blank = self._cards.look()
        except GivenUp:
            return Lamp.TAKE_CARD
        if blank is None:
            return Lamp.TAKE_CARD
        self._spoiled = blank.card_id
        return Lamp.SPOILED if blank.card_number else None


def _confirmed(write: Write) -> dict[str, str]:
    card = write.card
    return {"identifier": card.identifier, "atr": card.atr, "data_sha256": card.data_sha256}


def _reversed(write: Write) -> dict[str, str | None]:
    return {"reason": write.reason, "identifier": write.card.identifier or None}
