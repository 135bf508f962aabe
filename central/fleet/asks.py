"""What operators ask kiosks for: the log, or a picture of the attract screen.

A log is asked for by two persons and comes sealed for the operator's key: the centre cannot read
it. A picture is taken while nobody is served, or not at all. Every ask, answer and look is in the
audit; answers are kept for `KEPT`, asks for as long as the audit.
"""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Index, LargeBinary, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.audit.chain import append
from central.audit.records import Actor
from central.audit.records import Kind as ActorKind
from central.centre import Centre
from central.database import Base
from central.problems import Kind as Problem
from central.problems import ProblemError

MOST = 1024 * 1024
"""Bytes of an answer."""
KEPT = timedelta(days=14)


class AskKind(StrEnum):
    """What may be asked for."""

    LOGS = "logs"
    SCREENSHOT = "screenshot"


LASTS = {AskKind.LOGS: timedelta(days=1), AskKind.SCREENSHOT: timedelta(hours=1)}
"""So long a kiosk may answer."""
MAGIC = {AskKind.LOGS: b"KIOSKLOG1\n", AskKind.SCREENSHOT: b"\x89PNG\r\n\x1a\n"}
"""How an answer begins: a log that is not sealed is not taken."""


class AskState(StrEnum):
    """Where an ask stands; `BUSY`: the kiosk serves somebody, and answers later."""

    OPEN = "OPEN"
    BUSY = "BUSY"
    ANSWERED = "ANSWERED"
    FAILED = "FAILED"
    LAPSED = "LAPSED"


WAITING = (AskState.OPEN, AskState.BUSY)


class Ask(Base):
    """A thing one kiosk is asked for, by whom, and what came of it; `size` in bytes."""

    __tablename__ = "fleet_ask"
    __table_args__ = (Index("fleet_ask_kiosk", "kiosk", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kiosk: Mapped[str]
    kind: Mapped[AskKind]
    state: Mapped[AskState]
    reason: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[str]
    expires_at: Mapped[str]
    approved_by: Mapped[str | None]
    answered_at: Mapped[str | None]
    sha256: Mapped[str | None]
    size: Mapped[int]

    def left(self, now: datetime) -> int:
        """Seconds in which it may be answered."""
        return max(0, int((datetime.fromisoformat(self.expires_at) - now).total_seconds()))


class Answer(Base):
    """What a kiosk sent, as it came; taken away after `KEPT`."""

    __tablename__ = "fleet_answer"

    ask: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)


def ask(  # noqa: PLR0913, PLR0917 - who asks whom for what, and who agreed
    session: Session,
    number: str,
    kind: AskKind,
    by: Actor,
    now: datetime,
    approved_by: Actor | None = None,
) -> Ask:
    """Ask a kiosk; what it is asked for already is not asked for twice.

    Raises `SECOND_PERSON_NEEDED` for a log without another person's consent.
    """
    if kind is AskKind.LOGS and approved_by in {None, by}:
        raise ProblemError(Problem.SECOND_PERSON_NEEDED)
    same = next((each for each in waiting(session, number, now) if each.kind is kind), None)
    if same is not None:
        return same
    made = Ask(
        kiosk=number,
        kind=kind,
        state=AskState.OPEN,
        reason="",
        asked_by=str(by),
        asked_at=now.isoformat(),
        expires_at=(now + LASTS[kind]).isoformat(),
        approved_by=str(approved_by) if approved_by else None,
        size=0,
    )
    session.add(made)
    session.flush()
    append(session, now, by, "fleet.asked", f"kiosk:{number}", ask=made.id, kind=kind)
    return made


def waiting(session: Session, number: str, now: datetime) -> list[Ask]:
    """What a kiosk is asked for now, the oldest first."""
    asked = select(Ask).where(
        Ask.kiosk == number, Ask.state.in_(WAITING), Ask.expires_at > now.isoformat()
    )
    return list(session.scalars(asked.order_by(Ask.id)))


def count(session: Session, number: str, now: datetime) -> int:
    """How many things a kiosk is asked for now."""
    asked = select(func.count()).where(
        Ask.kiosk == number, Ask.state.in_(WAITING), Ask.expires_at > now.isoformat()
    )
    return session.scalar(asked) or 0


def of_kiosk(session: Session, number: str, most: int = 10) -> list[Ask]:
    """What a kiosk was asked for, the newest first."""
    asked = select(Ask).where(Ask.kiosk == number).order_by(Ask.id.desc()).limit(most)
    return list(session.scalars(asked))


def postpone(session: Session, number: str, which: int, now: datetime) -> None:
    """The kiosk serves somebody: it answers later, or not before it lapses."""
    found = _asked(session, number, which, now)
    if found.state is AskState.OPEN:
        found.state = AskState.BUSY
        _note(session, found, now)


def fail(session: Session, number: str, which: int, reason: str, now: datetime) -> None:
    """The kiosk cannot answer, and says why in a word."""
    found = _asked(session, number, which, now)
    found.state, found.reason, found.answered_at = AskState.FAILED, reason, now.isoformat()
    _note(session, found, now)


def answer(session: Session, number: str, which: int, data: bytes, now: datetime) -> None:
    """Keep what a kiosk sends; the same twice is kept once.

    Raises `NOT_FOUND`, `ASK_OVER`, and `ASK_ANSWER_REFUSED` for what is too large, or is none.
    """
    found, digest = session.get(Ask, which), hashlib.sha256(data).hexdigest()
    if found and (found.kiosk, found.state, found.sha256) == (number, AskState.ANSWERED, digest):
        return
    found = _asked(session, number, which, now)
    if len(data) > MOST or not data.startswith(MAGIC[found.kind]):
        raise ProblemError(Problem.ASK_ANSWER_REFUSED)
    found.state, found.answered_at = AskState.ANSWERED, now.isoformat()
    found.sha256, found.size = digest, len(data)
    session.add(Answer(ask=found.id, data=data))
    _note(session, found, now)


def look(session: Session, number: str, which: int, by: Actor, now: datetime) -> tuple[Ask, bytes]:
    """An answer, for a person who is written down. Raises `NOT_FOUND`, also when it was removed."""
    found, kept = session.get(Ask, which), session.get(Answer, which)
    if found is None or kept is None or found.kiosk != number:
        raise ProblemError(Problem.NOT_FOUND)
    append(session, now, by, "fleet.answer_seen", f"kiosk:{number}", ask=which, kind=found.kind)
    return found, kept.data


def run_due(centre: Centre) -> None:
    """Let lapse what was not answered in time, and remove what was kept long enough."""
    now = centre.clock()
    late = select(Ask).where(Ask.state.in_(WAITING), Ask.expires_at <= now.isoformat())
    old = select(Ask).join(Answer, Answer.ask == Ask.id)
    old = old.where(Ask.answered_at <= (now - KEPT).isoformat())
    with centre.database.read() as session:
        if not session.scalars(late.union(old).limit(1)).first():
            return
    with centre.database.write() as session:
        for each in session.scalars(late):
            each.state = AskState.LAPSED
            append(session, now, Actor(ActorKind.SYSTEM, "centre"), "fleet.ask_lapsed",
                   f"kiosk:{each.kiosk}", ask=each.id)  # fmt: skip
        for each in session.scalars(old):
            session.delete(session.get_one(Answer, each.id))
            append(session, now, Actor(ActorKind.SYSTEM, "centre"), "fleet.answer_removed",
                   f"kiosk:{each.kiosk}", ask=each.id)  # fmt: skip


def _asked(session: Session, number: str, which: int, now: datetime) -> Ask:
    found = session.get(Ask, which)
    if found is None or found.kiosk != number:
        raise ProblemError(Problem.NOT_FOUND)
    if found.state not in WAITING or found.expires_at <= now.isoformat():
        raise ProblemError(Problem.ASK_OVER)
    return found


def _note(session: Session, found: Ask, now: datetime) -> None:
    who, what = Actor(ActorKind.KIOSK, found.kiosk), f"fleet.ask_{found.state.lower()}"
    append(session, now, who, what, f"kiosk:{found.kiosk}",
           ask=found.id, bytes=found.size, reason=found.reason or None)  # fmt: skip
