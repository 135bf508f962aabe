"""What befalls a batch and its members, done and written down: state, audit, in one transaction."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from central.audit.chain import Detail, append
from central.batches.records import Batch, BatchMember, find_batch
from central.batches.states import MEMBER_WAYS, BatchEvent, MemberState, next_state
from central.cards.ledger import Act
from central.problems import Kind, ProblemError
from regulation.rules import Service

TERM = {Service.NEW_BATCH: "1.2.3", Service.REPLACE_BATCH: "3.2.3"}
"""The clause of making, pick-up and enabling."""


def term(batch: Batch) -> str:
    """The clause of a batch's making, pick-up and enabling."""
    return TERM[Service(batch.service)]


def load(session: Session, batch_no: str, outlet: str | None = None) -> Batch:
    """A batch, for somebody at an outlet. Raises `BATCH_UNKNOWN` or `BATCH_OTHER_OUTLET`."""
    batch = find_batch(session, batch_no)
    if batch is None:
        raise ProblemError(Kind.BATCH_UNKNOWN, reason_zh="没有这个批次，请核对凭证号")
    if outlet not in {None, batch.outlet}:
        raise ProblemError(
            Kind.BATCH_OTHER_OUTLET,
            clause=term(batch),
            reason_zh="这个批次在别的网点提交，只能在提交网点办理和领取",
        )
    return batch


def move(session: Session, batch: Batch, event: BatchEvent, act: Act, **details: Detail) -> None:
    """Let an event move a batch. Raises `BATCH_STATE_FORBIDS`."""
    batch.state = next_state(batch.state, event, act.clause or term(batch))
    batch.state_at = act.at.isoformat()
    note(session, batch, event.value, act, **details)


def note(session: Session, batch: Batch, verb: str, act: Act, **details: Detail) -> None:
    """Write down an act on a batch; its `version` goes up."""
    batch.version += 1
    append(session, act.at, act.actor, f"batch.{verb}", batch.batch_no, **details)


def put(members: Iterable[BatchMember], state: MemberState, act: Act) -> int:
    """Bring members to a state; how many. Raises `BATCH_MEMBERS_FORBID` where no way leads."""
    count = 0
    for member in members:
        if state not in MEMBER_WAYS[member.state]:
            raise ProblemError(
                Kind.BATCH_MEMBERS_FORBID,
                f"A member that is {member.state.name} cannot become {state.name}.",
                clause=act.clause,
                reason_zh=f"名单第 {member.line} 行的状态不允许办这一步",
            )
        member.state, member.since = state, act.at.isoformat()
        count += 1
    return count
