"""Looking people up."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from central.applications.states import ZH
from central.audit.chain import append
from central.cards.states import CardState
from central.centre import Centre, Here
from central.console import search
from central.console.access import Clerk, SignedIn
from central.console.render import page
from central.console.search import WHY, By, Result
from central.console.words import N_
from central.problems import Kind, ProblemError
from regulation.rules import Service

router = APIRouter(prefix="/console/search")

BY = {
    By.ID_NUMBER: N_("证件号码"),
    By.CARD_NUMBER: N_("社保卡号"),
    By.NAME: N_("姓名（开头）"),
}
CARDS = {
    CardState.NONE: N_("无"),
    CardState.SEALED: N_("封存"),
    CardState.ACTIVE: N_("正常"),
    CardState.TEMPORARY_LOSS: N_("临时挂失"),
    CardState.LOSS: N_("挂失"),
    CardState.LOCKED: N_("锁定"),
    CardState.CANCELLED: N_("注销"),
}


class Asked(BaseModel):
    """What is looked for. It comes in a form's body: no address holds a person's data."""

    by: By
    text: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    why: Annotated[str, StringConstraints(max_length=32)] = ""
    after: Annotated[str, StringConstraints(max_length=1000)] = ""


@router.get("")
def get_search(request: Request, user: Clerk, centre: Here) -> Response:
    """The form."""
    return _page(request, user, centre, None, None)


@router.post("")
def post_search(
    request: Request, user: Clerk, centre: Here, asked: Annotated[Asked, Form()]
) -> Response:
    """What was found; an answer to a form, because its address may tell nothing."""
    if asked.by is By.NAME and asked.why not in WHY:
        raise ProblemError(Kind.REASON_NEEDED, reason_zh="按姓名查询，请选择查询原因")
    now = centre.clock()
    with centre.database.write() as session:
        search.count(session, user.name, asked.by, now)
    with centre.database.read() as session:
        result = _find(session, centre, user, asked)
    with centre.database.write() as session:
        append(
            session,
            now,
            user.actor,
            "person.searched",
            user.outlet,
            by=asked.by.value,
            why=asked.why or None,
            found=len(result.people),
            further=bool(asked.after),
        )
    return _page(request, user, centre, asked, result)


def _find(session: Session, centre: Centre, user: SignedIn, asked: Asked) -> Result:
    if asked.by is By.ID_NUMBER:
        return search.by_id_number(session, asked.text)
    if asked.by is By.CARD_NUMBER:
        return search.by_card_number(session, asked.text)
    return search.by_name(session, centre.folder, user.name, asked.text, asked.after)


def _page(
    request: Request, user: SignedIn, centre: Centre, asked: Asked | None, result: Result | None
) -> Response:
    words = centre.rules.words
    return page(
        request,
        user,
        "search.html",
        asked=asked,
        result=result,
        ways=BY,
        why=WHY,
        states={state.value: zh for state, zh in ZH.items()},
        cards=CARDS,
        services={service.value: words[service].zh for service in Service},
    )
