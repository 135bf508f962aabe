"""The audit and the uses of keys, for auditors: codes alone, nothing of any citizen."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, StringConstraints
from sqlalchemy import select
from starlette.responses import StreamingResponse

from central.audit.chain import append
from central.centre import Here
from central.console import log
from central.console.access import SignedIn, needs
from central.console.log import SHOWN, Wanted
from central.console.render import go, page
from central.console.words import N_
from central.hsm.records import KeyUse
from central.problems import Kind, ProblemError
from central.users.roles import Role

router = APIRouter(prefix="/console/audit")

PATH = "/console/audit"

Auditor = Annotated[SignedIn, Depends(needs(Role.AUDITOR))]
Exact = Annotated[str, StringConstraints(max_length=64, strip_whitespace=True)]
Day = Annotated[date | None, BeforeValidator(lambda text: text or None)]


class Filter(BaseModel):
    """What the form asks for."""

    actor: Exact = ""
    action: Exact = ""
    target: Exact = ""
    since: Day = None
    until: Day = None
    before: Annotated[int | None, BeforeValidator(lambda text: text or None)] = None

    @property
    def wanted(self) -> Wanted:
        """The same for the store."""
        return Wanted(**self.model_dump())


Filtered = Annotated[Filter, Query()]


@router.get("")
def get_audit(request: Request, user: Auditor, centre: Here, asked: Filtered) -> Response:
    """Rows, the newest first."""
    with centre.database.read() as session:
        rows = log.entries(session, asked.wanted)
    more = len(rows) > SHOWN
    return page(
        request,
        user,
        "audit/audit.html",
        rows=rows[:SHOWN],
        asked=asked,
        further=_further(asked, before=rows[SHOWN - 1].seq) if more else None,
        same=_further(asked),
    )


@router.post("/check")
def post_check(request: Request, user: Auditor, centre: Here) -> Response:
    """Looks whether the chain is whole, and writes down that it was looked."""
    with centre.database.read() as session:
        count, broken = log.checked(session)
    with centre.database.write() as session:
        append(
            session, centre.clock(), user.actor, "audit.checked", "audit", rows=count, broken=broken
        )
    if broken is not None:
        raise ProblemError(
            Kind.AUDIT_BROKEN,
            f"The audit is not whole from row {broken} on: report it at once.",
            reason_zh=f"审计记录从第 {broken} 条起不完整，请立即上报并保护现场",
        )
    return go(request, PATH, N_("审计记录完整：{count} 条，哈希链没有断开"), count=count)


@router.get("/export")
def get_export(user: Auditor, centre: Here, asked: Filtered) -> Response:
    """The rows as CSV, with their hashes; that somebody took them is written down."""
    with centre.database.write() as session:
        append(session, centre.clock(), user.actor, "audit.exported", "audit")

    def lines() -> Iterator[str]:
        with centre.database.read() as session:
            yield "\ufeff"  # a spreadsheet sees that it is UTF-8
            yield from log.export(session, asked.wanted)

    return StreamingResponse(
        lines(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
    )


@router.get("/keys")
def get_keys(
    request: Request,
    user: Auditor,
    centre: Here,
    before: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """Every use of a card key, the newest first."""
    asked = select(KeyUse).order_by(KeyUse.id.desc()).limit(SHOWN + 1)
    if before is not None:
        asked = asked.where(KeyUse.id < before)
    with centre.database.read() as session:
        rows = list(session.scalars(asked))
    after = rows[SHOWN - 1].id if len(rows) > SHOWN else None
    return page(request, user, "audit/keys.html", rows=rows[:SHOWN], after=after)


def _further(asked: Filter, **more: Any) -> dict[str, Any]:
    return asked.model_dump(exclude_defaults=True, mode="json") | more
