"""What others ask of batches: one of them, a page of them, and a person's way out of one."""

from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from central.batches.ledger import load, move, note, put
from central.batches.records import Batch, count_members, find_unit, live_membership
from central.batches.schemas import Page, Summary
from central.batches.states import LIVE, BatchEvent, BatchState, MemberState
from central.batches.terms import ready_on
from central.cards.ledger import Act
from central.centre import Centre
from central.problems import Kind, ProblemError
from regulation.masks import mask_name
from regulation.rules import Service

CLAUSE = "1.3"
"""规程 1.3: 批量转零星."""

_BEFORE = (BatchState.SUBMITTED, BatchState.ACCEPTED)


def show(centre: Centre, batch_no: str) -> tuple[Summary, int]:
    """A batch with masked data, and its version; raises `BATCH_UNKNOWN`."""
    with centre.database.read() as session:
        batch = load(session, batch_no)
        return _summary(session, centre, batch), batch.version


def page_of(centre: Centre, taken_by: str, cursor: str | None, most: int) -> Page:
    """The batches a kiosk or outlet took, the newest first.

    Raises `INVALID` for a cursor no page gave.
    """
    rows = select(Batch).where(Batch.taken_by == taken_by)
    with centre.database.read() as session:
        found, after = turn(session, rows, cursor, most)
        return Page(batches=[_summary(session, centre, each) for each in found], next=after)


def turn(
    session: Session, rows: Select[Batch], cursor: str | None, most: int
) -> tuple[list[Batch], str | None]:
    """Some of the batches of a selection, and the cursor of those after."""
    place = tuple_(Batch.submitted_at, Batch.batch_no)
    if cursor:
        rows = rows.where(place < tuple_(*_place(cursor)))
    found = list(
        session.scalars(
            rows.order_by(Batch.submitted_at.desc(), Batch.batch_no.desc()).limit(most + 1)
        )
    )
    more = found[:most]
    return more, _cursor(more[-1]) if len(found) > most else None


def leave(session: Session, person_number: str, act: Act) -> Batch:
    """Take a person out of their unit's batch, for a single card (规程 1.3); their batch.

    The caller has seen the holder in person at a window. Only a batch of new cards whose data is
    generated and that is not in production may be left. Raises `NOT_IN_BATCH`,
    `IN_BATCH_IN_PRODUCTION` with `ready_on`, or `BATCH_STATE_FORBIDS`.
    """
    found = live_membership(session, person_number)
    if found is None or found[0].service != Service.NEW_BATCH.value:
        raise ProblemError(
            Kind.NOT_IN_BATCH, clause=CLAUSE, reason_zh="您不在单位的批量新办卡名单中"
        )
    batch, member = found
    if batch.state in _BEFORE:
        raise ProblemError(
            Kind.BATCH_STATE_FORBIDS,
            clause=CLAUSE,
            reason_zh="单位的批次还没有产生制卡数据，产生后才能转零星办理",
        )
    if batch.state is not BatchState.DATA_GENERATED:
        raise ProblemError(Kind.IN_BATCH_IN_PRODUCTION, clause=CLAUSE, ready_on=batch.due_on)
    put([member], MemberState.LEFT, act)
    note(session, batch, "member_left", act, line=member.line)
    session.flush()
    if not LIVE.intersection(count_members(session, batch.batch_no)):
        move(session, batch, BatchEvent.WITHDRAW, act, empty=True)
    return batch


def _summary(session: Session, centre: Centre, batch: Batch) -> Summary:
    unit = find_unit(session, batch.unit)
    return Summary.model_validate(
        {
            "batch_no": batch.batch_no,
            "service": batch.service,
            "state": batch.state.value,
            "state_at": batch.state_at,
            "unit": mask_name(unit.name) if unit else "",
            "outlet": batch.outlet,
            "submitted_at": batch.submitted_at,
            "due_on": ready_on(batch, centre.calendar),
            "members": {
                state.value: count
                for state, count in count_members(session, batch.batch_no).items()
            },
            "reason": batch.reason,
            "enable_at": batch.enable_at,
        }
    )


def _cursor(batch: Batch) -> str:
    return urlsafe_b64encode(f"{batch.submitted_at}|{batch.batch_no}".encode()).decode()


def _place(cursor: str) -> tuple[str, str]:
    try:
        at, mark, batch_no = b64decode(cursor, b"-_", validate=True).decode().partition("|")
    except (NotBase64, ValueError):
        mark = at = batch_no = ""
    if not (mark and batch_no.isprintable() and at.isprintable()):
        raise ProblemError(Kind.INVALID, "query.cursor: take it from the page before.")
    return at, batch_no
