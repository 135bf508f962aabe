"""Which work of the PIN services is done by whom: a row a piece of work."""

from dataclasses import dataclass
from functools import partial

from kiosk.application import question
from kiosk.card_work import CardWork
from kiosk.desk import Ask, Job
from kiosk.journal import State
from kiosk.link import Rejected, Unknown, Unreachable
from kiosk.pin_work import PinWork
from kiosk.pin_writing import OFFLINE, PinWriting
from kiosk.services.answers import Held, Sealed, Submitted
from kiosk.services.card_answers import CARD, DOUBT, WRITTEN, CodeSent
from kiosk.submission import Handing
from kiosk.visit import NO_FACTS, Event, Failed, Refusal, Said
from regulation.rules import Service


@dataclass(frozen=True, slots=True)
class PinHands:
    """Those who work with a card and its PIN, all on the thread of the slot."""

    cards: CardWork
    typing: PinWork
    writing: PinWriting


def pin_jobs(hands: PinHands | None, handing: Handing) -> dict[str, tuple[Job, ...]]:
    """The work by its name; without a slot for cards the first of it refuses."""
    if hands is None:
        return {"read_card": (Job("link", _no_slot),)}
    at_slot = {
        "read_card": hands.cards.read,
        "card_paper": _card_paper,
        "old_pin": hands.typing.old,
        "new_pin": hands.typing.new,
        "reset_ready": hands.writing.ready,
        "change_pin": hands.writing.change,
        "reset_pin": hands.writing.reset,
    }
    by_link = {
        "send_code": partial(_send_code, handing=handing),
        "seal_pin": _seal,
        "submit_pin": partial(_submit, handing=handing),
    }
    rows = {name: (Job("social_card", run),) for name, run in at_slot.items()}
    return rows | {name: (Job("link", run),) for name, run in by_link.items()}


def _no_slot(_ask: Ask) -> Event:
    return Said(Refusal("card_reader"))


def _card_paper(ask: Ask) -> Event | None:
    """The card that was read is its holder's paper."""
    read = CARD.of(ask.visit.facts) if ask.visit else None
    return Said(read.paper) if read else None


def _seal(ask: Ask) -> Event | None:
    """The case is in the journal since before the card was written."""
    facts = ask.visit.facts if ask.visit else NO_FACTS
    written = WRITTEN.of(facts) or DOUBT.of(facts)
    return Said(Sealed(written.key)) if written else None


def _submit(ask: Ask, handing: Handing) -> Event | None:
    """Tell the centre. The card is written whatever it says: what it does not hear now, it will.

    Nobody need have a slip: it counts as issued, unless the person wants one.
    """
    event = handing.submit(ask)
    match event:
        case Said(Submitted()):
            sealed = _seal(ask)
            if isinstance(sealed, Said) and isinstance(sealed.answer, Sealed):
                handing.journal.move(sealed.answer.key, State.ISSUED)
            return event
        case None:
            return None
        case _:
            return Said(Held())


def _send_code(ask: Ask, handing: Handing) -> Event | None:
    """Have a code sent to the phone that the centre knows of the holder (reading A10)."""
    if ask.visit is None:
        return None
    try:
        asked = question(handing.rules, Service(ask.visit.service.name), ask.visit.facts)
        answer = handing.centre.one_time_code(asked)
    except (Unreachable, Unknown):
        return Failed(OFFLINE, "central", "unreachable")
    except Rejected as no:
        reason = str(no.body.get("reason_zh") or "")
        return Said(Refusal("F34", no.clause, f"：{reason}" if reason else ""))
    return Said(CodeSent(str(answer.get("phone_masked") or "")))
