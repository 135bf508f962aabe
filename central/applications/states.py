"""The states of a case, and the only ways between them.

DRAFT > SUBMITTED > REVIEW > (REJECTED | ACCEPTED) > DATA_GENERATED > IN_PRODUCTION >
(FAILED | READY) > ISSUED > ENABLED; a service that is done at once goes from SUBMITTED to DONE.
REJECTED > SUBMITTED when the holder mends what was in question.
Source: services.md 5.
"""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from central.audit.chain import Detail, append
from central.audit.records import Actor
from central.fees.ledger import case_on_again, case_over
from central.problems import Kind, ProblemError

if TYPE_CHECKING:
    from central.applications.records import Application


class CaseState(StrEnum):
    """Where a case stands."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    REVIEW = "REVIEW"
    REJECTED = "REJECTED"
    ACCEPTED = "ACCEPTED"
    DATA_GENERATED = "DATA_GENERATED"
    IN_PRODUCTION = "IN_PRODUCTION"
    FAILED = "FAILED"
    READY = "READY"
    ISSUED = "ISSUED"
    ENABLED = "ENABLED"
    DONE = "DONE"
    WITHDRAWN = "WITHDRAWN"


class CaseEvent(StrEnum):
    """What moves a case."""

    SUBMIT = "submit"
    TAKE_UP = "take_up"
    PUT_BACK = "put_back"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    GENERATE = "generate"
    PRODUCE = "produce"
    MADE = "made"
    FAIL = "fail"
    ISSUE = "issue"
    ENABLE = "enable"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"
    MEND = "mend"


_S, _E = CaseState, CaseEvent

WAYS: dict[tuple[CaseState, CaseEvent], CaseState] = {
    (_S.DRAFT, _E.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.SUBMITTED, _E.TAKE_UP): _S.REVIEW,
    (_S.SUBMITTED, _E.COMPLETE): _S.DONE,
    (_S.SUBMITTED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.REVIEW, _E.PUT_BACK): _S.SUBMITTED,
    (_S.REVIEW, _E.ACCEPT): _S.ACCEPTED,
    (_S.REVIEW, _E.SEND_BACK): _S.REJECTED,
    (_S.REVIEW, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.REJECTED, _E.MEND): _S.SUBMITTED,
    (_S.ACCEPTED, _E.GENERATE): _S.DATA_GENERATED,
    (_S.ACCEPTED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.DATA_GENERATED, _E.PRODUCE): _S.IN_PRODUCTION,
    (_S.DATA_GENERATED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.IN_PRODUCTION, _E.MADE): _S.READY,
    (_S.IN_PRODUCTION, _E.FAIL): _S.FAILED,
    (_S.FAILED, _E.PRODUCE): _S.IN_PRODUCTION,
    (_S.FAILED, _E.WITHDRAW): _S.WITHDRAWN,
    (_S.READY, _E.ISSUE): _S.ISSUED,
    (_S.ISSUED, _E.ENABLE): _S.ENABLED,
}

OVER = frozenset({_S.REJECTED, _S.ISSUED, _S.ENABLED, _S.DONE, _S.WITHDRAWN})
"""States in which a person may apply for the same again."""

OPEN = tuple(state for state in CaseState if state not in OVER | {_S.DRAFT})

WITHOUT_CARD = frozenset({_S.REJECTED, _S.WITHDRAWN})
"""States in which a case has ended and nothing was made: what was paid for it is owed back.

One that was sent back goes on when it is mended.
"""

ZH = {
    _S.DRAFT: "草稿",
    _S.SUBMITTED: "待窗口受理",
    _S.REVIEW: "窗口审核中",
    _S.REJECTED: "已退回",
    _S.ACCEPTED: "已受理",
    _S.DATA_GENERATED: "已产生制卡数据",
    _S.IN_PRODUCTION: "制卡中",
    _S.FAILED: "制卡失败，待重制",
    _S.READY: "已制卡，待领取",
    _S.ISSUED: "已发卡，待启用",
    _S.ENABLED: "已启用",
    _S.DONE: "已办结",
    _S.WITHDRAWN: "已撤销",
}
"""How a clerk names them."""


def move(
    session: Session,
    case: "Application",
    event: CaseEvent,
    actor: Actor,
    at: datetime,
    **details: Detail,
) -> None:
    """Let an event move a case, and write it down. Raises `CASE_STATE_FORBIDS`."""
    after = WAYS.get((CaseState(case.state), event))
    if after is None:
        raise ProblemError(
            Kind.CASE_STATE_FORBIDS,
            f"A case that is {case.state} cannot be the object of {event.value}.",
            reason_zh=f"这笔业务{ZH[CaseState(case.state)]}，不能再办这一步",
        )
    case.state, case.state_at = after.value, at.isoformat()
    case.version += 1
    append(session, at, actor, f"case.{event.value}", case.voucher_no, **details)
    if after in WITHOUT_CARD:
        case_over(session, case.voucher_no, actor, at)
    if event is CaseEvent.MEND:
        case_on_again(session, case.voucher_no, actor, at)
