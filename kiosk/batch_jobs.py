"""Which work of the units' service is done by whom: a row a piece of work."""

from dataclasses import dataclass

from hardware.printer.document import Document
from kiosk.batch.journal import BatchJournal
from kiosk.batch_media import Media
from kiosk.batch_work import BatchWork, part_told
from kiosk.desk import Ask, Job
from kiosk.journal import Case, State
from kiosk.pace import Pace
from kiosk.printing import Press
from kiosk.services.batch import TO_ROWS, unit
from kiosk.services.batch_answers import BEFORE, FAULTY, NOT_KNOWN, TAKEN, WrongRow
from kiosk.settings import Settings
from kiosk.visit import NO_FACTS, Event, Failed, Said
from regulation.card_list.rows import FIELDS
from regulation.rules import Rules
from regulation.vouchers import RowError

MOST_CODE_BYTES = 700
"""Of the code on an error list: more cannot be read from 58 mm of paper."""


def batch_work(settings: Settings, rules: Rules, media: Media, pace: Pace) -> BatchWork:
    """The work of the units' service at this kiosk, by the way to the centre of its media."""
    folder = settings.data_dir
    return BatchWork(
        media,
        BatchJournal(folder),
        rules,
        frozenset(settings.banks),
        folder,
        pace.now,
        pace.centre_s,
    )


@dataclass(frozen=True, slots=True)
class BatchSlips:
    """The slips of a list: what is wrong with it, and its voucher."""

    press: Press
    work: BatchWork

    def draw_errors(self, ask: Ask) -> Event | None:
        """Draw what is wrong, row by row, with a code to take it along."""
        slip = self._errors(ask)
        return Said(self.press.drawn(slip)) if slip else None

    def print_errors(self, ask: Ask) -> Event | None:
        """Print it, and go back to the rows."""
        slip = self._errors(ask)
        if slip is None:
            return None
        event = self.press.put_out(slip, "list_not_printed")
        return event if isinstance(event, Failed) else Said(TO_ROWS)

    def draw_voucher(self, ask: Ask) -> Event | None:
        """Draw the voucher, or the query slip while nobody knows."""
        slip = self._voucher(ask)
        return Said(self.press.drawn(slip)) if slip else None

    def print_voucher(self, ask: Ask) -> Event | None:
        """Print it."""
        slip, facts = self._voucher(ask), ask.visit.facts if ask.visit else NO_FACTS
        unknown = NOT_KNOWN.of(facts) is not None
        return self.press.put_out(slip, "query_not_printed" if unknown else "F31") if slip else None

    def _errors(self, ask: Ask) -> Document | None:
        found = FAULTY.of(ask.visit.facts) if ask.visit else None
        if found is None:
            return None
        errors = [error for row in found.shown for error in _errors_of(row)]
        return self.press.slips.errors(errors, found.rows, self.work.now(), _told(errors))

    def _voucher(self, ask: Ask) -> Document | None:
        facts = ask.visit.facts if ask.visit else NO_FACTS
        before, taken, unknown = BEFORE.of(facts), TAKEN.of(facts), NOT_KNOWN.of(facts)
        if unknown:
            chunk = self.work.journal.chunk(unknown.keys[0])
            case = Case(chunk.key, State.INTENT, chunk.opened, chunk.body, {})
            return self.press.slips.of(case)
        parts, theirs = (taken or before), unit(facts)
        if parts is None or theirs is None:
            return None
        told, body = map(part_told, parts.parts), self.work.order(facts).body(())
        return self.press.slips.batch(body, *told, unit=theirs.name, reprint=before is not None)


def batch_jobs(work: BatchWork, press: Press) -> dict[str, tuple[Job, ...]]:
    """The work by its name."""
    media, slips = work.media, BatchSlips(press, work)
    at_media = {
        "batch_units": work.units,
        "template_code": media.template_code,
        "stick_lists": media.stick,
        "phone_code": media.phone_code,
        "phone_watch": media.phone_watch,
        "phone_lists": media.phone_lists,
        "preflight": work.look,
        "mend_row": work.mend,
        "check_batch": work.check,
        "upload_batch": work.upload,
    }
    at_printer = {
        "draw_errors": Job("printer", slips.draw_errors),
        "print_errors": Job("printer", slips.print_errors, broken="list_not_printed"),
        "draw_batch": Job("printer", slips.draw_voucher, broken="F33"),
        "print_batch": Job("printer", slips.print_voucher, broken="F31"),
    }
    rows = {name: (Job("media", run),) for name, run in at_media.items()}
    submit = {"submit_batch": (Job("media", work.submit, broken="F33"),)}
    return rows | submit | {name: (job,) for name, job in at_printer.items()}


def _errors_of(row: WrongRow) -> list[RowError]:
    return [RowError(row.line, FIELDS.get(each.field, ""), each.message) for each in row.faults]


def _told(errors: list[RowError]) -> str:
    """The first errors as a text for a phone: rows and cures, nothing of a person."""
    told = ""
    for each in errors:
        line = f"第{each.row}行 {each.cure}\n"
        if len((told + line).encode()) > MOST_CODE_BYTES:
            break
        told += line
    return told
