"""A unit's list in the hands of the kiosk: looked at, mended, checked, handed in, forgotten.

The list stays here and is wiped at the visit's end; of it a visit knows counts, and of the wrong
rows what the page shows. Everything runs on the worker of the media, one piece at a time.
"""

import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from hardware.fault import DeviceFault
from kiosk.application import pictures
from kiosk.batch.card_list import CardList, Line, look_at
from kiosk.batch.chunks import MOST_ROWS, Order
from kiosk.batch.chunks import Taken as Batch
from kiosk.batch.handover import Handed, Handover, Means, Promise, Signed, settle
from kiosk.batch.journal import BatchJournal, State
from kiosk.batch.preflight import Terms
from kiosk.batch.progress import Progress, Tell
from kiosk.batch.source import Cancelled, FileFault, NotTaken
from kiosk.batch_media import Media, centre_failed, no_list
from kiosk.desk import Ask
from kiosk.link import Rejected, Unknown, Unreachable
from kiosk.services import handing, people
from kiosk.services.batch import CHOICE, DIGITS, LETTERS, MENDING_STEPS, list_file, unit
from kiosk.services.batch_answers import (
    MEND,
    PICKED,
    Before,
    Clean,
    Faulty,
    GoodOnes,
    NoList,
    NotKnown,
    Part,
    Promised,
    Sent,
    Taken,
    Unit,
    Units,
    WrongRow,
)
from kiosk.services.failures import FAILURES
from kiosk.visit import NO_FACTS, Change, Event, Facts, Refusal, Said
from regulation.card_list.judge import Ground
from regulation.card_list.rows import number_of
from regulation.masks import mask_name
from regulation.rules import Rules, Service

MOST_SHOWN = 200
"""Wrong rows that the screen pages through; the others come up as these are mended."""

SINCE_ROWS = (*MENDING_STEPS, "centre_check", "batch_review", "signature", "scene_photo")
AGAIN = Change(drop=("preflight", *SINCE_ROWS))
"""The list is not here any more (the program began anew): it is looked at again."""

NICE = 10
"""The list is looked at beside the screen, not before it."""


@dataclass(slots=True, eq=False)
class BatchWork:
    """The work of the service for units. `folder` is where a list's store lies for a moment."""

    media: Media
    journal: BatchJournal
    rules: Rules
    banks: frozenset[str]
    folder: Path
    now: Callable[[], datetime]
    patience_s: float
    _list: CardList | None = field(default=None, repr=False)
    _handover: Handover | None = field(default=None, repr=False)

    def units(self, ask: Ask) -> Event | None:
        """The units this clerk may act for; F43 for none."""
        paper = people.applicant_paper(ask.visit.facts) if ask.visit else None
        if paper is None:
            return None
        clerk = {"paper": paper.paper, "number": paper.number, "name": paper.name}
        try:
            told = self.media.centre.batch_units({"kiosk_id": self.media.kiosk_id, "clerk": clerk})
            found = tuple(Unit(str(each["unit"]), str(each["name"])) for each in told["units"])
        except (Unreachable, Unknown, KeyError, TypeError) as error:
            return centre_failed(self.media.log, "units", error)
        except Rejected as no:
            return Said(self._refused("units", no))
        return Said(Units(found, partial=told.get("partial") is True))

    def look(self, ask: Ask) -> Event | None:
        """Look at every row and picture of the list; the progress is told all along."""
        file = list_file(ask.visit.facts) if ask.visit else None
        if file is None:
            return None
        self.drop()
        _be_nice()
        try:
            source, entry = self.media.entry(file.place, ask.cancel)
            self._list = look_at(source, entry, self._terms(), _telling(ask), ask.cancel)
        except (NotTaken, DeviceFault, Cancelled, Unreachable, Unknown) as error:
            return self._no_list(error)
        self._handover = self._handing(ask.visit.facts if ask.visit else {}, self._list)
        return Said(_found(self._list))

    def mend(self, ask: Ask) -> Event | None:
        """Mend a field, or take the row out; back to the rows, with what is wrong by then."""
        facts = ask.visit.facts if ask.visit else NO_FACTS
        picked, mend = PICKED.of(facts), MEND.of(facts)
        if picked is None or self._list is None:
            return Said(AGAIN)
        self.media.turn.of = ask.cancel
        try:
            if mend is None:
                self._list.removed(picked.line)
            else:
                self._list.corrected(picked.line, mend.field, _said(facts))
        except KeyError:  # the row is out already
            pass
        except (NotTaken, DeviceFault, Cancelled, Unreachable, Unknown) as error:
            return self._no_list(error)
        if self._list.rows == 0:
            return Said(NoList(FileFault.EMPTY.value))
        return Said(_rows(self._list))

    def check(self, ask: Ask) -> Event | None:
        """What the centre says of the good rows; new faults lead back to the rows (F42, F44)."""
        found, handover = self._list, self._handover
        if found is None or handover is None or ask.visit is None:
            return Said(AGAIN)
        before = found.wrong
        try:
            promise = handover.check(_telling(ask), ask.cancel)
            parts = self._before(found, self.order(ask.visit.facts).unit)
        except Cancelled:
            return None
        except (Unreachable, Unknown) as error:
            return centre_failed(self.media.log, "batch-check", error)
        except Rejected as no:
            return Said(self._refused("batch-check", no))
        if found.wrong > before or not _may_go(found, ask.visit.facts):
            return Said(_rows(found))
        return Said(Before(parts) if parts else _promised(found, promise))

    def upload(self, ask: Ask) -> Event | None:
        """Send the pictures; whatever breaks, nothing of the list was handed in."""
        found, handover = self._list, self._handover
        if found is None or handover is None or ask.visit is None:
            return Said(AGAIN)
        self.media.turn.of = ask.cancel
        try:
            handover.upload(_telling(ask), ask.cancel)
        except (NotTaken, DeviceFault, Cancelled) as error:
            return self._no_list(error)
        except (Unreachable, Unknown) as error:
            return centre_failed(self.media.log, "batch-pictures", error)
        return Said(Sent() if _may_go(found, ask.visit.facts) else _rows(found))

    def submit(self, ask: Ask) -> Event | None:
        """Hand the list in; what nobody knows of yet is settled later (F33)."""
        if self._handover is None or ask.visit is None:
            return Said(Refusal("F35"))
        try:
            signed = _signed(ask.visit.facts)
            handed = self._handover.submit(signed, _telling(ask), ask.cancel)
        except (NotTaken, DeviceFault, Cancelled) as error:
            return self._no_list(error)
        except (Unreachable, Unknown) as error:
            return centre_failed(self.media.log, "batches", error)
        except Rejected as no:
            return Said(self._refused("batches", no))
        return Said(self._outcome(handed))

    def settle(self) -> int:
        """Send what was left open; gives how many parts still are."""
        return settle(self.media.centre, self.journal, self.now())

    def drop(self) -> None:
        """Forget the list; what was found on stick or phone stays."""
        found, self._list, self._handover = self._list, None, None
        if found is not None:
            found.close()

    def forget(self) -> None:
        """The visit is over: nothing of it stays, here or at the centre."""
        self.drop()
        self.media.forget()

    def close(self) -> None:
        """Let go of everything."""
        self.drop()
        self.journal.close()
        self.media.centre.close()

    # ----

    def _terms(self) -> Terms:
        ground = Ground(Service.NEW_BATCH, self.rules.switches, self.now().date(), banks=self.banks)
        return Terms(ground, folder=self.folder)

    def _handing(self, facts: Facts, found: CardList) -> Handover:
        return Handover(
            Means(self.media.centre, self.journal, self.now, self.patience_s),
            found,
            self.order(facts),
        )

    def order(self, facts: Facts) -> Order:
        """Who brings the list. ValueError before the clerk and the unit are known."""
        paper, theirs = people.applicant_paper(facts), unit(facts)
        if paper is None or theirs is None:
            raise ValueError("no clerk or no unit: the steps `applicant` and `units` come before")
        return Order(
            Service.NEW_BATCH,
            self.media.kiosk_id,
            theirs.code,
            paper.paper,
            paper.number,
            paper.name,
        )

    def _before(self, found: CardList, code: str) -> tuple[Part, ...]:
        """The batches that hold all of the good rows already, by this kiosk's journal (F44)."""
        parts, after = dict[str, Part](), 0
        while lines := found.good_rows(after, MOST_ROWS):
            held = self.journal.holding(code, [number_of(each.row) for each in lines])
            if len(held) < len({number_of(each.row) for each in lines}):
                return ()
            for key in dict.fromkeys(held.values()):
                chunk = self.journal.chunk(key)
                if chunk.state is not State.TAKEN:
                    return ()
                parts[key] = _part(Batch.of(chunk.answer))
            after = lines[-1].line
        return tuple(parts.values())

    def _outcome(self, handed: Handed) -> Taken | NotKnown | Refusal:
        if handed.open:
            return NotKnown(tuple(chunk.key for chunk in self.journal.open()))
        if handed.taken:
            return Taken(tuple(map(_part, handed.taken)), handed.left)
        if handed.before:
            return Refusal("F44", detail="、".join(handed.before))
        if handed.refused:
            return self._refused("batches", handed.refused)
        return Refusal("F42", detail=str(self._list.wrong if self._list else 0))

    def _refused(self, request: str, no: Rejected) -> Refusal:
        """The centre's no, in the words of the failures."""
        centre_failed(self.media.log, request, no)
        if no.type.endswith(":batch-rows-wrong") and self._list is not None:
            return Refusal("F42", no.clause, str(self._list.wrong))
        if no.code in FAILURES and no.code != "F34":
            return Refusal(no.code, no.clause, str(no.body.get("voucher_no") or ""))
        reason = str(no.body.get("reason_zh") or "")
        return Refusal("F34", no.clause, f"：{reason}" if reason else "")

    def _no_list(self, error: Exception) -> Event | None:
        """Why there is no list, or no medium, any more (F41)."""
        match error:
            case NotTaken():
                return Said(no_list(error))
            case DeviceFault():
                return Said(self.media.lost(error))
            case Unreachable() | Unknown():
                return centre_failed(self.media.log, "phone-uploads", error)
            case _:
                return None


def _be_nice() -> None:
    """Have this thread, and those it starts, come after the screen's."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def _telling(ask: Ask) -> Tell:
    """Tell the screen how far it is: a word of five numbers, as `screens.pages.batch` reads it."""

    def tell(now: Progress) -> None:
        ask.progress(f"{now.stage} {now.done} {now.total} {now.rate:.1f} {now.left_s:.0f}")

    return tell


def _found(found: CardList) -> Clean | Faulty:
    """A list as a visit knows it."""
    wrong = found.wrong
    if not wrong:
        return Clean(found.rows)
    return Faulty(found.rows, wrong, tuple(_wrong(each) for each in found.page(most=MOST_SHOWN)))


def _wrong(line: Line) -> WrongRow:
    return WrongRow(line.line, mask_name(line.row.name), line.faults)


def _said(facts: Facts) -> str:
    """What was typed or chosen for the field."""
    said = (facts.get(step) for step in (DIGITS, LETTERS, CHOICE))
    return next((text for text in said if isinstance(text, str)), "")


def _rows(found: CardList) -> Change:
    """Back to the rows, with what is wrong by now."""
    return Change(drop=SINCE_ROWS, put={"preflight": _found(found)})


def _without_wrong(facts: Facts) -> bool:
    return isinstance(facts.get("rows"), GoodOnes)


def _may_go(found: CardList, facts: Facts) -> bool:
    """Whether it may be handed in: whole, or its good rows where the clerk said so."""
    return found.good > 0 and (found.wrong == 0 or _without_wrong(facts))


def _promised(found: CardList, promise: Promise) -> Promised:
    due = promise.due_on.isoformat() if promise.due_on else ""
    return Promised(found.good, due, promise.due_sure)


def _signed(facts: Facts) -> Signed:
    shown: Mapping[str, bytes] = pictures(facts)
    taken = {name: data for name, data in shown.items() if name in ("scene", "signature")}
    signature = "screen" if handing.SIGNATURE.of(facts) else "window"
    return Signed(signature, taken, partial=_without_wrong(facts))


def _part(taken: Batch) -> Part:
    return Part(
        taken.batch_no,
        taken.qr,
        taken.rows,
        taken.taken,
        taken.submitted_at.isoformat(),
        taken.due_on.isoformat(),
        taken.due_sure,
        taken.outlet,
        taken.fee_fen,
        taken.pick_up,
    )


def part_told(part: Part) -> dict[str, Any]:
    """A batch as the centre told it, for the voucher."""
    told = {name: getattr(part, name) for name in Part.__dataclass_fields__}
    return told | {"left_out": part.rows - part.taken}
