"""Handing a list in: the centre's own checks, the pictures, and one batch a chunk (F42 to F44).

A chunk is written down with its key before it is sent (`journal.py`), and then sent until there is
an answer, by whoever starts next if need be: whatever breaks, each person is submitted once.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from kiosk.batch.card_list import CardList, Line
from kiosk.batch.chunks import MOST_ROWS, Cut, Order, Taken, cut, faults_of
from kiosk.batch.journal import BatchJournal, Chunk, State
from kiosk.batch.progress import Meter, Stage, Tell
from kiosk.batch.source import Cancelled
from kiosk.batch.upload import Upload
from kiosk.link import Centre, Rejected, Unknown, Unreachable
from regulation.card_list.faults import Fault
from regulation.card_list.rows import number_of

PAUSE_S = 0.5
NO_MORE = frozenset({"REJECTED", "WITHDRAWN"})
"""States of a batch whose people may be submitted again (docs/centre/batches.md)."""


@dataclass(frozen=True, slots=True)
class Signed:
    """How a clerk binds a list: `signature` is screen or window; pictures of the clerk's visit.

    `pictures` by `clerk_page`, `scene` and `signature`; `letter` is 单位介绍信 where it is asked
    (A3). `partial` hands in the good rows of a list that has wrong ones.
    """

    signature: str
    pictures: Mapping[str, bytes] = field(default_factory=dict[str, bytes], repr=False)
    letter: bytes | None = field(default=None, repr=False)
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Promise:
    """What the centre says of a list before it is handed in: the day of the pick-up."""

    due_on: date | None
    due_sure: bool = False


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a list.

    `taken`: its batches, also those of earlier tries; `before`: numbers under which the centre had
    these people already (F44); `open`: batches of which nobody knows yet, to be settled (F33);
    `left`: good rows that were not sent; `refused`: the centre's no, which ended it (F34, F43).
    Wrong rows are in the list (F42).
    """

    taken: tuple[Taken, ...] = ()
    before: tuple[str, ...] = ()
    open: int = 0
    left: int = 0
    refused: Rejected | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """What lists are handed in by.

    `patience_s`: for how long a chunk without an answer is sent again before it is left open.
    """

    centre: Centre
    journal: BatchJournal
    now: Callable[[], datetime]
    patience_s: float = 30.0


class Handover:
    """A list on its way to the centre. Blocking, for one thread at a time."""

    def __init__(self, means: Means, card_list: CardList, order: Order) -> None:
        self._centre, self._journal, self._now = means.centre, means.journal, means.now
        self._patience_s = means.patience_s
        self._list, self._order = card_list, order
        self._promise = Promise(None)

    def check(self, tell: Tell, cancel: threading.Event) -> Promise:
        """Ask the centre about the good rows it has not been asked about; its faults join the list.

        Who is in a batch of this kiosk already is not asked about. Raises `Unreachable`, `Unknown`
        (ask again: it goes on where it was), `Rejected` (F43), `Cancelled`.
        """
        meter = Meter(Stage.CENTRE, self._list.good, tell)
        while lines := self._list.unasked(MOST_ROWS):
            held = self._held(lines)
            fresh = [each for each in lines if number_of(each.row) not in held]
            for part in cut(fresh, self._list.pictures(lines)):
                _go_on(cancel)
                answer = self._centre.check_batch(self._order.body(part.rows))
                self._listen(part, answer)
                meter.step(len(part.lines))
            self._list.told(tuple(each for each in lines if number_of(each.row) in held), [])
        meter.end()
        return self._promise

    def upload(self, tell: Tell, cancel: threading.Event) -> None:
        """Send the pictures ahead: `submit` then needs the medium no more. Raises as it does."""
        upload = Upload(self._centre, self._journal, self._list.source, self._now)
        self._send_pictures(upload, tell, cancel)

    def submit(self, signed: Signed, tell: Tell, cancel: threading.Event) -> Handed:
        """Hand the good rows in: all pictures first, then chunk by chunk, each under its key.

        A list with wrong rows is not begun without `partial`. Raises `Unreachable`, `Unknown` and
        `Cancelled` while nothing of a chunk is bound, and what the source raises; the same call
        goes on where it was, also after a restart and with the list read anew.
        """
        upload = Upload(self._centre, self._journal, self._list.source, self._now)
        clerk = {name: upload.own(data) for name, data in signed.pictures.items()}
        letter = upload.own(signed.letter) if signed.letter else None
        binding = {
            "signature": signed.signature,
            "pictures": clerk,
            "letter": letter,
            "partial": signed.partial,
        }
        self._send_pictures(upload, tell, cancel)
        if self._list.wrong and not signed.partial:
            return Handed(left=self._list.good)
        return self._send_chunks(upload, binding, tell, cancel)

    def _listen(self, part: Cut, answer: Mapping[str, Any]) -> None:
        """Pictures are sent at the submission: that they are not there yet is no fault."""
        try:
            told = [
                each
                for each in faults_of(answer["faults"], part.lines)
                if each.what is not Fault.PICTURE_NOT_ARRIVED
            ]
            due = date.fromisoformat(answer["due_on"])
            self._promise = Promise(due, bool(answer["due_sure"]))
        except (KeyError, TypeError, ValueError, IndexError):
            raise Unknown("the answer is not a check's") from None
        self._list.told(part.lines, told)

    def _held(self, lines: tuple[Line, ...]) -> dict[str, Chunk]:
        """Who is in a chunk already; what the centre has sent back meanwhile holds nobody."""
        numbers = [number_of(each.row) for each in lines]
        held = self._journal.holding(self._order.unit, numbers)
        chunks = {key: self._journal.chunk(key) for key in set(held.values())}
        for key, chunk in list(chunks.items()):
            number = str(chunk.answer.get("batch_no") or "")
            if number and self._centre.batch(number).get("state") in NO_MORE:
                self._journal.settle(key, State.REFUSED, {}, self._now())
                del chunks[key]
        return {number: chunks[key] for number, key in held.items() if key in chunks}

    def _send_pictures(self, upload: Upload, tell: Tell, cancel: threading.Event) -> None:
        meter = Meter(Stage.UPLOAD, self._list.good, tell)
        after = 0
        while lines := self._list.good_rows(after, MOST_ROWS):
            _go_on(cancel)
            held = self._held(lines)
            fresh = {each.line for each in lines if number_of(each.row) not in held}
            pictures = [each for each in self._list.pictures(lines) if each.line in fresh]
            changed = upload.pictures(pictures, lambda: _go_on(cancel))
            self._list.told((), changed)
            meter.step(len(lines))
            after = lines[-1].line
        meter.end()

    def _send_chunks(
        self, upload: Upload, binding: Mapping[str, Any], tell: Tell, cancel: threading.Event
    ) -> Handed:
        handed, after = Handed(left=self._list.good), 0
        meter = Meter(Stage.SUBMIT, handed.left, tell)
        known: set[str] = set()
        while lines := self._list.good_rows(after, MOST_ROWS):
            handed = self._earlier(handed, lines, known, cancel)
            held = self._held(lines)
            fresh = [each for each in lines if number_of(each.row) not in held]
            handed = replace(handed, left=handed.left - len(held))
            meter.step(len(held))
            for part in cut(fresh, self._list.pictures(lines)):
                if handed.refused or handed.open or cancel.is_set():
                    return handed
                handed = self._bind(handed, upload, part, binding, cancel)
                meter.step(len(part.lines))
            after = lines[-1].line
        meter.end()
        return handed

    def _earlier(
        self, handed: Handed, lines: tuple[Line, ...], known: set[str], cancel: threading.Event
    ) -> Handed:
        """What became of chunks of earlier tries; one still open is sent again.

        Those that the centre refuses now hold nobody: their rows are sent as they are by now.
        """
        for key, chunk in {each.key: each for each in self._held(lines).values()}.items():
            if key in known:
                continue
            known.add(key)
            try:
                answered = self._answered(chunk, cancel) if chunk.state is State.BOUND else chunk
            except Rejected:
                continue
            handed = _with(handed, answered)
        return handed

    def _bind(
        self,
        handed: Handed,
        upload: Upload,
        part: Cut,
        binding: Mapping[str, Any],
        cancel: threading.Event,
    ) -> Handed:
        body = {**self._order.body(part.rows), **binding}
        people = [number_of(each.row) for each in part.lines]
        chunk = self._journal.bind(body, self._order.number, people, self._now())
        try:
            chunk = self._answered(chunk, cancel)
        except Rejected as no:
            if no.type.endswith(":batch-rows-wrong"):
                self._list.told(part.lines, faults_of(no.body.get("faults") or (), part.lines))
            if no.type.endswith(":image-unknown"):
                upload.forget(self._list.pictures(part.lines))
            return replace(handed, refused=no)
        return _with(replace(handed, left=handed.left - len(part.lines)), chunk)

    def _answered(self, chunk: Chunk, cancel: threading.Event) -> Chunk:
        """Send a chunk until there is an answer or nobody waits; then it stays open."""
        end = time.monotonic() + self._patience_s
        while True:
            try:
                return hand_in(self._centre, self._journal, chunk, self._now())
            except (Unreachable, Unknown):
                if time.monotonic() > end or cancel.wait(PAUSE_S):
                    return chunk


def hand_in(centre: Centre, journal: BatchJournal, chunk: Chunk, now: datetime) -> Chunk:
    """Send one chunk under its key; the same key has one effect. Gives it as it is then.

    Raises `Unreachable` or `Unknown` (it stays open), and `Rejected`: then nothing of it was taken.
    """
    try:
        answer = centre.submit_batch(chunk.key, chunk.body)
        state = State.TAKEN
        Taken.of(answer)
    except Rejected as no:
        number = str(no.body.get("voucher_no") or "")
        if not (no.type.endswith(":batch-submitted-before") and number):
            journal.settle(chunk.key, State.REFUSED, {}, now)
            raise
        answer, state = {"batch_no": number}, State.BEFORE
    except (KeyError, TypeError, ValueError):
        raise Unknown("the answer is not a batch's") from None
    journal.settle(chunk.key, state, answer, now)
    return replace(chunk, state=state, answer=answer)


def settle(centre: Centre, journal: BatchJournal, now: datetime) -> int:
    """Send what is open while the centre answers, and forget what is old; gives how many are left.

    To be called on start, and again while some are left.
    """
    chunks = journal.open()
    left = len(chunks)
    for chunk in chunks:
        try:
            hand_in(centre, journal, chunk, now)
            left -= 1
        except Rejected:
            left -= 1
        except Unknown:  # one that stays unknown must not keep the others
            continue
        except Unreachable:
            break
    journal.purge(now)
    return left


def _with(handed: Handed, chunk: Chunk) -> Handed:
    """A result with what became of one more chunk."""
    if chunk.state is State.TAKEN:
        return replace(handed, taken=(*handed.taken, Taken.of(chunk.answer)))
    if chunk.state is State.BEFORE:
        number = str(chunk.answer["batch_no"])
        return replace(handed, before=tuple(dict.fromkeys((*handed.before, number))))
    return replace(handed, open=handed.open + (chunk.state is State.BOUND))


def _go_on(cancel: threading.Event) -> None:
    if cancel.is_set():
        raise Cancelled
