"""One key, one answer: the answer is kept in the transaction that did the work.

A kiosk that never heard the answer sends the request again with its key and reads the same answer
(draft-ietf-httpapi-idempotency-key-header; `docs/central.md`, "Keys"). A refusal has no effect and
is not kept: the same request is judged again.
"""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.audit.records import Actor
from central.database import Base, Database
from central.problems import Kind, ProblemError

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

Body = dict[str, Any]


class KeptAnswer(Base):
    """The answer a key got, the fingerprint of the request it answered, and whose that was."""

    __tablename__ = "kept_answer"

    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    body: Mapped[str]
    answered_at: Mapped[str] = mapped_column(index=True)
    owner: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body; `replayed` when they were kept from an earlier time."""

    status: int
    body: Body
    replayed: bool = False


class Running:
    """The keys whose work is going on now."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._lock = threading.Lock()

    @contextmanager
    def alone(self, key: str) -> Generator[None]:
        """Hold the key; `REQUEST_RUNNING` if somebody does already."""
        with self._lock:
            self._refuse(key)
            self._keys.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(key)

    def check(self, key: str) -> None:
        """Raise `REQUEST_RUNNING` while somebody holds the key."""
        with self._lock:
            self._refuse(key)

    def _refuse(self, key: str) -> None:
        if key in self._keys:
            raise ProblemError(Kind.REQUEST_RUNNING, headers={"Retry-After": "1"})


def parse_key(text: str | None) -> str:
    """The key in lower case, or the problem that it is missing or no UUID (any version)."""
    if text is None or not text.strip():
        raise ProblemError(Kind.KEY_MISSING, "Send a UUID, the same for every repetition.")
    key = text.strip().lower()
    if not _UUID.fullmatch(key):
        raise ProblemError(Kind.KEY_MALFORMED, "Send it as 8-4-4-4-12 hexadecimal digits.")
    return key


def _key(request: Request) -> str:
    return parse_key(request.headers.get(HEADER))


Key = Annotated[str, Depends(_key)]
"""The request's key, as a route's parameter."""

KEY_PARAMETER: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}
"""The same for the OpenAPI document: the header is read by hand, so that 400 answers its lack."""


def fingerprint(route: str, body: Body) -> str:
    """SHA-256 over the route and the body in one canonical form (RFC 8785 for what we send)."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{route}\n{canonical}".encode()).hexdigest()


def answer_once(  # noqa: PLR0913, PLR0917 - a request, whose, when, and what it does
    database: Database,
    key: str,
    print_: str,
    now: datetime,
    owner: Actor,
    work: Callable[[Session], Answer],
) -> Answer:
    """Do the work and keep its answer in one transaction, or give the answer kept before.

    `owner` alone may ask for the answer later. The caller holds the key (`Running.alone`).
    Raises `KEY_REUSED` when the key belongs to another body, and whatever problem the work raises:
    then nothing is kept.
    """
    with database.write() as session:
        kept = replay(session, key, print_)
        if kept is not None:
            return kept
        answer = work(session)
        session.add(
            KeptAnswer(
                key=key,
                fingerprint=print_,
                status=answer.status,
                body=json.dumps(answer.body, ensure_ascii=False),
                answered_at=now.isoformat(),
                owner=str(owner),
            )
        )
        return answer


def replay(session: Session, key: str, print_: str) -> Answer | None:
    """The answer kept for a key; None if there is none yet.

    For who asks before slow work that `answer_once` follows. Raises `KEY_REUSED`.
    """
    kept = session.get(KeptAnswer, key)
    if kept is None:
        return None
    if kept.fingerprint != print_:
        raise ProblemError(Kind.KEY_REUSED, "Use a new key for another request.")
    return _stored(kept)


def kept_answer(database: Database, key: str, asker: Actor | None) -> Answer | None:
    """The answer a key got; None if no such request of this device was ever finished.

    An `asker` nobody knows (None) comes in where devices are believed, for development alone.
    """
    with database.read() as session:
        kept = session.get(KeptAnswer, key)
        another = asker is not None and kept is not None and kept.owner not in {None, str(asker)}
        return None if kept is None or another else _stored(kept)


def _stored(kept: KeptAnswer) -> Answer:
    return Answer(kept.status, json.loads(kept.body), replayed=True)
