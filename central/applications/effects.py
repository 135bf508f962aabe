"""What a service does to cards and people, in the transaction that takes the order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from central.applications.records import Application, find
from central.applications.schemas import Order
from central.applications.states import CaseEvent, CaseState, move
from central.audit.chain import append
from central.batches.pick_up import enable_one
from central.batches.service import leave
from central.cards.ledger import Act, befall, digest
from central.cards.records import Card
from central.cards.states import CardEvent
from central.eligibility.standing import Seen, handed_over, loss_event
from central.issuance import pin_reset
from central.problems import Kind, ProblemError
from regulation.rules import Channel, Service


@dataclass(frozen=True, slots=True)
class Doing:
    """An order being taken: who and what was seen, the case written for it, by whom and when."""

    seen: Seen
    order: Order
    case: Application
    act: Act

    @property
    def session(self) -> Session:
        """The writer's turn."""
        return self.seen.session


Effect = Callable[[Doing], None]


def befalls(event: CardEvent) -> Effect:
    """An effect that lets an event befall the card the service is about."""

    def effect(doing: Doing) -> None:
        befall(doing.session, doing.seen.card, event, doing.act, case=doing.case.voucher_no)

    return effect


def report_loss(doing: Doing) -> None:
    """The card is lost, for good or for the days of the setting (规程 6, reading A14)."""
    card, settings = doing.seen.card, doing.seen.centre.settings
    event = loss_event(doing.seen, card)
    befall(doing.session, card, event, doing.act, case=doing.case.voucher_no)
    if event is CardEvent.REPORT_TEMPORARY_LOSS:
        card.loss_expires_at = (doing.act.at + timedelta(days=settings.loss_days)).isoformat()


def activate(doing: Doing) -> None:
    """The card comes into use (规程 2); the one it was made in place of gives way."""
    _enable(doing, doing.seen.card)


def activate_members(doing: Doing) -> None:
    """The cards of a unit's people, at its clerk's wish (规程 2.1(2)): all of them or none."""
    for number in dict.fromkeys(doing.order.members):
        _enable(doing, handed_over(doing.seen, number))


def _enable(doing: Doing, card: Card) -> None:
    enable_one(doing.session, card, doing.act)
    made_for = find(doing.session, card.voucher_no) if card.voucher_no else None
    if made_for is not None and made_for.state == CaseState.ISSUED:
        move(doing.session, made_for, CaseEvent.ENABLE, doing.act.actor, doing.act.at)


def change_contact(doing: Doing) -> None:
    """Another address, another phone number (规程 4): what was not sent stays."""
    person, order = doing.seen.whose, doing.order
    phone = doing.case.phone
    person.phone = phone or person.phone
    person.address = order.address or person.address
    append(
        doing.session,
        doing.act.at,
        doing.act.actor,
        "person.contact_changed",
        doing.case.voucher_no,
        phone=phone is not None,
        address=order.address is not None,
    )


def record_pin(doing: Doing) -> None:
    """What became of the card's PIN, as the reader saw it (规程 5); the PIN is the card's alone.

    A reset the centre authorised has one outcome with its application.
    """
    outcome = _outcome(doing)
    append(
        doing.session,
        doing.act.at,
        doing.act.actor,
        f"card.{doing.order.service}",
        digest(doing.seen.card.number),
        case=doing.case.voucher_no,
        outcome=outcome,
    )


def _outcome(doing: Doing) -> str:
    """Raises `PIN_RESET_UNKNOWN`, also where production asks for a reset and none is named."""
    order, case = doing.order, doing.case
    resets = order.service is Service.PIN_RESET and order.channel is Channel.KIOSK
    if order.reset_id is None or not resets:
        if resets and doing.seen.centre.settings.mode == "production":
            raise ProblemError(Kind.PIN_RESET_UNKNOWN, "Tell its reset_id.")
        return order.outcome
    of = pin_reset.Recorded(
        doing.seen.card.identifier,
        case.kiosk_id,
        case.voucher_no,
        by_agent=order.agent is not None,
        done=order.outcome == "done",
    )
    return pin_reset.record(doing.session, order.reset_id, of, doing.act)


def leave_batch(doing: Doing) -> None:
    """The person leaves the unit's batch for a card of their own (规程 1.3)."""
    leave(doing.session, doing.seen.parties.number, doing.act)
