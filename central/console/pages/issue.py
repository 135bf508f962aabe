"""The end of a case at the window: its fee, its card, activation, hand-over, the receipt."""

import uuid
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from central.applications import review
from central.applications.records import Application
from central.applications.states import ZH, CaseState
from central.audit.chain import append
from central.audit.records import Actor
from central.audit.records import Kind as ActorKind
from central.cards.ledger import Act
from central.centre import Centre, Here
from central.console import approvals
from central.console.access import Clerk, SignedIn
from central.console.approvals import Approval, approvable
from central.console.queue import queue
from central.console.render import go, page
from central.console.words import N_
from central.fees import ledger as fees
from central.fees.ledger import Waiver
from central.fees.records import How, fee_of
from central.fees.states import ZH as FEE_ZH
from central.issuance import handing, making, stations, undoing
from central.issuance.handing import Given, OldCard, Taker
from central.issuance.records import (
    OPEN,
    CardWrite,
    HandOver,
    StationSeen,
    WriteState,
    find_write,
    unknown,
    writes_of,
)
from central.problems import Kind, ProblemError
from central.users.roles import Role
from regulation.masks import mask_text
from regulation.papers import Paper
from regulation.rules import Service

router = APIRouter(prefix="/console/issue")

PATH = "/console/issue"
AWAY = timedelta(minutes=2)
"""A station that did not ask for work for so long is not there."""

TABS = (
    CaseState.ACCEPTED,
    CaseState.IN_PRODUCTION,
    CaseState.FAILED,
    CaseState.READY,
    CaseState.ISSUED,
)
HOW = {
    How.CASH: N_("现金"),
    How.BANK_CARD: N_("银行卡"),
    How.ACCOUNT: N_("社保账户抵扣"),
}
WRITE = {
    WriteState.PREPARED: N_("等制卡机取走"),
    WriteState.STARTED: N_("正在写卡"),
    WriteState.CONFIRMED: N_("已制成，读回一致"),
    WriteState.REVERSED: N_("没有制成"),
}
REASONS = {
    "no_card": N_("没有放入空白卡。请放好空白卡，再制一次"),
    "not_blank": N_("放入的不是可用的空白卡。请换一张空白卡，再制一次"),
    "blank_used": N_("这张空白卡用过了。请换一张空白卡，再制一次"),
    "write_failed": N_("写卡没有完成。已写过的卡会登记保管，请换一张空白卡，再制一次"),
    "verify_failed": N_("读回的内容不一致。坏卡已登记保管，请换一张空白卡，再制一次"),
    "card_pulled": N_("写卡时卡被取出。坏卡已登记保管，请换一张空白卡，再制一次"),
    "operator": N_("在制卡机上取消了。可以再制一次"),
    "timeout": N_("等待太久，制卡机放弃了。可以再制一次"),
    "superseded": N_("制卡机转做别的卡了。可以再制一次"),
    "expired": N_("制卡机没有取走这张卡。请看制卡机是否开着，再制一次"),
    "by_hand": N_("已由工作人员作废。可以再制一次"),
}
"""Why a card was not made, with its cure."""
SPOILS = {"write_failed", "verify_failed", "card_pulled"}
UNTOUCHED = N_("写卡没有开始，这张空白卡没有写入。请重新放好卡，再制一次")
"""Of a try that wrote to no blank: none was spoiled, and none is in custody."""

OLD_CARDS = {
    OldCard.TAKEN: N_("已收回"),
    OldCard.LOST: N_("已丢失"),
}
TAKERS = {Taker.HOLDER: N_("本人"), Taker.AGENT: N_("代办人")}

Voucher = Annotated[str, Path(max_length=40)]
_Receipt = Annotated[str, StringConstraints(pattern="^[0-9A-Za-z-]{4,32}$", strip_whitespace=True)]


class Payment(BaseModel):
    """How a fee was paid, and the receipt's number."""

    how: How
    receipt_no: _Receipt


class Refund(BaseModel):
    """The number of the receipt of a refund."""

    refund_no: _Receipt


class Ground(BaseModel):
    """Why a case is free: a ground of the table, or the clerk's own words."""

    ground: Annotated[str, StringConstraints(max_length=32)] = ""
    words: Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)] = ""


class Making(BaseModel):
    """At which station; the id is the form's, so that a form sent twice makes one card."""

    write_id: uuid.UUID
    station: Annotated[str, StringConstraints(pattern=f"^{making.STATION.pattern}$")]


class Ending(BaseModel):
    """Which try is to end."""

    write_id: uuid.UUID


class Handing(BaseModel):
    """Who takes the card, against what; signed on paper at this window."""

    taker: Taker
    paper: Paper
    old_card: OldCard = OldCard.NONE
    signed: bool = False


@router.get("")
def get_issue(
    request: Request, user: Clerk, centre: Here, state: CaseState = CaseState.ACCEPTED
) -> Response:
    """What waits at the outlet, and card writes whose end nobody knows."""
    places = review.places_of(user.outlet, centre.settings)
    with centre.database.read() as session:
        found = queue(session, places, state, None)
        doubtful = unknown(session, centre.clock().isoformat())
    outlets = centre.settings.outlets
    ours = [w for w in doubtful if stations.outlet_of(outlets, w.station or "") == user.outlet]
    return page(
        request, user, "issue/queue.html", found=found, state=state, tabs=TABS, states=ZH,
        doubtful=ours,
    )  # fmt: skip


@router.get("/{voucher_no}")
def get_case(request: Request, user: Clerk, centre: Here, voucher_no: Voucher) -> Response:
    """Where a case stands on its way to its card."""
    return _show(request, user, centre, voucher_no, "issue/case.html")


@router.get("/{voucher_no}/progress")
def get_progress(request: Request, user: Clerk, centre: Here, voucher_no: Voucher) -> Response:
    """The card's progress alone; once it is settled the whole page is asked for."""
    response = _show(request, user, centre, voucher_no, "issue/progress.html")
    with centre.database.read() as session:
        tries = writes_of(session, voucher_no)
    if not tries or tries[-1].state not in OPEN:
        response.headers["HX-Refresh"] = "true"
    return response


@router.get("/{voucher_no}/receipt")
def get_receipt(request: Request, user: Clerk, centre: Here, voucher_no: Voucher) -> Response:
    """What the citizen takes home, to be printed."""
    return _show(request, user, centre, voucher_no, "issue/receipt.html")


@router.post("/{voucher_no}/settle")
def post_settle(
    request: Request,
    user: Clerk,
    centre: Here,
    voucher_no: Voucher,
    told: Annotated[Payment, Form()],
) -> Response:
    """The fee was paid or deducted (规程 3.1.2(1))."""
    with centre.database.write() as session:
        _own(session, centre, user, voucher_no)
        fee = fees.settle(session, voucher_no, told.how, told.receipt_no, _act(centre, user))
    return _back(request, voucher_no, N_("已结清 {yuan} 元"), yuan=f"{fee.fen / 100:.2f}")


@router.post("/{voucher_no}/waive")
def post_waive(
    request: Request,
    user: Clerk,
    centre: Here,
    voucher_no: Voucher,
    told: Annotated[Ground, Form()],
) -> Response:
    """Free, on a ground of the table; on any other one a second person is asked."""
    schedule = centre.settings.fees
    with centre.database.write() as session:
        _own(session, centre, user, voucher_no)
        if told.ground in schedule.grounds:
            waiver = Waiver(told.ground, schedule)
            fees.waive(session, voucher_no, waiver, _act(centre, user))
            return _back(request, voucher_no, N_("已减免"))
        if len(told.words) < review.FEWEST:
            reason = "请选择减免对象；不在目录内的，请用至少 5 个字写明理由"
            raise ProblemError(Kind.REASON_NEEDED, reason_zh=reason)
        words = mask_text(told.words)
        approvals.ask(session, centre.clock(), user, WAIVE, voucher_no, reason=words)
    return _back(request, voucher_no, N_("已提交，由业务主管同意后减免"))


@router.post("/{voucher_no}/refund")
def post_refund(
    request: Request,
    user: Clerk,
    centre: Here,
    voucher_no: Voucher,
    told: Annotated[Refund, Form()],
) -> Response:
    """What was paid is paid back."""
    with centre.database.write() as session:
        _own(session, centre, user, voucher_no)
        fees.refund(session, voucher_no, told.refund_no, _act(centre, user))
    return _back(request, voucher_no, N_("已退费"))


@router.post("/{voucher_no}/make")
def post_make(
    request: Request,
    user: Clerk,
    centre: Here,
    voucher_no: Voucher,
    told: Annotated[Making, Form()],
) -> Response:
    """Have a station of this outlet make the card."""
    stations.require(centre.settings.outlets, told.station, user.outlet)
    wanted = making.Wanted(str(told.write_id), voucher_no, told.station)
    with centre.database.write() as session:
        _own(session, centre, user, voucher_no)
        making.prepare(session, centre, wanted, _act(centre, user))
    return _back(request, voucher_no, N_("已发给制卡机，请放入空白卡"))


@router.post("/{voucher_no}/end")
def post_end(
    request: Request,
    user: Clerk,
    centre: Here,
    voucher_no: Voucher,
    told: Annotated[Ending, Form()],
) -> Response:
    """Take a try back; one that was started only with a second person."""
    write_id = str(told.write_id)
    with centre.database.write() as session:
        _own(session, centre, user, voucher_no)
        write = find_write(session, write_id)
        if write is None or write.voucher_no != voucher_no:
            raise ProblemError(Kind.CARD_WRITE_UNKNOWN)
        if write.state is WriteState.STARTED:
            now = centre.clock()
            approvals.ask(session, now, user, END_WRITE, voucher_no, write_id=write_id)
            return _back(request, voucher_no, N_("已提交，由业务主管同意后作废"))
        undoing.end_by_hand(session, write_id, _act(centre, user))
    return _back(request, voucher_no, N_("已作废，可以再制一次"))


@router.post("/{voucher_no}/activate")
def post_activate(request: Request, user: Clerk, centre: Here, voucher_no: Voucher) -> Response:
    """Put the card into use (规程 2.2(1))."""
    with centre.database.write() as session:
        _own(session, centre, user, voucher_no)
        handing.activate(session, voucher_no, _act(centre, user))
    return _back(request, voucher_no, N_("已启用"))


@router.post("/{voucher_no}/hand-over")
def post_hand_over(
    request: Request,
    user: Clerk,
    centre: Here,
    voucher_no: Voucher,
    told: Annotated[Handing, Form()],
) -> Response:
    """Give the card out against a signature."""
    if not told.signed:
        raise ProblemError(Kind.SIGNATURE_MISSING, reason_zh="请领卡人在领卡登记表上签字后再发卡")
    given = Given(told.taker, told.paper, None, told.old_card, user.outlet)
    with centre.database.write() as session:
        _own(session, centre, user, voucher_no)
        handing.hand_over(session, voucher_no, given, _act(centre, user))
    return _back(request, voucher_no, N_("已发卡，请提醒金融功能到银行激活"))


WAIVE, END_WRITE = "fee.waive", "card_write.end"


@approvable(WAIVE, N_("目录外减免工本费"), Role.SUPERVISOR)
def waive_approved(session: Session, centre: Centre, approval: Approval, second: SignedIn) -> None:
    """The waiver of the clerk who asked, approved by another."""
    reason = str(approval.parameters["reason"])
    waiver = Waiver(reason, centre.settings.fees, second.actor)
    fees.waive(session, approval.target, waiver, _asked(centre, approval))


@approvable(END_WRITE, N_("作废已开始的制卡（坏卡须收回保管）"), Role.SUPERVISOR)
def end_approved(session: Session, centre: Centre, approval: Approval, second: SignedIn) -> None:
    """The end of a card write that nobody heard of, approved by another."""
    write_id = str(approval.parameters["write_id"])
    undoing.end_by_hand(session, write_id, _asked(centre, approval), second.actor)


def _asked(centre: Centre, approval: Approval) -> Act:
    return Act(Actor(ActorKind.USER, approval.asked_by), centre.clock())


def _act(centre: Centre, user: SignedIn) -> Act:
    return Act(user.actor, centre.clock())


def _back(request: Request, voucher_no: str, text: str, **parameters: object) -> Response:
    return go(request, f"{PATH}/{voucher_no}", text, **parameters)


def _own(session: Session, centre: Centre, user: SignedIn, voucher_no: str) -> Application:
    """The case, if this user's outlet may work on it. Raises `CASE_ELSEWHERE`."""
    case = review.case_of(session, voucher_no)
    elsewhere = review.outlet_of(case, centre.settings) != user.outlet
    strict = centre.settings.step_in == "supervisors" and not user.may(Role.SUPERVISOR)
    if elsewhere and strict:
        raise ProblemError(Kind.CASE_ELSEWHERE)
    return case


def _show(
    request: Request, user: SignedIn, centre: Centre, voucher_no: str, template: str
) -> Response:
    with centre.database.read() as session:
        case = review.case_of(session, voucher_no)
        fee, card = fee_of(session, voucher_no), handing.card_of(session, voucher_no)
        tries = writes_of(session, voucher_no)
        given = session.get(HandOver, voucher_no)
        machines = stations.stations_at(session, centre.settings.outlets, user.outlet)
    if template != "issue/progress.html":
        with centre.database.write() as session:
            append(session, centre.clock(), user.actor, "case.viewed", voucher_no)
    return page(
        request, user, template, case=case, fee=fee, card=card, given=given,
        tries=tries, write=_last(tries), stations=machines, there=_there(centre, machines),
        new_id=str(uuid.uuid4()), state=ZH[CaseState(case.state)], states=CaseState,
        service=centre.rules.words[Service(case.service)].zh, makes=case.service in making.CLAUSES,
        grounds=centre.settings.fees.grounds, how=HOW, fee_states=FEE_ZH, write_states=WRITE,
        open_states=OPEN, why=_why, old_cards=OLD_CARDS, takers=TAKERS, papers=Paper,
        now=centre.clock().isoformat(),
    )  # fmt: skip


def _why(write: CardWrite) -> str:
    """Why a try made no card, for the clerk."""
    if write.reason in SPOILS and write.identifier is None:
        return UNTOUCHED
    return REASONS.get(write.reason or "", write.reason or "")


def _last(tries: list[CardWrite]) -> CardWrite | None:
    return tries[-1] if tries else None


def _there(centre: Centre, machines: list[StationSeen]) -> set[str]:
    """The stations that asked for work a moment ago."""
    since = centre.clock() - AWAY
    return {each.station for each in machines if datetime.fromisoformat(each.at) >= since}
