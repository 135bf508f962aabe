"""The pick-up of a batch, and the enabling of its cards 96 hours later.

Source: 规程 1.2.3, 3.2.3, 2.1; prohibition P4. The cards go out sealed; a card that is replaced
stays in use until the new one is enabled.
"""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.audit.records import SYSTEM
from central.batches.ledger import load, move, note, put, term
from central.batches.records import Batch, BatchMember, members_of
from central.batches.states import BatchEvent, BatchState, MemberState
from central.batches.terms import ENABLED_AFTER
from central.batches.units import Identified, identify, unit_of
from central.cards.ledger import Act, befall, state_at
from central.cards.records import Card, find_card
from central.cards.states import CardEvent, CardState
from central.centre import Centre
from central.images.service import unknown
from central.notices.kinds import NoticeKind
from central.notices.outbox import queue
from central.problems import Kind, ProblemError
from central.schemas import Holder
from regulation.rules import Applicant, Channel, Service

ENABLING = "2.1"
A_TURN = 20
"""Cards enabled in one turn of the writer: it may not be long."""

_M = MemberState


@dataclass(frozen=True, slots=True)
class Collector:
    """Who comes for the cards. A letter counts with the unit's official seal, which a clerk saw."""

    clerk: Identified = field(repr=False)
    letter: str | None = None
    seal_seen: bool = False


def pick_up(session: Session, batch: Batch, collector: Collector, act: Act) -> int:
    """Hand the made cards over, sealed; how many. The outlet was looked at by `ledger.load`.

    Raises `BATCH_STATE_FORBIDS`, and `LETTER_MISSING` for another clerk without a sealed letter.
    """
    clause = term(batch)
    changed = collector.clerk.number != batch.clerk_number
    if changed and not (collector.letter and collector.seal_seen):
        raise ProblemError(
            Kind.LETTER_MISSING,
            clause=clause,
            reason_zh="更换了经办人：须有加盖单位公章的介绍信，并由窗口核对公章",
        )
    if collector.letter and unknown(session, {collector.letter}):
        raise ProblemError(Kind.IMAGE_UNKNOWN)
    made = [each for each in members_of(session, batch.batch_no) if each.state is _M.MADE]
    move(session, batch, BatchEvent.PICK_UP, act, cards=len(made), changed_clerk=changed)
    batch.picked_up_at, batch.picked_up_by = act.at.isoformat(), collector.clerk.number
    batch.pick_up_letter = collector.letter
    batch.enable_at = (act.at + ENABLED_AFTER).isoformat()
    session.add_all(_sealed(batch, each, act) for each in made)
    return put(made, _M.HANDED_OVER, act)


def enable_all(session: Session, batch: Batch, act: Act, most: int | None = None) -> int:
    """Enable the cards of a batch that was picked up, at its clerk's wish or when its time came.

    How many members it settled; the batch is enabled with its last one.
    """
    if batch.state is not BatchState.PICKED_UP:
        raise ProblemError(
            Kind.BATCH_STATE_FORBIDS, clause=ENABLING, reason_zh="领取以后、启用以前才能办启用"
        )
    waiting = _waiting(session, batch.batch_no, most)
    numbers = {each.card_number for each in waiting}
    _held = session.scalars(select(Card).where(Card.number.in_(numbers))).all()  # read at once
    for member in waiting:
        _enable(session, batch, member, act)
    session.flush()
    if not _waiting(session, batch.batch_no, 1):
        move(session, batch, BatchEvent.ENABLE, Act(act.actor, act.at, ENABLING))
    elif waiting:
        note(session, batch, "enabling", act, members=len(waiting))
    return len(waiting)


def enable_now(centre: Centre, batch_no: str, shown: Holder, act: Act) -> int:
    """Enable a batch's cards because a clerk of its unit asks for it (规程 2.1); how many.

    Raises `CLERK_NOT_OF_UNIT`, and `BATCH_STATE_FORBIDS` before the pick-up.
    """
    settled = 0
    while True:
        with centre.database.write() as session:
            batch = load(session, batch_no)
            clerk = clerk_of(session, centre, batch, shown)
            binding = (batch.clerk_number, batch.picked_up_by)
            if clerk.number not in binding:
                unit_of(session, batch.unit, clerk, ENABLING)
            settled += enable_all(session, batch, act, A_TURN)
            if batch.state is not BatchState.PICKED_UP:
                return settled


def clerk_of(session: Session, centre: Centre, batch: Batch, shown: Holder) -> Identified:
    """Who shows 身份证 or 社保卡 at a window for a batch."""
    cell = centre.rules.cell(Service(batch.service), Applicant.UNIT_CLERK, Channel.WINDOW)
    min_age = centre.rules.switches.agent_min_age
    return identify(session, cell, shown, centre.clock(), min_age)


def enable_one(session: Session, card: Card, act: Act) -> None:
    """Put a card of a batch into use for its holder, before its time (规程 2.2).

    The card it replaces dies. Raises what the card's state or the holder's other card forbids.
    """
    member = session.scalar(select(BatchMember).where(BatchMember.card_number == card.number))
    if member is None or member.state is not _M.HANDED_OVER:
        befall(session, card, CardEvent.ACTIVATE, act)
        return
    batch = load(session, member.batch_no)
    with session.begin_nested():
        _activate(session, card, member, act)
    put([member], _M.ENABLED, act)
    session.flush()
    note(session, batch, "member_enabled", act, line=member.line)
    if not _waiting(session, batch.batch_no, 1):
        move(session, batch, BatchEvent.ENABLE, Act(act.actor, act.at, ENABLING))


def run_due(centre: Centre) -> int:
    """Enable the cards that were picked up 96 hours ago or longer; how many members it settled.

    For a clock to call, as often as it likes: what was done is not done again.
    """
    settled = 0
    while True:
        with centre.database.write() as session:
            now = centre.clock()
            batch = session.scalar(
                select(Batch)
                .where(Batch.state == BatchState.PICKED_UP, Batch.enable_at <= now.isoformat())
                .order_by(Batch.enable_at, Batch.batch_no)
                .limit(1)
            )
            if batch is None:
                return settled
            settled += enable_all(session, batch, Act(SYSTEM, now, term(batch)), A_TURN)


def _sealed(batch: Batch, member: BatchMember, act: Act) -> Card:
    return Card(
        number=member.card_number,
        identifier=member.identifier,
        id_number=member.id_number,
        state=CardState.SEALED,
        bank=member.data.get("bank"),
        since=act.at.isoformat(),
        voucher_no=batch.batch_no,
        replaces=member.replaces,
    )


def _waiting(session: Session, batch_no: str, most: int | None) -> list[BatchMember]:
    rows = select(BatchMember).where(
        BatchMember.batch_no == batch_no, BatchMember.state == _M.HANDED_OVER
    )
    return list(session.scalars(rows.order_by(BatchMember.line).limit(most)))


def _enable(session: Session, batch: Batch, member: BatchMember, act: Act) -> None:
    """A card that is lost, cancelled, or beside another in use, stays as it is."""
    card = find_card(session, member.card_number or "")
    state = state_at(card, act.at) if card is not None else CardState.NONE
    if card is not None and state is CardState.SEALED:
        try:
            with session.begin_nested():
                _activate(session, card, member, act)
        except ProblemError as refused:
            state, member.problem = card.state, refused.kind.name
        else:
            state = CardState.ACTIVE
    if state is CardState.ACTIVE:
        put([member], _M.ENABLED, act)
        if act.actor == SYSTEM:
            phone = member.data.get("phone")
            queue(session, act.at, NoticeKind.BATCH_ENABLED, member.id_number, phone=phone)
        return
    member.problem = member.problem or state.name
    put([member], _M.KEPT_BACK, act)
    note(session, batch, "kept_back", act, line=member.line, problem=member.problem)


def _activate(session: Session, card: Card, member: BatchMember, act: Act) -> None:
    old = find_card(session, member.replaces) if member.replaces else None
    if old is not None and old.state.valid:
        befall(session, old, CardEvent.REPLACE, act)
    befall(session, card, CardEvent.ACTIVATE, act)
