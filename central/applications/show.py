"""Showing applications to those who may see no more than a screen shows: masked."""

import base64
import binascii
import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_

from central.applications import records
from central.applications.records import Application
from central.applications.schemas import MaskedParty, Page, Summary
from central.applications.states import CaseState
from central.applications.words import progress
from central.audit.records import Actor, Kind
from central.centre import Centre
from central.problems import Kind as Problem
from central.problems import ProblemError
from central.trust.caller import CHANNELS
from regulation.masks import mask_name, mask_number, mask_phone
from regulation.vouchers import is_voucher_number

Cursor = tuple[str, str]


def show(centre: Centre, voucher_no: str) -> Summary:
    """An application with masked data; `VOUCHER_UNKNOWN` if there is none."""
    with centre.database.read() as session:
        found = records.find(session, voucher_no)
        if found is None:
            raise ProblemError(Problem.VOUCHER_UNKNOWN)
        return summary(found)


def resolve(centre: Centre, text: str) -> Summary:
    """The application of a voucher's code; a forged code is as unknown as a wrong number."""
    voucher_no = centre.codes.read(text)
    if voucher_no is None:
        raise ProblemError(Problem.VOUCHER_UNKNOWN)
    return show(centre, voucher_no)


def listed(
    centre: Centre, caller: Actor | None, state: CaseState | None, cursor: str | None, limit: int
) -> Page:
    """A page of the caller's applications, the oldest first.

    A kiosk sees its own, another system those of its channel. What is taken meanwhile comes on a
    later page, never twice, never left out. Raises `DEVICE_FORBIDDEN`, `INVALID` for a cursor.
    """
    wanted = select(Application).order_by(Application.submitted_at, Application.voucher_no)
    if caller is not None:
        if caller.kind not in CHANNELS:
            raise ProblemError(Problem.DEVICE_FORBIDDEN)
        wanted = wanted.where(Application.channel == CHANNELS[caller.kind].value)
        if caller.kind is Kind.KIOSK:
            wanted = wanted.where(Application.kiosk_id == caller.id)
    if state is not None:
        wanted = wanted.where(Application.state == state.value)
    if cursor is not None:
        after = _read_cursor(cursor)
        wanted = wanted.where(tuple_(Application.submitted_at, Application.voucher_no) > after)
    with centre.database.read() as session:
        rows = session.scalars(wanted.limit(limit + 1)).all()
    items = [summary(row) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(items=items, next=_cursor(last) if last else None)


def page_tag(page: Page) -> str:
    """The ETag of a page: it changes with any of its cases."""
    told = [(item.voucher_no, item.version) for item in page.items]
    return hashlib.sha256(json.dumps([told, page.next]).encode()).hexdigest()[:32]


def summary(row: Application) -> Summary:
    """An application, masked."""
    return Summary.model_validate(
        progress(row.state).model_dump()
        | {
            "voucher_no": row.voucher_no,
            "service": row.service,
            "channel": row.channel,
            "applicant_kind": row.applicant_kind,
            "applicant": _masked(row.applicant),
            "agent": _masked(row.agent) if row.agent else None,
            "phone": mask_phone(row.phone) if row.phone else None,
            "submitted_at": row.submitted_at,
            "state_at": row.state_at,
            "due_at": row.due_at,
            "window": row.window,
            "version": row.version,
        }
    )


def _masked(party: dict[str, Any]) -> MaskedParty:
    return MaskedParty(
        name=mask_name(party["name"]), paper=party["paper"], number=mask_number(party["number"])
    )


def _cursor(row: Application) -> str:
    text = json.dumps([row.submitted_at, row.voucher_no])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read_cursor(text: str) -> Cursor:
    """Where a page ended. Opaque to the caller: who invents one reads no more than is theirs."""
    try:
        told: Any = json.loads(base64.urlsafe_b64decode(text.encode()))
        at, voucher_no = told
        day = datetime.fromisoformat(at)
    except (binascii.Error, ValueError, TypeError):
        day, voucher_no = None, ""
    if day is None or not isinstance(voucher_no, str) or not is_voucher_number(voucher_no):
        raise ProblemError(Problem.INVALID, "query.cursor: it is none of this centre's.")
    return day.isoformat(), voucher_no
