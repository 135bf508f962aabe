"""Checkpoints of kiosks' logs: what a kiosk signed of its log, and the centre's countersignature.

A kiosk's log is a hash chain; a checkpoint says which hash its line `seq` had at a time. A kiosk
that hands in another hash for the same line, or a line before one it handed in, has another log
than it had: that is refused and told (facts/central.md 12).
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ed25519
from sqlalchemy import BigInteger, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.audit.chain import append
from central.audit.records import Actor, Kind
from central.database import Base
from central.fleet.kiosk_signed import opened
from central.fleet.records import kiosk as fleet_kiosk
from central.problems import Kind as Problem
from central.problems import ProblemError

KIND, COUNTER_KIND = "kiosk-log-checkpoint", "kiosk-log-countersigned"
_HEAD = re.compile(r"[0-9a-f]{64}")


class LogCheckpoint(Base):
    """That line `seq` of a kiosk's log had the hash `head` at `at`, by the kiosk's clock.

    `signed` is the kiosk's token, `countersigned` the centre's, of `taken_at`.
    """

    __tablename__ = "fleet_log_checkpoint"
    __table_args__ = (Index("fleet_log_checkpoint_taken", "kiosk", "taken_at"),)

    kiosk: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    head: Mapped[str]
    at: Mapped[str]
    taken_at: Mapped[str]
    signed: Mapped[str]
    countersigned: Mapped[str]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a checkpoint: the centre's row for it, or the newest one it contradicts."""

    row: LogCheckpoint
    forked: bool = False


def take(  # noqa: PLR0913, PLR0917 - who hands in what, when, and with which key it is signed
    session: Session,
    key: ed25519.Ed25519PrivateKey,
    kiosk: str,
    seq: int,
    signed: str,
    now: datetime,
) -> Taken:
    """Countersign a kiosk's checkpoint; the same one again gets the same answer.

    Raises `LOG_CHECKPOINT_REFUSED` where it is not signed by the kiosk, or not for this line.
    """
    said = _said(session, kiosk, seq, signed)
    newest = session.scalar(
        select(LogCheckpoint)
        .where(LogCheckpoint.kiosk == kiosk)
        .order_by(LogCheckpoint.seq.desc())
        .limit(1)
    )
    known = session.get(LogCheckpoint, (kiosk, seq))
    if known is not None and known.head == said["head"]:
        return Taken(known)
    if newest is not None and newest.seq >= seq:
        append(session, now, Actor(Kind.KIOSK, kiosk), "log.forked", f"kiosk:{kiosk}", seq=seq,
               newest=newest.seq)  # fmt: skip
        return Taken(newest, forked=True)
    told = {"kiosk": kiosk, "seq": seq, **said, "taken_at": now.isoformat()}
    made = LogCheckpoint(**told, signed=signed, countersigned=_token(key, told))
    fleet_kiosk(session, kiosk)
    session.add(made)
    session.flush()
    return Taken(made)


def every(session: Session, kiosk: str) -> list[LogCheckpoint]:
    """A kiosk's checkpoints in the order of their lines."""
    wanted = select(LogCheckpoint).where(LogCheckpoint.kiosk == kiosk)
    return list(session.scalars(wanted.order_by(LogCheckpoint.seq)))


def _said(session: Session, kiosk: str, seq: int, signed: str) -> dict[str, str]:
    """What a token says, once one of the kiosk's own certificates proves it."""
    try:
        said = opened(session, kiosk, KIND, signed)
        place, head, at = (said["kiosk"], said["seq"]), str(said["head"]), str(said["at"])
        datetime.fromisoformat(at)
    except (ValueError, KeyError):
        raise ProblemError(Problem.LOG_CHECKPOINT_REFUSED) from None
    if place != (kiosk, seq) or not _HEAD.fullmatch(head):
        raise ProblemError(Problem.LOG_CHECKPOINT_REFUSED)
    return {"head": head, "at": at}


def _token(key: ed25519.Ed25519PrivateKey, told: Mapping[str, object]) -> str:
    """The centre's word as a compact JWS: EdDSA (RFC 8037) with the key of the audit."""
    text = ".".join(_packed(each) for each in ({"alg": "EdDSA", "typ": COUNTER_KIND}, told))
    return f"{text}.{_base64(key.sign(text.encode()))}"


def _packed(value: Mapping[str, object]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
