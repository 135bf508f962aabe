"""Temporary losses that are over, written down by a clock (reading A14)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.audit.records import SYSTEM
from central.cards.ledger import Act, befall
from central.cards.records import Card
from central.cards.states import CardEvent, CardState
from central.centre import Centre

A_TURN = 200


def run_due(centre: Centre) -> int:
    """Let what is over lapse; how many cards. As often as it likes, nothing is done twice."""
    done = 0
    while True:
        with centre.database.write() as session:
            count = lapse(session, centre.clock())
        done += count
        if count < A_TURN:
            return done


def lapse(session: Session, at: datetime) -> int:
    """The same in one turn, for so many cards as a turn may take."""
    over = session.scalars(
        select(Card)
        .where(Card.state == CardState.TEMPORARY_LOSS, Card.loss_expires_at <= at.isoformat())
        .order_by(Card.loss_expires_at)
        .limit(A_TURN)
    ).all()
    for card in over:
        befall(session, card, CardEvent.LAPSE, Act(SYSTEM, at))
    return len(over)
