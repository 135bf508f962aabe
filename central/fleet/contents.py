"""Contents: proposed by one person, approved and sealed when a second one agrees."""

import hashlib
import hmac
import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.audit.chain import append
from central.audit.records import Actor
from central.database import StoreError
from central.fleet import documents
from central.fleet.records import Content, Document, FleetKiosk
from central.problems import Kind, ProblemError

_MOST_OPENED = 32
_OPENED: dict[tuple[bytes, int], str] = {}


def propose(session: Session, text: str, note: str, by: Actor, now: datetime) -> Content:
    """A checked content, not yet approved. Raises `DOCUMENT_REFUSED`."""
    made = Content(
        body=documents.checked(text), note=note[:200], made_by=str(by), made_at=now.isoformat()
    )
    session.add(made)
    session.flush()
    append(session, now, by, "fleet.proposed", str(made.id), sha256=digest(made))
    return made


def approve(session: Session, seal: bytes, number: int, by: Actor, now: datetime) -> Content:
    """Approve and seal. Raises `SECOND_PERSON_NEEDED` for who made it, `NOT_FOUND`.

    What was approved before stays as it is.
    """
    content = session.get(Content, number)
    if content is None:
        raise ProblemError(Kind.NOT_FOUND)
    if content.made_by == str(by):
        raise ProblemError(Kind.SECOND_PERSON_NEEDED)
    if content.seal is None:
        documents.checked(content.body)
        content.approved_by, content.approved_at = str(by), now.isoformat()
        content.seal = _mac(seal, content)
        append(session, now, by, "fleet.approved", str(number), sha256=digest(content))
    return content


def opened(session: Session, seal: bytes, number: int) -> str:
    """The body of a content two persons stand behind.

    Raises `StoreError` where the seal is not ours. What was opened once is remembered: it cannot
    change, and many kiosks ask for it together.
    """
    known = _OPENED.get((seal, number))
    if known is not None:
        return known
    content = session.get(Content, number)
    if content is None or not hmac.compare_digest(content.seal or "", _mac(seal, content)):
        raise StoreError(
            f"content {number} was altered, or approved by nobody: it is not signed; give the "
            "kiosks another one, and look who wrote to the store"
        )
    while len(_OPENED) >= _MOST_OPENED:
        _OPENED.pop(next(iter(_OPENED)), None)
    _OPENED[seal, number] = content.body
    return content.body


def closed(session: Session) -> set[str]:
    """Kiosks that are out of service by what they were given last."""
    newest = (FleetKiosk.id == Document.kiosk) & (FleetKiosk.revision == Document.revision)
    given = select(Document.kiosk, Document.content).join(FleetKiosk, newest)
    bodies = select(Content.id, Content.body).where(
        Content.id.in_(select(Document.content).join(FleetKiosk, newest))
    )
    shut = {row.id for row in session.execute(bodies) if documents.is_closed(row.body)}
    return {row.kiosk for row in session.execute(given) if row.content in shut}


def digest(content: Content) -> str:
    """SHA-256 of a content's body, hexadecimal."""
    return hashlib.sha256(content.body.encode()).hexdigest()


def _mac(seal: bytes, content: Content) -> str:
    record = [content.id, content.body, content.made_by, content.made_at]
    record += [content.approved_by, content.approved_at]
    text = json.dumps(record, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(seal, text.encode(), hashlib.sha256).hexdigest()
