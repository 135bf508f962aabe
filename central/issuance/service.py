"""The steps of a card station: each judged in one transaction with what it does."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from central.audit.records import Actor
from central.audit.records import Kind as ActorKind
from central.cards.ledger import Act
from central.centre import Centre
from central.hsm.schemas import Command
from central.idempotency import Answer, answer_once, fingerprint
from central.issuance import making, undoing
from central.issuance.records import StationSeen, WriteState, open_write_at
from central.issuance.schemas import (
    Blank,
    Confirmed,
    Job,
    Made,
    Reversal,
    Reversed,
    Started,
)
from central.schemas import Strict

OK = 200
SEEN_EVERY = timedelta(seconds=30)


def job(centre: Centre, station: str) -> Job | None:
    """The card a station is to make; None while there is none, or it has started one."""
    at = centre.clock()
    now = at.isoformat()
    with centre.database.read() as session:
        seen = session.get(StationSeen, station)
        write = open_write_at(session, station)
    if seen is None or datetime.fromisoformat(seen.at) + SEEN_EVERY <= at:
        with centre.database.write() as session:
            session.merge(StationSeen(station=station, at=now))
    if write is None or write.state is not WriteState.PREPARED:
        return None
    if write.expires_at is None or write.expires_at <= now:
        return None
    return Job.model_validate(
        {
            "write_id": write.id,
            "expires_at": write.expires_at,
            "personalisation": write.personalisation,
        }
    )


def start(centre: Centre, key: str, write_id: str, station: str, blank: Blank) -> Answer:
    """Bind a write to a blank."""

    def work(session: Session, act: Act) -> Started:
        making.start(session, write_id, station, blank.identifier, act)
        return Started()

    return _once(centre, key, f"start {write_id}", station, blank, work)


def confirm(centre: Centre, key: str, write_id: str, station: str, made: Made) -> Answer:
    """Take a card that was made."""
    written = making.Written(made.identifier, made.atr, made.data_sha256)

    def work(session: Session, act: Act) -> Confirmed:
        making.confirm(session, write_id, station, written, act)
        return Confirmed(state="confirmed")

    return _once(centre, key, f"confirm {write_id}", station, made, work)


def reverse(centre: Centre, key: str, write_id: str, station: str, said: Reversal) -> Answer:
    """Take a write back, or block one that has not come yet."""

    def work(session: Session, act: Act) -> Reversed:
        undoing.reverse(session, write_id, station, said.reason, act)
        return Reversed(state="reversed")

    return _once(centre, key, f"reverse {write_id}", station, said, work)


def _once(  # noqa: PLR0913, PLR0917 - a request, whose, and what it does
    centre: Centre,
    key: str,
    route: str,
    station: str,
    body: Strict,
    work: Callable[[Session, Act], Started | Confirmed | Reversed | Command],
) -> Answer:
    act = Act(Actor(ActorKind.STATION, station), centre.clock())
    print_ = fingerprint(f"card-write {route} {station}", body.model_dump(mode="json"))

    def answer(session: Session) -> Answer:
        return Answer(OK, work(session, act).model_dump(mode="json"))

    with centre.running.alone(key):
        return answer_once(centre.database, key, print_, act.at, act.actor, answer)
