"""A code sent to the holder's registered phone before an agent resets the PIN (reading A10, otp).

Who finds a card cannot have its PIN reset with it: the code goes to the phone the centre knows. It
lives ten minutes and three tries, for one card and one agent, and is kept as a MAC alone.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from pydantic import BaseModel, Field
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.applications.works import work
from central.cards.ledger import digest
from central.centre import Centre
from central.database import Base
from central.eligibility.parties import Asked, needs_code
from central.eligibility.schemas import Question
from central.eligibility.service import look
from central.eligibility.standing import Seen
from central.idempotency import kept_answer
from central.notices.kinds import NoticeKind
from central.notices.outbox import queue
from central.problems import Kind, ProblemError
from regulation.masks import mask_phone

LASTS, PAUSE = timedelta(minutes=10), timedelta(seconds=60)
TRIES, MOST_A_DAY = 3, 5


class OneTimeCode(Base):
    """The last code sent for a card; `card` is its digest, `sent` how many of the day there were.

    `proved_by` is the key of the request that told the code, until that is taken.
    """

    __tablename__ = "one_time_code"

    card: Mapped[str] = mapped_column(primary_key=True)
    mac: Mapped[str]
    sent_at: Mapped[str]
    sent: Mapped[int]
    tries_left: Mapped[int]
    proved_by: Mapped[str | None]


class Sent(BaseModel):
    """Where the code went, and until when it counts."""

    phone_masked: str
    expires_at: datetime = Field(description="ten minutes after it was sent")


def send(centre: Centre, question: Question) -> Sent:
    """Send a code, or tell of the one sent within the last minute.

    Raises `CODE_NOT_SENT`, and whatever stands in the way of the service.
    """
    now = centre.clock()
    if not needs_code(centre.rules, question):
        raise ProblemError(Kind.CODE_NOT_SENT, "This service needs no code here.")
    row = work(question.service, question.applicant_kind)
    with centre.database.write() as session:
        seen = look(session, centre, question, now, row)
        row.stand(seen)
        phone = seen.whose.phone
        if phone is None:
            raise seen.no(Kind.CODE_NOT_SENT, "持卡人没有预留手机号码，请到服务窗口办理")
        held = session.get(OneTimeCode, digest(seen.card.number))
        at = datetime.fromisoformat(held.sent_at) if held else None
        if at is None or at + PAUSE <= now:
            same_day = at is not None and at.date() == now.date()
            _send(session, seen, held.sent + 1 if held and same_day else 1)
            at = now
        return Sent(phone_masked=mask_phone(phone), expires_at=at + LASTS)


def _send(session: Session, seen: Seen, sent: int) -> None:
    if sent > MOST_A_DAY:
        raise seen.no(Kind.CODE_NOT_SENT, "今天的验证码次数已用完，请到服务窗口办理")
    number = f"{secrets.randbelow(10**6):06}"
    session.merge(
        OneTimeCode(
            card=digest(seen.card.number),
            mac=_mac(seen, number),
            sent_at=seen.now.isoformat(),
            sent=sent,
            tries_left=TRIES,
            proved_by=None,
        )
    )
    queue(session, seen.now, NoticeKind.ONE_TIME_CODE, seen.parties.number, code=number)


def prove(centre: Centre, key: str, asked: Asked, told: str | None, now: datetime) -> None:
    """Count a try of the code, in a turn of its own: a wrong one is counted though it is refused.

    Raises `CODE_WRONG`; nothing where no code is needed, or the key has its answer already.
    """
    if not needs_code(centre.rules, asked) or kept_answer(centre.database, key, None) is not None:
        return
    row = work(asked.service, asked.applicant_kind)
    with centre.database.write() as session:
        seen = look(session, centre, asked, now, row)
        held = session.get(OneTimeCode, digest(seen.card.number))
        right = held is not None and _is_right(seen, held, told or "")
        if held is not None:
            held.tries_left -= 0 if right else 1
            held.proved_by = key if right else None
    if not right:
        reason = "验证码不对或已过期，请向持卡人核对"
        raise ProblemError(Kind.CODE_WRONG, clause=seen.clause, reason_zh=reason)


def spend(seen: Seen, key: str) -> None:
    """Use up the code proved under this key, in the transaction of what it was for."""
    if not needs_code(seen.centre.rules, seen.asked):
        return
    held = seen.session.get(OneTimeCode, digest(seen.card.number))
    if held is None or held.proved_by != key:
        raise ProblemError(Kind.CODE_WRONG, clause=seen.clause)
    held.mac, held.tries_left, held.proved_by = "", 0, None


def _is_right(seen: Seen, held: OneTimeCode, number: str) -> bool:
    fresh = seen.now < datetime.fromisoformat(held.sent_at) + LASTS
    same = hmac.compare_digest(held.mac, _mac(seen, number))
    return fresh and held.tries_left > 0 and same


def _mac(seen: Seen, number: str) -> str:
    told = f"otp|{seen.card.number}|{seen.parties.agent_number}|{number}"
    return hmac.digest(seen.centre.secret, told.encode(), hashlib.sha256).hex()
