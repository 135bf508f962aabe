"""What befalls a fee, done and written down: state, audit, in the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.audit.chain import Detail, append
from central.audit.records import Actor
from central.cards.ledger import Act
from central.fees.records import Fee, How, fee_of
from central.fees.schedule import Schedule, load_schedule
from central.fees.states import CLAUSE, FeeEvent, FeeState, next_state
from central.problems import Kind, ProblemError
from regulation.rules import Service

if TYPE_CHECKING:
    from central.applications.records import Application


@dataclass(frozen=True, slots=True)
class Waiver:
    """Why a case is free: the id of a ground, or a reason of its own, and who approved that."""

    ground: str
    schedule: Schedule
    approved_by: Actor | None = None

    @property
    def listed(self) -> bool:
        """Whether the schedule has the ground, so that one clerk may give it."""
        return self.ground in self.schedule.grounds


def due(
    session: Session,
    case: "Application",
    at: datetime,
    actor: Actor,
    schedule: Schedule | None = None,
) -> Fee | None:
    """Write down what a case costs when it is taken; None, and nothing, for a free one.

    `schedule` is the centre's (`Settings.fees`); without it that of the reference configuration.
    """
    fen = (schedule or load_schedule()).fen.get(Service(case.service), 0)
    if not fen:
        return None
    fee = Fee(
        voucher_no=case.voucher_no,
        fen=fen,
        state=FeeState.DUE,
        due_at=at.isoformat(),
        state_at=at.isoformat(),
        by=str(actor),
    )
    session.add(fee)
    append(session, at, actor, "fee.due", case.voucher_no, fen=fen)
    return fee


def settle(session: Session, voucher_no: str, how: How, receipt_no: str, act: Act) -> Fee:
    """Take the payment of a receipt, or the deduction from the 社保卡's account (规程 3.1.2(1))."""
    fee = _fee(session, voucher_no)
    _fresh(session, receipt_no)
    event = FeeEvent.DEDUCT if how is How.ACCOUNT else FeeEvent.SETTLE
    _befall(session, fee, event, act, how=how.value, receipt_no=receipt_no)
    fee.how, fee.receipt_no = how, receipt_no
    return fee


def waive(
    session: Session,
    voucher_no: str,
    waiver: Waiver,
    act: Act,
) -> Fee:
    """Let a case be free on a ground of the schedule, or on another that a second person approves.

    Raises `SECOND_PERSON_NEEDED`.
    """
    fee = _fee(session, voucher_no)
    if not waiver.listed and waiver.approved_by in {None, act.actor}:
        raise ProblemError(
            Kind.SECOND_PERSON_NEEDED,
            "The ground is not in the table of waivers.",
            clause=CLAUSE,
            reason_zh="减免理由不在目录内，须由另一位负责人批准",
        )
    second = str(waiver.approved_by) if waiver.approved_by else None
    ground = waiver.ground if waiver.listed else "other"
    _befall(session, fee, FeeEvent.WAIVE, act, ground=ground, approved_by=second)
    fee.ground, fee.approved_by = waiver.ground, second
    return fee


def case_over(session: Session, voucher_no: str, actor: Actor, at: datetime) -> None:
    """Owe back what was paid for a case that ends without a card, and ask no more for it."""
    fee = fee_of(session, voucher_no)
    if fee is not None:
        _befall(session, fee, FeeEvent.END, Act(actor, at))


def case_on_again(session: Session, voucher_no: str, actor: Actor, at: datetime) -> None:
    """Ask for the fee of a case that goes on; what was paid and not paid back counts.

    Raises `FEE_STATE_FORBIDS` where it was paid back: a window settles that.
    """
    fee = fee_of(session, voucher_no)
    if fee is not None:
        _befall(session, fee, FeeEvent.REOPEN, Act(actor, at))
        deducted = fee.how is How.ACCOUNT and fee.state is FeeState.SETTLED
        fee.state = FeeState.DEDUCTED if deducted else fee.state


def refund(session: Session, voucher_no: str, refund_no: str, act: Act) -> Fee:
    """Pay back what is owed."""
    fee = _fee(session, voucher_no)
    _fresh(session, refund_no)
    _befall(session, fee, FeeEvent.REFUND, act, refund_no=refund_no)
    fee.refund_no = refund_no
    return fee


def require_settled(session: Session, voucher_no: str) -> None:
    """Raise `FEE_DUE` while a case's fee is (规程 3.1.2(1): first the fee, then the card)."""
    fee = fee_of(session, voucher_no)
    if fee is not None and fee.state is FeeState.DUE:
        raise ProblemError(Kind.FEE_DUE, clause=CLAUSE, reason_zh="请先完成费用清缴、抵扣或减免")


def _fee(session: Session, voucher_no: str) -> Fee:
    fee = fee_of(session, voucher_no)
    if fee is None:
        raise ProblemError(Kind.FEE_NONE, clause=CLAUSE, reason_zh="这笔业务不收费")
    return fee


def _fresh(session: Session, receipt_no: str) -> None:
    """A receipt stands for one payment."""
    used = (Fee.receipt_no == receipt_no) | (Fee.refund_no == receipt_no)
    if session.scalar(select(Fee.voucher_no).where(used).limit(1)) is not None:
        raise ProblemError(Kind.RECEIPT_USED, clause=CLAUSE, reason_zh="这个票据号已经用过，请核对")


def _befall(session: Session, fee: Fee, event: FeeEvent, act: Act, **details: Detail) -> None:
    fee.state = next_state(fee.state, event)
    fee.state_at, fee.by = act.at.isoformat(), str(act.actor)
    append(session, act.at, act.actor, f"fee.{event.value}", fee.voucher_no, **details)
