"""Appends to the audit, and checks that it is whole: a hash chain over all its rows.

Who alters, removes or slips in a row breaks the chain from there on; who cuts off its end is
found out by a signed checkpoint (facts/central.md 12).
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.audit.records import Actor, AuditEntry

START = "0" * 64
"""What the first row is chained to."""

Detail = str | int | bool | None


def append(
    session: Session, at: datetime, actor: Actor, action: str, target: str, **details: Detail
) -> AuditEntry:
    """Write down an act in the transaction of its effect; right within the writer's turn only.

    `action` is `noun.verb`, such as `case.accepted`. `details` hold codes, never a person's data.
    """
    head = session.execute(
        select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)
    ).first()
    seq, prev = (head.seq + 1, head.hash) if head else (1, START)
    entry = AuditEntry(
        seq=seq,
        at=at.isoformat(),
        actor=str(actor),
        action=action,
        target=target,
        details=_canonical(details),
        prev=prev,
    )
    entry.hash = link(entry)
    session.add(entry)
    session.flush()
    return entry


def link(entry: AuditEntry) -> str:
    """The hash a row must have: SHA-256 over the hash before and the row's canonical JSON."""
    record = [entry.seq, entry.at, entry.actor, entry.action, entry.target, entry.details]
    return hashlib.sha256(f"{entry.prev}\n{_canonical(record)}".encode()).hexdigest()


def broken_at(entries: Iterable[AuditEntry], prev: str = START, seq: int = 1) -> int | None:
    """The number of the first row that does not fit the one before; None for a whole chain."""
    for entry in entries:
        if (entry.seq, entry.prev, entry.hash) != (seq, prev, link(entry)):
            return seq
        seq, prev = entry.seq + 1, entry.hash
    return None


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
