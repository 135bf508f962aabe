"""The end of a case at the window: the card is activated and handed over against a signature.

Either may come first: a card made at the window is activated at once (规程 2.2(1)), one that goes
out unactivated is enabled later. Everything runs within the writer's turn.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.applications.records import Application
from central.applications.states import CaseEvent, CaseState, move
from central.audit.chain import append
from central.cards.ledger import Act, befall, digest
from central.cards.records import Card
from central.cards.states import CardEvent, CardState
from central.custody import log as custody
from central.custody.records import Thing
from central.images.service import unknown
from central.issuance.records import HandOver
from central.issuance.undoing import case_of
from central.notices.kinds import NoticeKind
from central.notices.outbox import queue
from central.problems import Kind, ProblemError
from regulation.papers import Paper

ACTIVATION = "2.2(1)"
AGENT_PAPERS = frozenset({Paper.RESIDENT_ID, Paper.SS_CARD})
"""What an agent proves himself with, wherever the regulation names one (规程 1.1.1, 3.1.1)."""


class Taker(StrEnum):
    """Who takes the card."""

    HOLDER = "holder"
    AGENT = "agent"


class OldCard(StrEnum):
    """What became of the card that was replaced."""

    NONE = "none"
    TAKEN = "taken"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Given:
    """A card given out at an outlet, and the paper that was looked at.

    `signature` is the SHA-256 of its image; None where it was signed on paper.
    """

    taker: Taker
    paper: Paper
    signature: str | None
    old_card: OldCard
    outlet: str


def card_of(session: Session, voucher_no: str) -> Card | None:
    """The card that was made for a case."""
    return session.scalar(select(Card).where(Card.voucher_no == voucher_no))


def activate(session: Session, voucher_no: str, act: Act) -> Card:
    """Put a case's card into use. Raises `CARD_NOT_MADE`, and what its state forbids."""
    case, card = case_of(session, voucher_no), _card(session, voucher_no)
    befall(session, card, CardEvent.ACTIVATE, Act(act.actor, act.at, ACTIVATION))
    if case.state == CaseState.ISSUED:
        _enable(session, case, act)
    return card


def hand_over(session: Session, voucher_no: str, given: Given, act: Act) -> HandOver:
    """Give a case's card out, and keep the old one. Raises `CARD_NOT_MADE`, `NOT_ALLOWED`."""
    case, card = case_of(session, voucher_no), _card(session, voucher_no)
    _check(session, card, given)
    move(session, case, CaseEvent.ISSUE, act.actor, act.at, taker=given.taker.value)
    if card.state is CardState.ACTIVE:
        _enable(session, case, act)
    if given.old_card is OldCard.TAKEN and card.replaces is not None:
        old = digest(card.replaces)
        custody.take(session, Thing.OLD_CARD, given.outlet, act, card=old, voucher_no=voucher_no)
    row = HandOver(
        voucher_no=voucher_no,
        card_number=card.number,
        taker=given.taker.value,
        paper=given.paper.value,
        signature=given.signature,
        old_card=given.old_card.value,
        at=act.at.isoformat(),
        by=str(act.actor),
    )
    session.add(row)
    append(session, act.at, act.actor, "card.hand_over", digest(card.number), paper=given.paper)
    return row


def _enable(session: Session, case: Application, act: Act) -> None:
    """The case is at its end; the holder is told at the phone the centre knows."""
    move(session, case, CaseEvent.ENABLE, act.actor, act.at)
    told = {"voucher_no": case.voucher_no}
    queue(session, act.at, NoticeKind.CARD_ENABLED, case.number, **told)


def _card(session: Session, voucher_no: str) -> Card:
    card = card_of(session, voucher_no)
    if card is None:
        raise ProblemError(Kind.CARD_NOT_MADE, reason_zh="这笔业务还没有制成卡")
    return card


def _check(session: Session, card: Card, given: Given) -> None:
    if given.taker is Taker.AGENT and given.paper not in AGENT_PAPERS:
        raise ProblemError(Kind.PAPER_NOT_ACCEPTED, reason_zh="代办人须出示身份证或社保卡原件")
    if (given.old_card is OldCard.NONE) != (card.replaces is None):
        raise ProblemError(Kind.NOT_ALLOWED, reason_zh="请写明旧卡的去向")
    if not card.state.valid:
        raise ProblemError(Kind.CARD_STATE_FORBIDS, reason_zh="这张卡已注销，不能发放")
    if given.signature is not None and unknown(session, {given.signature}):
        raise ProblemError(Kind.IMAGE_UNKNOWN)
