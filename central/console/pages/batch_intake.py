"""A unit's list at the window: a file is looked at, then taken (规程 1.2.2(1), 3.2.2)."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.datastructures import UploadFile

from central.batches import intake, looking
from central.batches.card_list import read_list
from central.batches.looking import Where
from central.batches.schemas import List, Order
from central.batches.states import Material
from central.centre import Centre, Here
from central.console.access import Clerk, SignedIn
from central.console.batch_forms import FAULT_WORDS, PAPERS, Shown, Typed, keep_letter
from central.console.render import go, page
from central.console.words import N_
from central.idempotency import parse_key
from regulation.card_list.columns import load_columns
from regulation.rules import Channel, Service

router = APIRouter(prefix="/console/batches/new")

MATERIALS = {
    Material.MEDIUM: N_("电子材料：照片和证件影像在单位的U盘上，已逐人核对并留存"),
    Material.COPIES: N_("纸质材料：有单位介绍信，复印件已收"),
}


class Brought(Shown):
    """What a unit's clerk brings to a window."""

    service: Service
    unit: Typed
    material: Material
    key: Typed
    file: UploadFile
    letter: UploadFile | None = None


@router.get("")
def get_new(request: Request, user: Clerk, centre: Here) -> Response:
    """The form; its key makes a repeated sending the same batch."""
    return page(
        request,
        user,
        "batches/new.html",
        key=str(uuid.uuid4()),
        services={each: centre.rules.words[each].zh for each in looking.BATCHES},
        papers=PAPERS,
        materials=MATERIALS,
        columns=load_columns(),
    )


@router.post("/check")
def post_check(
    request: Request, user: Clerk, centre: Here, told: Annotated[Brought, Form()]
) -> Response:
    """What is wrong with the list, row by row; nothing is kept."""
    checked = looking.check(centre, _list(told, user), _where(user, told))
    return page(request, user, "batches/checked.html", checked=checked, words=FAULT_WORDS)


@router.post("")
def post_new(
    request: Request, user: Clerk, centre: Here, told: Annotated[Brought, Form()]
) -> Response:
    """Take the list; one with faults is shown row by row instead."""
    found, where = _list(told, user), _where(user, told)
    key = parse_key(told.key)
    checked = looking.check(centre, found, where)
    if checked.faults and not _taken_before(centre, key):
        return page(request, user, "batches/checked.html", 422, checked=checked, words=FAULT_WORDS)
    letter = keep_letter(centre, told.letter)
    order = Order(**dict(found), signature="window", letter=letter)
    answer = intake.submit(centre, key, order, where)
    to = f"/console/batches/{answer.body['batch_no']}"
    return go(request, to, N_("已收 {rows} 人，请把批次号告诉单位"), rows=answer.body["taken"])


def _list(told: Brought, user: SignedIn) -> List:
    return List(
        service=told.service,
        kiosk_id=user.outlet,
        unit=told.unit,
        clerk=told.holder(),
        rows=read_list(told.file.file.read()),
    )


def _where(user: SignedIn, told: Brought) -> Where:
    return Where(user.actor, Channel.WINDOW, user.outlet, user.outlet, told.material)


def _taken_before(centre: Centre, key: str) -> bool:
    """Whether this form was sent before: then everybody in it is in a batch by now."""
    with centre.database.read() as session:
        return intake.find_by_key(session, key) is not None
