"""A card write taken back: by its station, by hand, or because no station took it up.

A reversal is said until it is acknowledged, so it is answered as often as it comes; one that comes
before its original blocks it (facts/central.md 7). The case can be tried again, its card number is
void, and a blank that was begun goes into custody. Everything runs within the writer's turn.
"""

from sqlalchemy.orm import Session

from central.applications.records import Application, find
from central.applications.states import CaseEvent, move
from central.audit.chain import Detail, append
from central.audit.records import SYSTEM, Actor
from central.cards.ledger import Act, digest
from central.centre import Centre
from central.custody import log as custody
from central.custody.records import Thing
from central.issuance import records
from central.issuance.records import CardWrite, WriteState, find_write
from central.problems import Kind, ProblemError

_EXPIRED, _BY_HAND = "expired", "by_hand"


def reverse(session: Session, write_id: str, station: str, reason: str, act: Act) -> CardWrite:
    """Take a write back, as often as it is said; one nobody knows can never begin then.

    Raises `CARD_WRITE_CONFIRMED`.
    """
    if find_write(session, write_id) is None:
        write = CardWrite(id=write_id, state=WriteState.REVERSED, station=station, reason=reason)
        session.add(write)
        note(session, write, "block", act, reason=reason)
        return write
    write = own(session, write_id, station, blocked=True)
    _reverse(session, write, reason, act)
    return write


def end_by_hand(
    session: Session, write_id: str, act: Act, approved_by: Actor | None = None
) -> CardWrite:
    """Take a write back at the console; one that was started only by two persons.

    A card that the station made of it after all is none: its blank goes into custody. Raises
    `SECOND_PERSON_NEEDED`, `CARD_WRITE_CONFIRMED`.
    """
    write = find_write(session, write_id)
    if write is None or write.voucher_no is None:
        raise ProblemError(Kind.CARD_WRITE_UNKNOWN)
    if write.state is WriteState.STARTED and approved_by in {None, act.actor}:
        raise ProblemError(
            Kind.SECOND_PERSON_NEEDED,
            "The station may have made the card.",
            reason_zh="制卡已经开始，作废须由另一位负责人批准",
        )
    _reverse(session, write, _BY_HAND, act)
    return write


def run_due(centre: Centre) -> int:
    """Take back the writes that no station took up in their time; how many."""
    with centre.database.write() as session:
        return take_back_late(session, Act(SYSTEM, centre.clock()))


def take_back_late(session: Session, act: Act) -> int:
    """The same within a turn."""
    late = records.never_started(session, act.at.isoformat())
    for write in late:
        _reverse(session, write, _EXPIRED, Act(SYSTEM, act.at))
    return len(late)


def own(session: Session, write_id: str, station: str, *, blocked: bool = False) -> CardWrite:
    """A station's own write; `CARD_WRITE_UNKNOWN`, and `CARD_WRITE_OVER` for a blocked one."""
    write = find_write(session, write_id)
    if write is not None and write.voucher_no is None and not blocked:
        raise ProblemError(Kind.CARD_WRITE_OVER)
    if write is None or (write.voucher_no is not None and write.station != station):
        raise ProblemError(Kind.CARD_WRITE_UNKNOWN)
    return write


def case_of(session: Session, voucher_no: str | None) -> Application:
    """The case of a voucher number; `VOUCHER_UNKNOWN` for none."""
    case = find(session, voucher_no) if voucher_no else None
    if case is None:
        raise ProblemError(Kind.VOUCHER_UNKNOWN)
    return case


def settle(session: Session, write: CardWrite, state: WriteState, act: Act) -> None:
    """End a write; what it was to hold of a person is not kept."""
    write.state, write.settled_at, write.personalisation = state, act.at.isoformat(), None
    note(session, write, state.value.lower(), act, reason=write.reason)


def note(session: Session, write: CardWrite, verb: str, act: Act, **details: Detail) -> None:
    """Write a step down."""
    append(
        session, act.at, act.actor, f"card_write.{verb}", write.voucher_no or write.id, **details
    )


def _reverse(session: Session, write: CardWrite, reason: str, act: Act) -> None:
    if write.state is WriteState.REVERSED:
        return
    if write.state is WriteState.CONFIRMED:
        raise ProblemError(Kind.CARD_WRITE_CONFIRMED, reason_zh="这张卡已经制成，不能作废制卡")
    if write.identifier is not None:
        blank = digest(write.identifier)
        place = f"station:{write.station}"
        custody.take(
            session, Thing.SPOILED_BLANK, place, act, card=blank, voucher_no=write.voucher_no
        )
    move(session, case_of(session, write.voucher_no), CaseEvent.FAIL, act.actor, act.at)
    write.reason = reason
    settle(session, write, WriteState.REVERSED, act)
