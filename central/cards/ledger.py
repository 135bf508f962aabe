"""What befalls a card, done and written down: state, audit, in one transaction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from central.audit.chain import Detail, append
from central.audit.records import SYSTEM, Actor
from central.cards.records import Card, cards_of
from central.cards.states import LOST, RELEASES, REPORTS, CardEvent, CardState, next_state
from central.problems import Kind, ProblemError

_DIGEST = 16


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when, and by which clause of the regulation."""

    actor: Actor
    at: datetime
    clause: str | None = None


def digest(card_number: str) -> str:
    """The name of a card in the audit: it finds a card whose number one has, and tells nothing."""
    return hashlib.sha256(card_number.encode()).hexdigest()[:_DIGEST]


def befall(session: Session, card: Card, event: CardEvent, act: Act, **details: Detail) -> None:
    """Let an event change the card; a temporary loss that is over has lapsed before.

    Raises `CARD_STATE_FORBIDS`, and `ANOTHER_CARD_ACTIVE` where the person would have two.
    """
    if has_lapsed(card, act.at) and event is not CardEvent.LAPSE:
        befall(session, card, CardEvent.LAPSE, Act(SYSTEM, act.at))
    state = next_state(card.state, event, _before(card, event), act.clause)
    if state is CardState.ACTIVE or event is CardEvent.ROLL_BACK:
        _alone(session, card, act)
    if event in REPORTS and card.state not in LOST:
        card.before_loss = card.state
    card.state_before, card.state, card.since = card.state, state, act.at.isoformat()
    card.came_by = event
    if state is not CardState.TEMPORARY_LOSS:
        card.loss_expires_at = None
    append(session, act.at, act.actor, f"card.{event.value}", digest(card.number), **details)


def has_lapsed(card: Card, at: datetime) -> bool:
    """Whether a temporary loss is over (reading A14)."""
    end = card.loss_expires_at
    lost = card.state is CardState.TEMPORARY_LOSS
    return lost and end is not None and datetime.fromisoformat(end) <= at


def state_at(card: Card, at: datetime) -> CardState:
    """The state of a card at a moment: that of a loss that is over, before anybody wrote it."""
    if has_lapsed(card, at):
        return next_state(card.state, CardEvent.LAPSE, _before(card, CardEvent.LAPSE))
    return card.state


def after(card: Card, event: CardEvent, at: datetime, clause: str | None = None) -> CardState:
    """The state an event would bring the card to now. Raises `CARD_STATE_FORBIDS`."""
    return next_state(state_at(card, at), event, _before(card, event), clause)


def check(session: Session, card: Card, event: CardEvent, act: Act) -> None:
    """Raise what `befall` would raise; nothing is done."""
    if after(card, event, act.at, act.clause) is CardState.ACTIVE or event is CardEvent.ROLL_BACK:
        _alone(session, card, act)


def _before(card: Card, event: CardEvent) -> CardState | None:
    return (card.before_loss or CardState.ACTIVE) if event in RELEASES else card.state_before


def _alone(session: Session, card: Card, act: Act) -> None:
    """规程 1.1: one card a person; a card comes to life only where no other lives."""
    others = (other for other in cards_of(session, card.id_number) if other.number != card.number)
    if any(other.state.valid and other.state is not CardState.SEALED for other in others):
        raise ProblemError(
            Kind.ANOTHER_CARD_ACTIVE, clause=act.clause, reason_zh="您名下已有另一张有效的社保卡"
        )
