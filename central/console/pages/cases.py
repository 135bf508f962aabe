"""Cases at the window: the queue of an outlet, a case as it was taken, and what is done with it."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Query, Request, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.applications import review
from central.applications.parts import Part
from central.applications.records import Application
from central.applications.review import Desk, Seen, Why
from central.applications.states import WAYS, ZH, CaseEvent, CaseState
from central.audit.chain import append
from central.audit.records import AuditEntry
from central.cards.ledger import Act
from central.centre import Centre, Here
from central.console.access import Clerk, SignedIn
from central.console.found import voucher_of
from central.console.pictures import picture
from central.console.queue import COUNTED, TABS, counts, queue
from central.console.render import go, page
from central.console.words import N_, service_names
from central.problems import Kind, ProblemError
from central.users.roles import Role
from regulation.papers import Paper

router = APIRouter(prefix="/console/cases")

PATH = "/console/cases"
HISTORY = 20
PICTURES = {
    "portrait": N_("登记照"),
    "applicant_page": N_("申办人证件"),
    "agent_page": N_("代办人证件"),
    "scene": N_("现场照片"),
    "signature": N_("签名"),
}
CHANNELS = {
    "window": N_("窗口"),
    "kiosk": N_("自助机"),
    "online": N_("网上"),
    "phone": N_("电话"),
}
KINDS = {
    "self": N_("本人"),
    "agent_adult": N_("代成年人"),
    "agent_minor": N_("代未成年人"),
    "unit_clerk": N_("单位经办人"),
}
PARTS = {
    Part.PORTRAIT: N_("登记照"),
    Part.PAGE: N_("证件影像"),
    Part.SIGNATURE: N_("签名"),
    Part.ADDRESS: N_("联系地址"),
    Part.PHONE: N_("手机号码"),
    Part.OTHER: N_("其他（请到窗口）"),
}
"""What may have to come again; all but the last at a kiosk."""
DEEDS = {
    "case.submit": N_("提交"),
    "case.take_up": N_("接手"),
    "case.put_back": N_("放回"),
    "case.accept": N_("受理"),
    "case.send_back": N_("退回"),
    "case.withdraw": N_("撤销"),
    "case.mend": N_("补正"),
    "case.viewed": N_("查看"),
    "case.viewed_whole": N_("查看完整信息"),
    "case.picture_viewed": N_("查看影像"),
}

Voucher = Annotated[str, Path(max_length=40)]


class Version(BaseModel):
    """The version of the case the page showed."""

    version: int


class Confirmed(Version):
    """And what the clerk looked at."""

    confirmed: set[Annotated[str, StringConstraints(max_length=64)]] = set()


class Reason(Version):
    """And why it goes back, and what has to come again."""

    reason: Annotated[str, StringConstraints(max_length=32)] = ""
    words: Annotated[str, StringConstraints(max_length=1000)] = ""
    parts: set[Part] = set()


@router.get("")
def get_cases(
    request: Request,
    user: Clerk,
    centre: Here,
    state: CaseState = CaseState.SUBMITTED,
    after: Annotated[str | None, Query(max_length=80)] = None,
) -> Response:
    """The outlet's cases of one state, the oldest first."""
    places = review.places_of(user.outlet, centre.settings)
    with centre.database.read() as session:
        found, waiting = queue(session, places, state, after), counts(session, places)
    return page(
        request,
        user,
        "cases/queue.html",
        found=found,
        waiting=waiting,
        most=COUNTED,
        state=state,
        tabs=TABS,
        states=ZH,
        services=service_names(centre.rules),
        channels=CHANNELS,
        later=after is not None,
        now=centre.clock().isoformat(),
    )


@router.post("/find")
def post_find(
    request: Request, user: Clerk, centre: Here, text: Annotated[str, Form(max_length=200)]
) -> Response:
    """The case of what was scanned or typed."""
    try:
        with centre.database.read() as session:
            voucher_no = voucher_of(session, centre.codes, text)
    except ProblemError as error:
        if error.kind is Kind.VOUCHER_FORGED:
            with centre.database.write() as session:
                append(session, centre.clock(), user.actor, "voucher.forged", user.outlet)
        raise
    return go(request, f"{PATH}/{voucher_no}")


@router.get("/{voucher_no}")
def get_case(request: Request, user: Clerk, centre: Here, voucher_no: Voucher) -> Response:
    """A case as it was taken, masked."""
    return _show(request, user, centre, voucher_no, whole=False)


@router.get("/{voucher_no}/whole")
def get_whole(request: Request, user: Clerk, centre: Here, voucher_no: Voucher) -> Response:
    """The same with every number in full; that somebody looked is written down."""
    return _show(request, user, centre, voucher_no, whole=True)


@router.get("/{voucher_no}/pictures")
def get_pictures(request: Request, user: Clerk, centre: Here, voucher_no: Voucher) -> Response:
    """The pictures' places, for the page of the case."""
    with centre.database.read() as session:
        case = review.case_of(session, voucher_no)
    return page(request, user, "cases/pictures.html", case=case, kinds=PICTURES)


@router.get("/{voucher_no}/pictures/{position}")
def get_picture(
    user: Clerk,
    centre: Here,
    voucher_no: Voucher,
    position: Annotated[int, Path(ge=0, le=99)],
) -> Response:
    """One picture; that somebody looked is written down first."""
    with centre.database.write() as session:
        case = review.case_of(session, voucher_no)
        shown = next((image for image in case.images if image.position == position), None)
        if shown is None:
            raise ProblemError(Kind.NOT_FOUND)
        append(
            session,
            centre.clock(),
            user.actor,
            "case.picture_viewed",
            voucher_no,
            picture=shown.kind,
        )
    media_type, data = picture(centre, shown.sha256)
    return Response(data, media_type=media_type)


@router.post("/{voucher_no}/take-up")
def post_take_up(
    request: Request,
    user: Clerk,
    centre: Here,
    voucher_no: Voucher,
    told: Annotated[Version, Form()],
) -> Response:
    """To one's own desk."""
    with centre.database.write() as session:
        review.take_up(session, centre.settings, Seen(voucher_no, told.version), desk(centre, user))
    return go(request, f"{PATH}/{voucher_no}", N_("已接手，请核对后受理或退回"))


@router.post("/{voucher_no}/put-back")
def post_put_back(
    request: Request,
    user: Clerk,
    centre: Here,
    voucher_no: Voucher,
    told: Annotated[Version, Form()],
) -> Response:
    """Back into the queue."""
    with centre.database.write() as session:
        review.put_back(
            session, centre.settings, Seen(voucher_no, told.version), desk(centre, user)
        )
    return go(request, PATH, N_("已放回队列"))


@router.post("/{voucher_no}/accept")
def post_accept(
    request: Request,
    user: Clerk,
    centre: Here,
    voucher_no: Voucher,
    told: Annotated[Confirmed, Form()],
) -> Response:
    """Accepted: the card may be made."""
    seen = Seen(voucher_no, told.version)
    with centre.database.write() as session:
        review.accept(session, centre.settings, seen, desk(centre, user), told.confirmed)
    return go(request, f"{PATH}/{voucher_no}", N_("已受理"))


@router.post("/{voucher_no}/send-back")
def post_send_back(
    request: Request,
    user: Clerk,
    centre: Here,
    voucher_no: Voucher,
    told: Annotated[Reason, Form()],
) -> Response:
    """Back to the citizen, with a reason."""
    seen, why = Seen(voucher_no, told.version), Why(told.reason, told.words, frozenset(told.parts))
    with centre.database.write() as session:
        review.send_back(session, centre.settings, seen, desk(centre, user), why)
    return go(request, f"{PATH}/{voucher_no}", N_("已退回，请把原因告诉群众"))


@router.post("/{voucher_no}/withdraw")
def post_withdraw(
    request: Request,
    user: Clerk,
    centre: Here,
    voucher_no: Voucher,
    told: Annotated[Version, Form()],
) -> Response:
    """Ended because the holder asks for it."""
    with centre.database.write() as session:
        review.withdraw(
            session, centre.settings, Seen(voucher_no, told.version), desk(centre, user)
        )
    return go(request, f"{PATH}/{voucher_no}", N_("已按申办人的要求撤销"))


def desk(centre: Centre, user: SignedIn) -> Desk:
    """Where somebody acts, now."""
    act = Act(user.actor, centre.clock())
    return Desk(act, user.outlet, supervisor=user.may(Role.SUPERVISOR))


def _show(
    request: Request, user: SignedIn, centre: Centre, voucher_no: str, *, whole: bool
) -> Response:
    action = "case.viewed_whole" if whole else "case.viewed"
    with centre.database.write() as session:
        case = review.case_of(session, voucher_no)
        append(session, centre.clock(), user.actor, action, voucher_no, outlet=user.outlet)
        held = review.holder_of(session, voucher_no)
        history = _history(session, voucher_no)
    return page(
        request,
        user,
        "cases/case.html",
        case=case,
        held=held,
        mine=held is not None and held.login == user.name,
        elsewhere=review.outlet_of(case, centre.settings) != user.outlet,
        outlet=review.outlet_of(case, centre.settings),
        supervisor=user.may(Role.SUPERVISOR),
        whole=whole,
        history=history,
        may=_may(case),
        state=ZH[CaseState(case.state)],
        service=service_names(centre.rules)[case.service],
        **_TABLES,
    )


_TABLES: dict[str, Any] = {
    "deeds": DEEDS,
    "channels": CHANNELS,
    "kinds": KINDS,
    "papers": Paper,
    "marks": review.MARKS,
    "reasons": review.REASONS,
    "parts": PARTS,
    "longest": review.WORDS,
    "originals": review.ORIGINALS,
}
"""What the page finds its words in."""


def _history(session: Session, voucher_no: str) -> Sequence[AuditEntry]:
    rows = select(AuditEntry).where(AuditEntry.target == voucher_no)
    return session.scalars(rows.order_by(AuditEntry.seq.desc()).limit(HISTORY)).all()


def _may(case: Application) -> set[str]:
    """The events the case's state knows."""
    return {event.value for state, event in WAYS if state == case.state and event in _BY_CLERK}


_BY_CLERK = {
    CaseEvent.TAKE_UP,
    CaseEvent.PUT_BACK,
    CaseEvent.ACCEPT,
    CaseEvent.SEND_BACK,
    CaseEvent.WITHDRAW,
}
