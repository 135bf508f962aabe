"""From a batch at the window to cards that are ready: accept, generate, produce, results.

Source: 规程 1.2.2, 1.2.3, 3.2.2, 3.2.3; services.md 5. Every act is that of a clerk at the outlet
where the batch was submitted; `ledger.load` sees to that.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.batches.ledger import move, note, put
from central.batches.records import Batch, BatchMember, count_members, members_of
from central.batches.states import BatchEvent, BatchState, MemberState
from central.cards.ledger import Act
from central.fees.records import Fee
from central.notices.kinds import NoticeKind
from central.notices.outbox import queue
from central.problems import Kind, ProblemError

FEE_CLAUSE = "3.2.2"
"""规程 3.2.2: 费用清缴或抵扣."""

ALONE = 50
"""Members whose data one person may let out; above, a second person approves."""

_M = MemberState


def accept(session: Session, batch: Batch, act: Act) -> None:
    """Take a batch up: its papers were looked at."""
    move(session, batch, BatchEvent.ACCEPT, act)


def reject(session: Session, batch: Batch, reason: str, act: Act) -> None:
    """Send a batch back with a reason its unit understands; its people are free again.

    In production only where no card could be made.
    """
    if batch.state is BatchState.IN_PRODUCTION:
        _none(session, batch, _M.LISTED, _M.MADE, why="还有可以制作的卡，不能退回")
    _drop(session, batch, BatchEvent.REJECT, act)
    batch.reason = reason
    if batch.clerk_number is not None:
        told = {"voucher_no": batch.batch_no, "reason": reason}
        queue(session, act.at, NoticeKind.APPLICATION_SENT_BACK, batch.clerk_number, **told)


def withdraw(session: Session, batch: Batch, act: Act) -> None:
    """Take a batch back at its unit's wish, before production."""
    _drop(session, batch, BatchEvent.WITHDRAW, act)


def produce(session: Session, batch: Batch, act: Act) -> None:
    """Send a batch to the maker; nobody leaves it any more. Raises `FEE_DUE`."""
    if batch.fee_fen and batch.fee_receipt is None:
        raise ProblemError(
            Kind.FEE_DUE, clause=FEE_CLAUSE, reason_zh="请先完成费用清缴或抵扣，再送制卡"
        )
    listed = _count(session, batch, _M.LISTED)
    if not listed:
        raise _forbidden("名单里没有要制的卡，请撤销这个批次")
    move(session, batch, BatchEvent.PRODUCE, act, members=listed)


def settle(session: Session, batch: Batch, receipt_no: str, act: Act) -> None:
    """Take the payment or deduction of a replacement (规程 3.2.2); once."""
    if not batch.fee_fen:
        raise ProblemError(Kind.FEE_NONE, clause=FEE_CLAUSE, reason_zh="这个批次不收费")
    if batch.fee_receipt is not None:
        raise ProblemError(Kind.FEE_STATE_FORBIDS, clause=FEE_CLAUSE, reason_zh="已缴费")
    if batch.state not in {BatchState.ACCEPTED, BatchState.DATA_GENERATED}:
        raise ProblemError(
            Kind.BATCH_STATE_FORBIDS, clause=FEE_CLAUSE, reason_zh="受理以后、送制卡以前才能收费"
        )
    _fresh(session, receipt_no)
    batch.fee_receipt = receipt_no
    note(session, batch, "fee_settled", act, fen=batch.fee_fen, receipt_no=receipt_no)


def owed(session: Session, batch: Batch) -> int:
    """Fen to be paid back: what was taken for cards that were not made."""
    if batch.fee_receipt is None or batch.refund_receipt is not None:
        return 0
    counts = count_members(session, batch.batch_no)
    lost = counts.get(_M.NOT_MADE, 0) + counts.get(_M.DROPPED, 0)
    return batch.fee_fen * lost // sum(counts.values())


def refund(session: Session, batch: Batch, receipt_no: str, act: Act) -> None:
    """Pay back what is owed."""
    fen = owed(session, batch)
    if not fen:
        raise ProblemError(Kind.FEE_NONE, clause=FEE_CLAUSE, reason_zh="这个批次没有应退的费用")
    _fresh(session, receipt_no)
    batch.refund_receipt = receipt_no
    note(session, batch, "fee_refunded", act, fen=fen, receipt_no=receipt_no)


def finish(session: Session, batch: Batch, act: Act) -> None:
    """Declare the cards ready for pick-up; whose card failed is free again, and told so.

    Raises `BATCH_MEMBERS_FORBID` while a member has no result, or no card was made.
    """
    if batch.state is BatchState.IN_PRODUCTION:
        _none(session, batch, _M.LISTED, why="还有没有制卡结果的人员，请先导入结果")
        if not _count(session, batch, _M.MADE):
            raise _forbidden("没有制成一张卡，请重制或退回")
    move(session, batch, BatchEvent.FINISH, act, made=_count(session, batch, _M.MADE))
    failed = put(_in(session, batch, _M.FAILED), _M.NOT_MADE, act)
    if failed:
        note(session, batch, "not_made", act, members=failed)
    if batch.clerk_number is not None:
        told = {"batch_no": batch.batch_no}
        queue(session, act.at, NoticeKind.BATCH_READY, batch.clerk_number, **told)


def _drop(session: Session, batch: Batch, event: BatchEvent, act: Act) -> None:
    move(session, batch, event, act)
    put(_in(session, batch, _M.LISTED, _M.FAILED), _M.DROPPED, act)


def _in(session: Session, batch: Batch, *states: MemberState) -> list[BatchMember]:
    return [each for each in members_of(session, batch.batch_no) if each.state in states]


def _count(session: Session, batch: Batch, state: MemberState) -> int:
    return count_members(session, batch.batch_no).get(state, 0)


def _none(session: Session, batch: Batch, *states: MemberState, why: str) -> None:
    counts = count_members(session, batch.batch_no)
    if any(counts.get(state) for state in states):
        raise _forbidden(why)


def _forbidden(why: str) -> ProblemError:
    return ProblemError(Kind.BATCH_MEMBERS_FORBID, clause="1.2.3", reason_zh=why)


def _fresh(session: Session, receipt_no: str) -> None:
    """A receipt stands for one payment, of a batch or of a case."""
    batches = (Batch.fee_receipt == receipt_no) | (Batch.refund_receipt == receipt_no)
    cases = (Fee.receipt_no == receipt_no) | (Fee.refund_no == receipt_no)
    for used in (select(Batch.batch_no).where(batches), select(Fee.voucher_no).where(cases)):
        if session.scalar(used.limit(1)) is not None:
            raise ProblemError(
                Kind.RECEIPT_USED, clause=FEE_CLAUSE, reason_zh="这个票据号已经用过，请核对"
            )
