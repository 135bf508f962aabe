"""Rollouts: made by one person, approved by another, moved on by what kiosks report.

A group is told by a selector: a group's name, a kiosk's number, or a pattern of numbers (`00*`,
`*` for the rest). A kiosk that was in an earlier group of the same rollout is not in a later one.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fnmatch import fnmatchcase
from itertools import chain
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.audit.chain import append
from central.audit.records import SYSTEM, Actor
from central.centre import Centre
from central.fleet import contents, documents, records, service
from central.fleet.advance import Plan, Stand, Tally, advance, is_over_limit
from central.fleet.records import (
    RETIRED,
    Content,
    Document,
    FleetKiosk,
    Outcome,
    Rollout,
    RolloutState,
)
from central.operation.logs import FIELDS, where
from central.problems import Kind, ProblemError

log = logging.getLogger("central")

_WINDOW = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])")
_SELECTOR = re.compile(r"[\w*?\[\]-]{1,64}")
_MOST_GROUPS = 20
_LONGEST_SOAK = 7 * 24 * 60

Act = Literal["pause", "resume", "stop"]
_ACTS: dict[Act, tuple[frozenset[RolloutState], RolloutState]] = {
    "pause": (frozenset({RolloutState.RUNNING}), RolloutState.PAUSED),
    "resume": (frozenset({RolloutState.PAUSED}), RolloutState.RUNNING),
    "stop": (
        frozenset({RolloutState.WAITING, RolloutState.RUNNING, RolloutState.PAUSED}),
        RolloutState.STOPPED,
    ),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a rollout; `advance.Plan` says what is possible."""

    groups: tuple[str, ...]
    success: int = 90
    error: int = 10
    soak_minutes: int = 30
    window: str = ""

    def plan(self) -> Plan:
        """The plan. Raises `ROLLOUT_IMPOSSIBLE` with what is wrong."""
        if self.window and not _WINDOW.fullmatch(self.window):
            raise _impossible("Write the window as 01:00-05:00.")
        if self.window and self.window[:5] == self.window[6:]:
            raise _impossible("A window that ends as it begins never opens: leave it away.")
        if len(self.groups) > _MOST_GROUPS or not all(map(_SELECTOR.fullmatch, self.groups)):
            raise _impossible("Name groups, numbers, or patterns like 00*.")
        if not 0 <= self.soak_minutes <= _LONGEST_SOAK:
            raise _impossible("A group soaks for a week at most.")
        try:
            return Plan(
                len(self.groups), self.success, self.error, timedelta(minutes=self.soak_minutes)
            )
        except ValueError as wrong:
            raise _impossible(f"{wrong}.") from None


def make(session: Session, content: int, wish: Wish, by: Actor, now: datetime) -> Rollout:
    """A rollout that waits for its approval. Raises `ROLLOUT_IMPOSSIBLE` with what is wrong."""
    wish.plan()
    for selector, numbers in zip(wish.groups, preview(session, wish.groups), strict=True):
        if not numbers:
            raise _impossible(f"No kiosk is in {selector} that is not in an earlier group.")
    made = Rollout(
        content=content,
        groups=list(wish.groups),
        success=wish.success,
        error=wish.error,
        soak_minutes=wish.soak_minutes,
        window=wish.window,
        state=RolloutState.WAITING,
        group=-1,
        why="",
        made_by=str(by),
        made_at=now.isoformat(),
    )
    session.add(made)
    session.flush()
    append(session, now, by, "fleet.rollout-made", str(made.id), content=content)
    return made


def _impossible(why: str) -> ProblemError:
    return ProblemError(Kind.ROLLOUT_IMPOSSIBLE, why)


def preview(session: Session, groups: Iterable[str]) -> list[list[str]]:
    """Which kiosks each group would have now."""
    taken, found = set[str](), list[list[str]]()
    rows = records.every_kiosk(session)
    for selector in groups:
        found.append([row.id for row in rows if row.id not in taken and chosen(row, selector)])
        taken.update(found[-1])
    return found


def chosen(row: FleetKiosk, selector: str) -> bool:
    """Whether a selector means a kiosk; none means one that is retired."""
    if row.group == RETIRED:
        return False
    return row.group == selector or fnmatchcase(row.id, selector)


def approve(session: Session, centre: Centre, number: int, by: Actor) -> Rollout:
    """The second person agrees: content sealed, first group begun.

    Raises `SECOND_PERSON_NEEDED`, `ROLLOUT_OVER`, `NOT_FOUND`.
    """
    found, now = _rollout(session, number), centre.clock()
    if found.state is not RolloutState.WAITING:
        raise ProblemError(Kind.ROLLOUT_OVER)
    if found.made_by == str(by):
        raise ProblemError(Kind.SECOND_PERSON_NEEDED)
    contents.approve(session, service.held(centre).seal, found.content, by, now)
    found.state, found.approved_by, found.approved_at = (
        RolloutState.RUNNING,
        str(by),
        now.isoformat(),
    )
    found.since = records.next_change(session)
    chosen_now = set(chain.from_iterable(preview(session, found.groups)))
    found.closed = sorted(contents.closed(session) & chosen_now)
    append(session, now, by, "fleet.rollout-approved", str(number), content=found.content)
    move(session, found, now)
    return found


def act(session: Session, number: int, what: Act, by: Actor, now: datetime) -> Rollout:
    """Pause, resume or stop; one person may. Raises `ROLLOUT_OVER` where the state forbids."""
    found, (before, after) = _rollout(session, number), _ACTS[what]
    if found.state not in before:
        raise ProblemError(Kind.ROLLOUT_OVER)
    found.state = after
    found.why = str(by) if what == "stop" else ""
    append(session, now, by, f"fleet.rollout-{what}", str(number))
    return found


def roll_back(
    session: Session, centre: Centre, number: int, by: Actor, now: datetime
) -> dict[str, int]:
    """Stop, and give each kiosk of the rollout what it had before, as a higher revision.

    One person may: what comes back was approved before. A kiosk that was given something else
    since is left alone; with none left but those it can be done later. Gives kiosks and their new
    revisions; raises `ROLLOUT_OVER` the second time, and before anything was given.
    """
    found = _rollout(session, number)
    if found.state is RolloutState.WAITING or found.rolled_back_at is not None:
        raise ProblemError(Kind.ROLLOUT_OVER)
    if found.state is not RolloutState.DONE:
        found.state, found.why = RolloutState.STOPPED, str(by)
    given = _that_have(session, found)
    found.rolled_back_at = now.isoformat() if given else None
    append(session, now, by, "fleet.rollout-rolled-back", str(number), kiosks=len(given))
    by_content = dict[int, list[str]]()
    for each in given:
        by_content.setdefault(_before(session, centre, each, now), []).append(each.kiosk)
    revisions = dict[str, int]()
    for content, numbers in by_content.items():
        revisions |= service.give(session, numbers, content, by, now, rollout=number)
    return revisions


def _that_have(session: Session, rollout: Rollout) -> list[Document]:
    """What a rollout's kiosks were given last, where that is its content.

    The content, not its own document: a later rollout that was rolled back gave it once more.
    """
    newest = (FleetKiosk.id == Document.kiosk) & (FleetKiosk.revision == Document.revision)
    its = select(Document.kiosk).where(Document.rollout == rollout.id)
    return list(
        session.scalars(
            select(Document)
            .join(FleetKiosk, newest)
            .where(Document.content == rollout.content, Document.kiosk.in_(its))
            .order_by(Document.kiosk)
        )
    )


def _before(session: Session, centre: Centre, given: Document, now: datetime) -> int:
    """The last good content a kiosk had before a rollout; one that wants nothing for none.

    What was rolled back is not good, though its kiosks had committed it.
    """
    taken_back = select(Rollout.content).where(Rollout.rolled_back_at.is_not(None))
    earlier = session.scalar(
        select(Document.content)
        .where(
            Document.kiosk == given.kiosk,
            Document.revision < given.revision,
            Document.outcome == Outcome.COMMITTED,
            Document.content.not_in(taken_back),
        )
        .order_by(Document.revision.desc())
        .limit(1)
    )
    return earlier if earlier is not None else _nothing(session, centre, now)


def _nothing(session: Session, centre: Centre, now: datetime) -> int:
    """The content that wants nothing: the centre's own, sealed by it."""
    found = session.scalar(select(Content.id).where(Content.made_by == str(SYSTEM)))
    if found is None:
        made = contents.propose(session, documents.EMPTY, "", SYSTEM, now)
        contents.approve(session, service.held(centre).seal, made.id, _RULE, now)
        found = made.id
    return found


_RULE = Actor(SYSTEM.kind, "fleet")


def move(session: Session, rollout: Rollout, now: datetime) -> None:
    """Let a rollout go on as far as it may now."""
    plan, may_begin = _wish(rollout).plan(), in_window(rollout.window, now)
    while True:
        before, begun = _stand(rollout), [_tally(each) for each in tallies(session, rollout)]
        after = advance(plan, before, begun, now, may_begin=may_begin)
        if after == before:
            return
        rollout.state, rollout.group = after.state, after.group
        rollout.soaking_since = after.soaking_since and after.soaking_since.isoformat()
        if after.state is not before.state:
            rollout.why = _why(plan, rollout, begun)
            append(session, now, SYSTEM, f"fleet.rollout-{after.state.value.lower()}",
                   str(rollout.id), group=after.group)  # fmt: skip
        if after.group != before.group:
            _begin(session, rollout, now)


def _why(plan: Plan, rollout: Rollout, begun: list[Tally]) -> str:
    """Why a rollout goes no further by itself; "" where it does, or is done."""
    if rollout.state is RolloutState.STOPPED:
        group, tally = next((n, t) for n, t in enumerate(begun) if is_over_limit(plan, t))
        return f"error limit: {tally.failed} of {tally.total} failed in {rollout.groups[group]}"
    if rollout.state is RolloutState.PAUSED:
        return f"nobody is left to answer in {rollout.groups[rollout.group]}: stop, roll out anew"
    return ""


def in_window(window: str, now: datetime) -> bool:
    """Whether a group may begin now; a window may go over midnight."""
    found = _WINDOW.fullmatch(window)
    if found is None:
        return True
    begin, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    at = now.time()
    return begin <= at < end if begin <= end else at >= begin or at < end


def run_due(centre: Centre) -> None:
    """Move every rollout that goes on; a turn of the store for each.

    One that cannot be moved keeps back no other; what it raised is raised in the end.
    """
    failed = list[Exception]()
    with centre.database.read() as session:
        going = [
            each.id for each in records.rollouts(session, RolloutState.RUNNING, RolloutState.PAUSED)
        ]
    for number in going:
        try:
            with centre.database.write() as session:
                move(session, _rollout(session, number), centre.clock())
        except Exception as error:  # noqa: BLE001 - the others go on; it is raised below
            failed.append(error)
            fields = {"rollout": number}
            log.error("rollout %s: %s", number, where(error), extra={FIELDS: fields})  # noqa: TRY400 - its text
    if failed:
        raise ExceptionGroup("rollouts that could not be moved", failed)


def tallies(session: Session, rollout: Rollout) -> list[dict[Outcome, int]]:
    """What came of each group so far."""
    return records.tallies(session, rollout.id, rollout.group + 1)


def failures(session: Session, rollout: int, most: int = 100) -> list[Document]:
    """The documents of a rollout that failed, with step and reason."""
    return list(
        session.scalars(
            select(Document)
            .where(Document.rollout == rollout, Document.outcome == Outcome.FAILED)
            .order_by(Document.kiosk)
            .limit(most)
        )
    )


def _begin(session: Session, rollout: Rollout, now: datetime) -> None:
    """Give the current group its documents.

    Who approved has not seen what a kiosk was given since, by other persons perhaps for a reason,
    nor that one which is out of service would come into a group and be opened: both are left out.
    """
    selector, shut = rollout.groups[rollout.group], _kept_shut(session, rollout)
    numbers = [
        row.id
        for row in records.every_kiosk(session)
        if row.change < rollout.since and row.id not in shut and chosen(row, selector)
    ]
    if numbers:
        service.give(session, numbers, rollout.content, SYSTEM, now,
                     rollout=rollout.id, step=rollout.group)  # fmt: skip


def _kept_shut(session: Session, rollout: Rollout) -> set[str]:
    """Kiosks that are out of service, and that nobody agreed to open."""
    content = session.get_one(Content, rollout.content)
    shuts = documents.is_closed(content.body)
    return set() if shuts else contents.closed(session) - set(rollout.closed)


def _rollout(session: Session, number: int) -> Rollout:
    found = session.get(Rollout, number)
    if found is None:
        raise ProblemError(Kind.NOT_FOUND)
    return found


def _wish(rollout: Rollout) -> Wish:
    groups = tuple(rollout.groups)
    return Wish(groups, rollout.success, rollout.error, rollout.soak_minutes, rollout.window)


def _stand(rollout: Rollout) -> Stand:
    since = rollout.soaking_since
    return Stand(rollout.state, rollout.group, datetime.fromisoformat(since) if since else None)


def _tally(found: dict[Outcome, int]) -> Tally:
    """Of a group; who was given something else before an answer does not count."""
    committed, failed = found.get(Outcome.COMMITTED, 0), found.get(Outcome.FAILED, 0)
    return Tally(committed + failed + found.get(Outcome.PENDING, 0), committed, failed)
