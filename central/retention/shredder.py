"""Removes what its rule says, for ever, and gives a receipt for it.

Rows go with `secure_delete`, an image's key with its row: what is left of it anywhere is noise. The
receipt is a row and a link of the audit in the transaction that removes. After the commits the
store's objects are deleted and SQLite's log is emptied, where the removed still stood.
"""

import hashlib
import json
import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.applications.records import Application
from central.applications.states import OVER, CaseState
from central.audit.chain import append
from central.audit.records import SYSTEM, Actor
from central.centre import Centre
from central.database import FILE, StoreError
from central.images.records import DoomedObject, Piece
from central.problems import Kind, ProblemError
from central.retention import sweeps
from central.retention.records import ShredReceipt
from central.retention.rules import RULES, Removed, Rule, configured_days

A_TURN = 200
"""Things removed in one turn of the writer: others wait no longer than some milliseconds."""
_BUSY_MS = 10_000
_ORPHAN_S = 24 * 3600


def run_due(
    centre: Centre, actor: Actor = SYSTEM, days: Mapping[str, int] | None = None
) -> list[ShredReceipt]:
    """Remove all that is due now; the receipts. For once a day, and the command.

    Raises `ProblemError` (`BUSY`) when the image store does not answer: the keys are gone then,
    and the next run deletes the objects.
    """
    days = days or configured_days()
    receipts = [receipt for rule in RULES for receipt in _run(centre, rule, days, actor)]
    empty_log(centre)
    delete_doomed(centre)
    return receipts


def count_due(centre: Centre, days: Mapping[str, int] | None = None) -> dict[str, int]:
    """How many things each rule would remove now; nothing is removed."""
    days = days or configured_days()
    with centre.database.read() as session:
        return {
            rule.name: len(rule.due(session, _before(centre, days[rule.name]), 2**31 - 1))
            for rule in RULES
        }


def shred_case(centre: Centre, voucher_no: str, actor: Actor) -> ShredReceipt:
    """Remove the person and the pictures of a case before their time, because the person asked.

    Raises `VOUCHER_UNKNOWN`, and `CASE_STATE_FORBIDS` while the case is not over.
    """
    with centre.database.write() as session:
        case = session.get(Application, voucher_no)
        if case is None:
            raise ProblemError(Kind.VOUCHER_UNKNOWN)
        if CaseState(case.state) not in OVER:
            raise ProblemError(
                Kind.CASE_STATE_FORBIDS,
                "A case that is not over keeps its data.",
                reason_zh="这笔业务尚未办结，资料暂不能删除",
            )
        removed = sweeps.remove_case_person(session, voucher_no)
        removed += sweeps.remove_case_images(session, voucher_no)
        receipt = _receipt(session, centre.clock(), actor, "on_request", removed)
    empty_log(centre)
    delete_doomed(centre)
    return receipt


def delete_doomed(centre: Centre) -> int:
    """Delete the objects whose keys are gone; how many. Raises `ProblemError` (`BUSY`)."""
    count = 0
    while True:
        with centre.database.read() as session:
            names = list(session.scalars(select(DoomedObject.object).limit(A_TURN)))
        if not names:
            return count
        for name in names:
            centre.vault.objects.delete(name)
        with centre.database.write() as session:
            for row in session.scalars(select(DoomedObject).where(DoomedObject.object.in_(names))):
                session.delete(row)
        count += len(names)


def delete_orphans(centre: Centre) -> int:
    """Delete objects a crash left without a row, a day old at least; lists the whole store."""
    oldest = centre.clock().timestamp() - _ORPHAN_S
    count = 0
    for name, made in centre.vault.objects.names():
        if made < oldest:
            with centre.database.read() as session:
                known = session.get(Piece, name) or session.get(DoomedObject, name)
            if known is None:
                centre.vault.objects.delete(name)
                count += 1
    return count


def empty_log(centre: Centre) -> None:
    """Empty SQLite's write-ahead log, which holds pages as they were; PostgreSQL keeps its own.

    Raises `StoreError` when a reader holds it for too long: run again.
    """
    if centre.database.is_postgresql:
        return
    connection = sqlite3.connect(centre.folder / FILE, timeout=_BUSY_MS / 1000)
    try:
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    if busy:
        raise StoreError("removed rows still stand in the store's log: run `shred` again")


def _run(centre: Centre, rule: Rule, days: Mapping[str, int], actor: Actor) -> list[ShredReceipt]:
    receipts: list[ShredReceipt] = []
    before = _before(centre, days[rule.name])
    while True:
        with centre.database.write() as session:
            names = rule.due(session, before, A_TURN)
            if not names:
                return receipts
            removed = [gone for name in names for gone in rule.remove(session, name)]
            receipts.append(_receipt(session, centre.clock(), actor, rule.name, removed))


def _before(centre: Centre, days: int) -> str:
    return (centre.clock() - timedelta(days=days)).isoformat()


def _receipt(
    session: Session, at: datetime, actor: Actor, rule: str, removed: Removed
) -> ShredReceipt:
    """The receipt, in the transaction of what it is for, chained into the audit."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for kind, name in removed:
        names[kind].append(name)
    rows = [
        {"kind": kind, "count": len(group), "digest": _digest("\n".join(sorted(group)))}
        for kind, group in sorted(names.items())
    ]
    receipt = ShredReceipt(
        id=secrets.token_hex(16),
        at=at.isoformat(),
        actor=str(actor),
        rule=rule,
        removed=rows,
        digest="",
    )
    record = [receipt.id, receipt.at, receipt.actor, receipt.rule, receipt.removed]
    receipt.digest = _digest(json.dumps(record, sort_keys=True, separators=(",", ":")))
    session.add(receipt)
    told = {"rule": rule, "count": len(removed), "digest": receipt.digest}
    append(session, at, actor, "data.shredded", receipt.id, **told)
    return receipt


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
