"""Two persons for what hurts: one asks, another approves, and only then it is done.

Whoever owns such an act registers it with the words a second person reads:

    @approvable("fee.waive", N_("减免费用"))
    def waive(session: Session, centre: Centre, approval: Approval, second: SignedIn) -> None:
        ...

and asks with `ask(session, centre.clock(), user, "fee.waive", voucher_no, reason="W2")`. The act
is done in the transaction of its approval; a `ProblemError` it raises leaves the question open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, Index, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.audit.chain import Detail, append
from central.centre import Centre
from central.console.access import SignedIn
from central.database import Base
from central.problems import Kind, ProblemError
from central.users.roles import Role

LASTS = timedelta(days=7)


class ApprovalState(StrEnum):
    """Where a question stands."""

    WAITING = "WAITING"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"


class Approval(Base):
    """A question to a second person. `parameters` hold codes, never a person's data."""

    __tablename__ = "approval"
    __table_args__ = (Index("approval_state", "state", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str]
    target: Mapped[str]
    parameters: Mapped[dict[str, str | int | bool | list[str] | None]] = mapped_column(JSON)
    state: Mapped[ApprovalState]
    asked_by: Mapped[str]
    asked_at: Mapped[str]
    decided_by: Mapped[str | None]
    decided_at: Mapped[str | None]


Act = Callable[[Session, Centre, Approval, SignedIn], None]


@dataclass(frozen=True, slots=True)
class Words:
    """What a second person reads, and who that may be."""

    zh: str
    approvers: frozenset[Role]


APPROVABLE: dict[str, Act] = {}
WORDS: dict[str, Words] = {}


def approvable(action: str, zh: str, *approvers: Role) -> Callable[[Act], Act]:
    """Register what is done once a second person approved it; a supervisor unless said."""

    def register(act: Act) -> Act:
        APPROVABLE[action] = act
        WORDS[action] = Words(zh, frozenset(approvers or (Role.SUPERVISOR,)))
        return act

    return register


def _waiting(at: datetime) -> Select[Approval]:
    return select(Approval).where(
        Approval.state == ApprovalState.WAITING, Approval.asked_at >= (at - LASTS).isoformat()
    )


def ask(
    session: Session,
    at: datetime,
    user: SignedIn,
    action: str,
    target: str,
    **parameters: str | int | bool | list[str] | None,
) -> int:
    """Ask a second person; the same question is asked once. Gives the approval's number."""
    if action not in APPROVABLE:
        raise ValueError(f"nothing is registered under {action!r}")
    for waiting in session.scalars(_waiting(at).where(Approval.action == action)):
        if (waiting.target, waiting.parameters) == (target, parameters):
            return waiting.id
    approval = Approval(
        action=action,
        target=target,
        parameters=parameters,
        state=ApprovalState.WAITING,
        asked_by=user.name,
        asked_at=at.isoformat(),
    )
    session.add(approval)
    session.flush()
    _note(session, at, user, approval, "asked")
    return approval.id


def waiting(session: Session, at: datetime) -> list[Approval]:
    """The open questions, the oldest first; after a week a question is none any more."""
    return list(
        session.scalars(
            select(Approval)
            .where(
                Approval.state == ApprovalState.WAITING,
                Approval.asked_at >= (at - LASTS).isoformat(),
            )
            .order_by(Approval.asked_at, Approval.id)
        )
    )


def may_decide(approval: Approval, user: SignedIn) -> bool:
    """Whether somebody is a second person for it: has the role, and did not ask."""
    return approval.asked_by != user.name and user.may(*WORDS[approval.action].approvers)


def approve(session: Session, centre: Centre, number: int, user: SignedIn) -> Approval:
    """Do what was asked for. Raises `SECOND_PERSON_NEEDED`, `APPROVAL_OVER`, or the act's own."""
    approval = _decide(session, centre.clock(), number, user, ApprovalState.APPROVED)
    APPROVABLE[approval.action](session, centre, approval, user)
    return approval


def refuse(session: Session, centre: Centre, number: int, user: SignedIn) -> Approval:
    """Close the question; who asked may do so too."""
    return _decide(session, centre.clock(), number, user, ApprovalState.REFUSED)


def _decide(
    session: Session, at: datetime, number: int, user: SignedIn, state: ApprovalState
) -> Approval:
    approval = session.get(Approval, number)
    if approval is None or approval.action not in WORDS:
        raise ProblemError(Kind.NOT_FOUND)
    over = datetime.fromisoformat(approval.asked_at) + LASTS < at
    if over or approval.state is not ApprovalState.WAITING:
        raise ProblemError(Kind.APPROVAL_OVER)
    own = state is ApprovalState.REFUSED and approval.asked_by == user.name
    if not own and not may_decide(approval, user):
        raise ProblemError(Kind.SECOND_PERSON_NEEDED)
    approval.state, approval.decided_by, approval.decided_at = state, user.name, at.isoformat()
    _note(session, at, user, approval, state.value.lower())
    return approval


def _note(session: Session, at: datetime, user: SignedIn, approval: Approval, verb: str) -> None:
    details: dict[str, Detail] = {"act": approval.action, "number": approval.id}
    append(session, at, user.actor, f"approval.{verb}", approval.target, **details)
