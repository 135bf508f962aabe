"""Notices put down in the transaction of what they tell of, and delivered at least once.

A try is written down before it is made, with the time of the next one: whoever dies between
sending and writing "delivered", the message goes out again under the same id, and no other process
makes the same try.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.centre import Centre
from central.notices.gateway import FOLDER, FileGateway, Message, NotDelivered, SmsGateway
from central.notices.kinds import NoticeKind, check, render
from central.notices.records import Notice, NoticeState
from central.people.records import find_person

FIRST_WAIT_S, MOST_WAIT_S = 30, 3600
TRIES = 7 * 24
"""About a week of the longest wait. Then nobody is told by this notice any more."""
FAILURES, A_ROUND = 3, 1000


def queue(
    session: Session,
    at: datetime,
    kind: NoticeKind,
    id_number: str,
    *,
    phone: str | None = None,
    **parameters: str,
) -> Notice:
    """Put a notice into the outbox, in the transaction of what it tells of.

    It goes to `phone`, such as one the citizen gave with the case, or else to the person's
    registered phone; without either it is kept as NO_PHONE. Parameters are those of `kinds.py`.
    """
    check(kind, parameters)
    person = None if phone else find_person(session, id_number)
    recipient = phone or (person and person.phone) or None
    notice = Notice(
        id=str(uuid.uuid4()),
        kind=kind.name,
        recipient=recipient,
        parameters=parameters if recipient else {},
        voucher_no=parameters.get("voucher_no"),
        state=NoticeState.WAITING if recipient else NoticeState.NO_PHONE,
        attempts=0,
        next_at=int(at.timestamp()),
        queued_at=at.isoformat(),
    )
    session.add(notice)
    return notice


def deliver_due(centre: Centre, gateway: SmsGateway | None = None) -> int:
    """Try the notices whose time has come; how many were delivered. For every few seconds.

    A round ends early when the gateway fails thrice in a row: it is not there.
    """
    gateway = gateway or FileGateway(centre.folder / FOLDER)
    delivered = failures = 0
    while failures < FAILURES and delivered < A_ROUND:
        attempt = _claim(centre)
        if attempt is None:
            break
        try:
            _send(gateway, attempt.message)
        except NotDelivered:
            failures += 1
            if attempt.last:
                _end(centre, attempt.message.id, NoticeState.GIVEN_UP)
            continue
        _end(centre, attempt.message.id, NoticeState.DELIVERED)
        delivered, failures = delivered + 1, 0
    return delivered


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A message whose try is written down; after the last one it is given up."""

    message: Message
    last: bool


def _send(gateway: SmsGateway, message: Message) -> None:
    """Send what has words; what has none waits for the program that knows them."""
    if not message.text:
        raise NotDelivered("no words")
    gateway.send(message)


def _claim(centre: Centre) -> _Attempt | None:
    """The next notice that is due, and the time of its next try written down."""
    now = int(centre.clock().timestamp())
    due = (
        select(Notice)
        .where(Notice.state == NoticeState.WAITING, Notice.next_at <= now)
        .order_by(Notice.next_at)
        .limit(1)
    )
    with centre.database.read() as session:
        if session.scalars(due).first() is None:
            return None  # most rounds find nothing, and write nothing
    with centre.database.write() as session:
        notice = session.scalars(due).first()
        if notice is None or notice.recipient is None:
            return None
        notice.attempts += 1
        notice.next_at = now + min(MOST_WAIT_S, FIRST_WAIT_S * 2 ** (notice.attempts - 1))
        message = Message(notice.id, notice.recipient, _text(notice))
        return _Attempt(message, last=notice.attempts >= TRIES)


def _text(notice: Notice) -> str:
    """The message; "" of a kind, or with parameters, that another version of the program has."""
    try:
        return render(NoticeKind[notice.kind], notice.parameters)
    except KeyError:
        return ""


def _end(centre: Centre, notice_id: str, state: NoticeState) -> None:
    with centre.database.write() as session:
        notice = session.get(Notice, notice_id)
        if notice is not None:  # the shredder may have been there
            _forget(notice, state)


def _forget(notice: Notice, state: NoticeState) -> None:
    """Whom it went to, and with what, is nobody's business any more."""
    notice.state, notice.recipient, notice.parameters = state, None, {}
