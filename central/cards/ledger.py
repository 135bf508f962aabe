"""What befalls a card, done and written down: state, audit, in one transaction."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from central.audit.chain import Detail, append
from central.audit.records import Actor
from central.cards.records import Card, cards_of
from central.cards.states import CardEvent, CardState, next_state
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
    """Let an event change the card.

    Raises `CARD_STATE_FORBIDS`, and `ANOTHER_CARD_ACTIVE` where the person would have two.
    """
    after = next_state(card.state, event, card.state_before, act.clause)
    if after is CardState.ACTIVE or event is CardEvent.ROLL_BACK:
        _alone(session, card, act)
    card.state_before, card.state, card.since = card.state, after, act.at.isoformat()
    if after is not CardState.TEMPORARY_LOSS:
        card.loss_expires_at = None
    append(session, act.at, act.actor, f"card.{event.value}", digest(card.number), **details)


def _alone(session: Session, card: Card, act: Act) -> None:
    """规程 1.1: one card a person; a card comes to life only where no other lives."""
    others = (other for other in cards_of(session, card.id_number) if other.number != card.number)
    if any(other.state.valid and other.state is not CardState.SEALED for other in others):
        raise ProblemError(
            Kind.ANOTHER_CARD_ACTIVE, clause=act.clause, reason_zh="您名下已有另一张有效的社保卡"
        )
