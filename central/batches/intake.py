"""Taking a unit's list (规程 1.2.1, 1.2.2, 3.2.1, 3.2.2)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.applications.records import next_seq
from central.audit.chain import append
from central.batches.judge import number_of, pictures_of
from central.batches.looking import Looked, Where, allowed, judged, look_at
from central.batches.lookup import batches_of, cards_by_holder
from central.batches.records import Batch, BatchImage, BatchMember, find_batch
from central.batches.schemas import ClerkPictures, Order, Row, Taken
from central.batches.states import BatchState, Material, MemberState
from central.batches.terms import due
from central.centre import Centre
from central.idempotency import Answer, answer_once, fingerprint
from central.images.service import unknown
from central.problems import Kind, ProblemError
from regulation.card_list.faults import Fault
from regulation.terms import Due
from regulation.vouchers import voucher_number

ROUTE = "POST /v1/batches"
CREATED = 201
MOST_A_DAY = 9999

PICK_UP_WORDS = (
    "凭经办人本人的身份证原件或社保卡，到提交申请的网点领取",
    "更换经办人的，须另带加盖单位公章的介绍信",
    "领取前请先查询，制卡完成后再来",
    "领取后96小时自动启用社保功能",
)
"""规程 1.2.3, 3.2.3."""

Line = tuple[int, Row]


@dataclass(frozen=True, slots=True)
class _Visit:
    """A list as it came, and when."""

    key: str
    order: Order
    where: Where
    now: datetime


def submit(centre: Centre, key: str, order: Order, where: Where) -> Answer:
    """The answer to a list: taken once, however often it is sent.

    Raises the `ProblemError` that stands in the way; then nothing is kept and the key is free.
    """
    print_ = fingerprint(ROUTE, order.model_dump(mode="json"))
    visit = _Visit(key, order, where, centre.clock())
    faults = judged(centre, order, where, visit.now)

    def take(session: Session) -> Answer:
        _refuse_old_key(session, key)
        cell = allowed(centre, order.service, where.channel)
        looked = look_at(session, centre, order, cell, faults)
        _whole(session, centre, visit, looked)
        _refuse_wrong(session, centre, order, looked)
        return _take(session, centre, visit, looked)

    with centre.running.alone(key):
        return answer_once(centre.database, key, print_, visit.now, where.actor, take)


def find_by_key(session: Session, key: str) -> Batch | None:
    """The batch that a key got."""
    return session.scalar(select(Batch).where(Batch.key == key))


def _refuse_old_key(session: Session, key: str) -> None:
    """Raise `KEY_REUSED`, with the batch's number, for a key whose answer is kept no longer."""
    if held := find_by_key(session, key):
        told = "Its answer is not kept any more; the voucher's number finds the batch."
        raise ProblemError(Kind.KEY_REUSED, told, voucher_no=held.batch_no)


def _whole(session: Session, centre: Centre, visit: _Visit, looked: Looked) -> None:
    """The signature, the unit's letter, and that the pictures named have arrived."""
    order, clause = visit.order, looked.cell.clause
    on_paper = visit.where.material is Material.COPIES
    if (
        on_paper or centre.rules.switches.batch_intro_letter_required
    ) and order.letter is None:  # A3
        raise ProblemError(Kind.LETTER_MISSING, clause=clause, reason_zh="请出示单位介绍信")
    if order.signature == "screen" and order.pictures.signature is None:
        raise ProblemError(Kind.SIGNATURE_MISSING, clause=clause)
    named = (*_pictures(order.pictures).values(), order.letter)
    if unknown(session, {sha256 for sha256 in named if sha256}):
        raise ProblemError(Kind.IMAGE_UNKNOWN)


def _refuse_wrong(session: Session, centre: Centre, order: Order, looked: Looked) -> None:
    good, wrong = len(order.rows) - len(looked.wrong), len(looked.wrong)
    if not wrong or (order.partial and centre.settings.batch_partial and good):
        return
    if batch_no := _same_batch(session, order, looked):
        raise ProblemError(
            Kind.BATCH_SUBMITTED_BEFORE,
            clause=looked.cell.clause,
            reason_zh="这批人员已提交过，请凭原凭证查询",
            voucher_no=batch_no,
        )
    raise ProblemError(
        Kind.BATCH_ROWS_WRONG,
        f"{wrong} of {len(order.rows)} rows are wrong.",
        clause=looked.cell.clause,
        reason_zh=f"{wrong}行有问题，请按清单逐行改正",
        good=good,
        wrong=wrong,
        faults=[each.model_dump() for each in looked.faults],
    )


def _same_batch(session: Session, order: Order, looked: Looked) -> str | None:
    """The batch of the same unit in which everybody of the list is already (F44)."""
    again = {each.row for each in looked.faults if each.code == Fault.IN_BATCH.value}
    if len(again) != len(order.rows):
        return None
    numbers = set(batches_of(session, {number_of(row) for row in order.rows}).values())
    batch = find_batch(session, numbers.pop()) if len(numbers) == 1 else None
    return batch.batch_no if batch is not None and batch.unit == looked.unit.code else None


def _note(session: Session, visit: _Visit, batch: Batch, rows: int, left_out: int) -> None:
    told = {"service": batch.service, "rows": rows, "left_out": left_out}
    append(session, visit.now, visit.where.actor, "batch.submit", batch.batch_no, **told)


def _take(session: Session, centre: Centre, visit: _Visit, looked: Looked) -> Answer:
    order, day = visit.order, visit.now.date()
    rows = [(i, row) for i, row in enumerate(order.rows, 1) if i not in looked.wrong]
    seq = next_seq(session, visit.where.taken_by, day)
    if seq > MOST_A_DAY:
        raise ProblemError(Kind.KIOSK_NUMBERS_USED_UP)
    term = due(day, centre.calendar)
    batch = _batch(visit, looked, seq, term)
    batch.fee_fen = centre.settings.fees.fen.get(order.service, 0) * len(rows)
    session.add(batch)
    session.flush()
    session.add_all(_members(session, batch, rows))
    session.add_all(_images(batch.batch_no, order.pictures, rows))
    _note(session, visit, batch, len(rows), len(looked.wrong))
    taken = Taken(
        batch_no=batch.batch_no,
        qr=centre.codes.code(batch.batch_no),
        state=batch.state.value,
        rows=len(order.rows),
        taken=len(rows),
        left_out=len(looked.wrong),
        faults=looked.faults,
        submitted_at=visit.now,
        due_on=term.day,
        due_sure=term.sure,
        outlet=visit.where.outlet,
        fee_fen=batch.fee_fen,
        pick_up=list(PICK_UP_WORDS),
    )
    return Answer(CREATED, taken.model_dump(mode="json"))


def _batch(visit: _Visit, looked: Looked, seq: int, term: Due) -> Batch:
    order, where, now = visit.order, visit.where, visit.now
    return Batch(
        batch_no=voucher_number(where.taken_by, now.date(), seq),
        key=visit.key,
        service=order.service.value,
        channel=where.channel.value,
        state=BatchState.SUBMITTED,
        state_at=now.isoformat(),
        version=1,
        unit=looked.unit.code,
        clerk_number=looked.clerk.number,
        clerk_name=looked.clerk.name,
        outlet=where.outlet,
        taken_by=where.taken_by,
        day=now.date().isoformat(),
        seq=seq,
        signature=order.signature,
        submitted_at=now.isoformat(),
        due_on=term.day.isoformat(),
        material=where.material,
        letter=order.letter,
    )


def _members(session: Session, batch: Batch, rows: list[Line]) -> list[BatchMember]:
    cards = cards_by_holder(session, {number_of(row) for _, row in rows})
    return [
        BatchMember(
            batch_no=batch.batch_no,
            line=line,
            id_number=number_of(row),
            name=row.name,
            state=MemberState.LISTED,
            since=batch.state_at,
            data=row.model_dump(mode="json", exclude={"name", "number", "pictures"}),
            replaces=_replaced(row, [card.number for card in cards.get(number_of(row), [])]),
        )
        for line, row in rows
    ]


def _replaced(row: Row, cards: list[str]) -> str | None:
    """The card that dies: the one named, else the person's card."""
    named = row.old_card.upper()
    return named if named in cards else next(iter(cards), None)


def _images(batch_no: str, clerks: ClerkPictures, rows: list[Line]) -> list[BatchImage]:
    shown = [(0, _pictures(clerks)), *((line, pictures_of(row)) for line, row in rows)]
    return [
        BatchImage(batch_no=batch_no, line=line, kind=kind, sha256=sha256)
        for line, pictures in shown
        for kind, sha256 in pictures.items()
    ]


def _pictures(clerks: ClerkPictures) -> dict[str, str]:
    return clerks.model_dump(exclude_none=True)
