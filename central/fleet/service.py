"""What operators want of kiosks, and what kiosks answer. Every change within the writer's turn."""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from central.audit.chain import append
from central.audit.records import Actor, Kind
from central.centre import Centre
from central.fleet import contents, documents, keys, records, signing
from central.fleet.records import Document, FleetKiosk, Outcome, Report
from central.fleet.schemas import Reported
from central.operation.logs import FIELDS
from central.problems import Kind as Problem
from central.problems import ProblemError

REST_S, BUSY_S = 60, 15
"""Seconds until a kiosk speaks again: usually, and while a document is on its way."""
_OUTCOMES = {"committed": Outcome.COMMITTED, "failed": Outcome.FAILED}
_AFTERWARDS = frozenset({"fresh", "root", "start"})
"""Steps of a failure that is not the document's which is in force: the kiosk serves by it on, and
tells what became of its metadata or its disk."""
OVERDUE = 3
"""A kiosk that was silent for so many times that is out of reach."""
FAR = 10_000
"""A revision so far above any that was given is the kiosk's own fault, not a restored store's."""

log = logging.getLogger("central")


@dataclass(frozen=True, slots=True)
class Given:
    """Which documents a change made: kiosks and their new revisions."""

    content: int
    revisions: dict[str, int]


def held(centre: Centre) -> keys.Keys:
    """The fleet's keys. Raises `FLEET_KEYS_MISSING` before there are any."""
    if not keys.newest_root(centre.folder):
        raise ProblemError(
            Problem.FLEET_KEYS_MISSING, "Make them: python -m central fleet keys --offline …"
        )
    return keys.load(centre.folder)


def give(  # noqa: PLR0913 - a content to kiosks, by whom, when, and of which rollout
    session: Session,
    numbers: list[str],
    content: int,
    by: Actor,
    now: datetime,
    *,
    rollout: int | None = None,
    step: int | None = None,
) -> dict[str, int]:
    """Give kiosks an approved content, each under its next revision, which are returned.

    A revision is above every one the kiosk has told of, also after the store was restored; what
    it told that cannot be is left out (`FAR`). Without a `step` the documents are none of the
    rollout's: it is rolled back.
    """
    had, told = records.revisions(session, numbers), records.told_revisions(session)
    given = {each: max(had[each], _highest(had[each], told.get(each, 0))) + 1 for each in numbers}
    records.supersede(session, numbers, now.isoformat())
    its = rollout if step is not None else None
    records.give(session, given, content, its, step, now.isoformat())
    target = f"kiosk:{numbers[0]}" if len(numbers) == 1 else f"rollout:{rollout}"
    append(session, now, by, "fleet.desired", target, content=content, kiosks=len(numbers),
           rollout=rollout, group=step)  # fmt: skip
    return given


def _highest(given: int, *told: int) -> int:
    """The highest revision told that can be, at a kiosk that was given one; 0 for none."""
    return max((each for each in told if each <= given + FAR), default=0)


def give_approved(
    session: Session, centre: Centre, numbers: list[str], content: int, by: Actor
) -> Given:
    """Approve a content and give it to kiosks at once; `by` is the second person."""
    now = centre.clock()
    contents.approve(session, held(centre).seal, content, by, now)
    return Given(content, give(session, numbers, content, by, now))


def report(session: Session, number: str, told: Reported, now: datetime) -> Report:
    """Keep what a kiosk says, and what it says of the document it was given last."""
    row, found = records.kiosk(session, number), session.get(Report, number)
    if found is None:
        found = Report(kiosk=number, state="", revision=0, told={})
    settled = _settle(session, row, told, now)
    if (found.state, found.told.get("revision")) != (told.state, told.revision):
        append(session, now, Actor(Kind.KIOSK, number), f"fleet.{told.state}", f"kiosk:{number}",
               revision=told.revision, step=told.step or None)  # fmt: skip
        if max(told.revision, told.serving) > row.revision + FAR:
            log.warning("kiosk %s tells of a revision nobody gave: not counted", number,
                        extra={FIELDS: {"kiosk": number, "revision": told.revision}})  # fmt: skip
    found.revision = _highest(row.revision, found.revision, told.revision, told.serving)
    found.state, found.version = told.state, told.version
    found.told, found.seen_at = told.model_dump(mode="json"), now.isoformat()
    found.next_s = REST_S if settled else BUSY_S
    found.overdue_at = (now + timedelta(seconds=OVERDUE * found.next_s)).isoformat()
    found.faulty = any(each != "ok" for each in told.devices.values())
    session.add(found)
    return found


def _settle(session: Session, row: FleetKiosk, told: Reported, now: datetime) -> bool:
    """Write down what came of the desired document; whether there is nothing to wait for.

    What is told last counts: what could not be proven yet is asked for again by the kiosk. What
    was committed stays so whatever comes afterwards (`_AFTERWARDS`).
    """
    given = records.document(session, row.id, row.revision)
    if given is None:
        return True
    if told.revision == given.revision:
        before, progress = given.outcome, told.state not in _OUTCOMES
        stays = before is Outcome.COMMITTED and (progress or told.step in _AFTERWARDS)
        given.outcome = before if stays else _OUTCOMES.get(told.state, Outcome.PENDING)
        failed = given.outcome is Outcome.FAILED
        given.failed_step, given.reason = (told.step, told.reason) if failed else (None, None)
        if given.outcome is not before:
            given.outcome_at = now.isoformat()
    return given.outcome is not Outcome.PENDING


@dataclass(frozen=True, slots=True)
class Standing:
    """A kiosk as operators see it. `outcome` is of the desired revision, "" for none."""

    kiosk: str
    group: str
    site: str
    desired: int
    outcome: str
    state: str
    revision: int | None
    step: str
    reason: str
    version: str
    seen_at: str | None
    reachable: bool
    faults: list[str]
    told: dict[str, Any]

    @property
    def retired(self) -> bool:
        """Whether it is no more."""
        return self.group == records.RETIRED

    def export(self) -> dict[str, Any]:
        """The same as JSON has it, without the whole report."""
        return {key: value for key, value in asdict(self).items() if key != "told"}


def standings(session: Session, now: datetime) -> list[Standing]:
    """Every kiosk that is in the fleet, by number."""
    rows = records.every_kiosk(session)
    reports, given = records.every_report(session), records.newest_documents(session)
    return [standing_of(row, reports.get(row.id), given.get(row.id), now) for row in rows]


def standing(session: Session, number: str, now: datetime) -> Standing | None:
    """One of them."""
    row = session.get(FleetKiosk, number)
    if row is None:
        return None
    given = records.document(session, number, row.revision)
    return standing_of(row, session.get(Report, number), given, now)


def standing_of(
    row: FleetKiosk, told: Report | None, given: Document | None, now: datetime
) -> Standing:
    """A kiosk as its rows say."""
    said = told.told if told else {}
    devices: dict[str, str] = said.get("devices", {})
    return Standing(
        kiosk=row.id,
        group=row.group,
        site=row.site,
        desired=row.revision,
        outcome=given.outcome.value.lower() if given else "",
        state=told.state if told else "",
        revision=said.get("revision"),
        step=said.get("step", ""),
        reason=said.get("reason", ""),
        version=told.version if told else "",
        seen_at=told.seen_at if told else None,
        reachable=told is not None and not overdue(told, now),
        faults=sorted(name for name, state in devices.items() if state != "ok"),
        told=said,
    )


def overdue(told: Report, now: datetime) -> bool:
    """Whether a kiosk has been silent for too long."""
    return datetime.fromisoformat(told.seen_at) + timedelta(seconds=OVERDUE * told.next_s) < now


def content_of(session: Session, seal: bytes, number: str) -> str:
    """The content a kiosk was given last; one that wants nothing where it was given none."""
    row = session.get(FleetKiosk, number)
    given = records.document(session, number, row.revision) if row else None
    return contents.opened(session, seal, given.content) if given else documents.EMPTY


def metadata(centre: Centre, number: str, name: str) -> bytes | None:
    """A metadata file of a kiosk's repository; None where there is none of that name."""
    version, _, rest = name.partition(".")
    if rest == "root.json" and version.isdigit():
        return keys.root_bytes(centre.folder, int(version))
    if not keys.newest_root(centre.folder):
        return None
    if name == "timestamp.json":
        return _timestamp(centre, number).encode()
    with centre.database.read() as session:
        return records.signed(session, number, name)


def _timestamp(centre: Centre, number: str) -> str:
    """The only file whose asking renews the others, where they need it."""
    now, held_ = centre.clock(), keys.load(centre.folder)
    with centre.database.read() as session:
        found, revision = records.repository(session, number)
    if found is not None and signing.is_fresh(found, revision, held_.root.version, now):
        return found.timestamp
    with centre.database.write() as session:
        return signing.renewed(session, held_, number, now).timestamp


def target(centre: Centre, number: str) -> bytes | None:
    """The document the kiosk's signed targets name; None where they name none."""
    if not keys.newest_root(centre.folder):
        return None
    with centre.database.read() as session:
        return signing.named(session, keys.load(centre.folder), number)
