"""Taking into custody and out of it, each act in the audit."""

import uuid

from sqlalchemy.orm import Session

from central.audit.chain import append
from central.audit.records import Actor
from central.cards.ledger import Act
from central.custody.records import CustodyItem, CustodyState, Thing
from central.problems import Kind, ProblemError


def take(  # noqa: PLR0913 - what is kept, of which card or case
    session: Session,
    thing: Thing,
    place: str,
    act: Act,
    *,
    what: str | None = None,
    card: str | None = None,
    voucher_no: str | None = None,
) -> CustodyItem:
    """Take a thing into custody; `card` is a digest, `place` where it was found or spoiled."""
    item = CustodyItem(
        id=str(uuid.uuid4()),
        thing=thing,
        what=what,
        card=card,
        voucher_no=voucher_no,
        place=place,
        at=act.at.isoformat(),
        by=str(act.actor),
        state=CustodyState.HELD,
    )
    session.add(item)
    append(session, act.at, act.actor, "custody.take", item.id, thing=thing.value, place=place)
    return item


def release(session: Session, item_id: str, state: CustodyState, act: Act) -> CustodyItem:
    """Give a left paper back to whom it belongs, or on to who issued it."""
    item = _held(session, item_id)
    if item.thing is not Thing.LEFT_PAPER or state is CustodyState.DESTROYED:
        raise ProblemError(Kind.CUSTODY_OVER, reason_zh="废卡、旧卡只能由两人销毁，不能归还")
    _end(session, item, state, act)
    return item


def destroy(session: Session, item_id: str, witness: Actor, act: Act) -> CustodyItem:
    """Destroy a spoiled blank or an old card before a witness. Raises `SECOND_PERSON_NEEDED`."""
    item = _held(session, item_id)
    if item.thing is Thing.LEFT_PAPER:
        raise ProblemError(Kind.CUSTODY_OVER, reason_zh="遗留证件不能销毁，请归还或移交")
    if witness == act.actor:
        raise ProblemError(Kind.SECOND_PERSON_NEEDED, reason_zh="销毁须由两人在场")
    item.second_by = str(witness)
    _end(session, item, CustodyState.DESTROYED, act)
    return item


def _held(session: Session, item_id: str) -> CustodyItem:
    item = session.get(CustodyItem, item_id)
    if item is None:
        raise ProblemError(Kind.CUSTODY_UNKNOWN, reason_zh="没有这件保管物")
    if item.state is not CustodyState.HELD:
        raise ProblemError(Kind.CUSTODY_OVER, reason_zh="这件保管物已经处理过")
    return item


def _end(session: Session, item: CustodyItem, state: CustodyState, act: Act) -> None:
    item.state, item.ended_at, item.ended_by = state, act.at.isoformat(), str(act.actor)
    append(
        session,
        act.at,
        act.actor,
        f"custody.{state.value.lower()}",
        item.id,
        second=item.second_by,
    )
