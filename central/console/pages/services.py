"""What a window does at once: one person, one paper, one service, done and told.

The paper's number and the name travel in forms alone, never in an address. A card that is made goes
on as a case (`cases`), a unit's list as a batch (`batches`).
"""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Request, Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from central.applications import records, service
from central.applications.drafts import TWO_PERSONS, draft, finish
from central.applications.schemas import Order
from central.applications.states import ZH
from central.applications.words import progress
from central.audit.chain import append
from central.cards.ledger import Act
from central.cards.records import cards_of
from central.cards.views import view
from central.centre import Centre, Here
from central.console import approvals
from central.console.access import Clerk, SignedIn
from central.console.approvals import Approval, approvable
from central.console.refusals import CHINESE
from central.console.render import go, page
from central.console.words import N_
from central.eligibility import service as eligibility
from central.eligibility.schemas import Eligibility, Outcome, Question
from central.eligibility.standing import CARD_IN_HAND
from central.idempotency import Answer, answer_once, fingerprint
from central.problems import Kind, ProblemError
from central.schemas import Holder, Reason, Text
from regulation.papers import Paper
from regulation.rules import Applicant, Channel, Service

router = APIRouter(prefix="/console/services")

PATH = "/console/services"

SERVICES = (
    Service.ACTIVATE,
    Service.INFO_CHANGE,
    Service.PIN_CHANGE,
    Service.PIN_RESET,
    Service.LOSS_REPORT,
    Service.LOSS_CANCEL,
    Service.UNLOCK,
    Service.STATUS_QUERY,
    Service.CANCEL,
    Service.ROLLBACK,
    Service.BATCH_TO_INDIVIDUAL,
    Service.REPLACE_INDIVIDUAL,
)
"""What this page does. A first card needs its portrait, which a kiosk or the APP takes."""

KINDS = {
    Applicant.SELF: N_("本人"),
    Applicant.AGENT_ADULT: N_("代成年人"),
    Applicant.AGENT_MINOR: N_("代未成年人"),
}
REASONS = {
    Reason.LOST: N_("丢失（补领）"),
    Reason.DAMAGED: N_("损坏（换领）"),
    Reason.DATA_CHANGED: N_("信息变更（换领）"),
    Reason.EXPIRED: N_("到期（换发）"),
    Reason.RENEWED: N_("换发新一代卡"),
}
OUTCOMES = {"done": N_("已成功"), "unknown": N_("结果不明（请在读卡器上再验一次）")}

Blank = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern="^[0-9a-f-]{36}$")]
Voucher = Annotated[str, Path(max_length=40)]


class Shown(BaseModel):
    """Who stands at the window, for what, with which papers."""

    service: Service
    kind: Applicant
    paper: Paper
    number: Text
    name: Text
    agent_paper: Paper = Paper.RESIDENT_ID
    agent_number: Blank = ""
    agent_name: Blank = ""

    @property
    def applicant(self) -> Holder:
        """Whose card it is."""
        return Holder(paper=self.paper, number=self.number, name=self.name)

    @property
    def agent(self) -> Holder | None:
        """Who acts for them."""
        if not self.agent_number or not self.agent_name:
            return None
        return Holder(paper=self.agent_paper, number=self.agent_number, name=self.agent_name)


class Wanted(Shown):
    """And what the service asks for beyond."""

    key: Key
    phone: Blank = ""
    address: Blank = ""
    reason: Reason | None = None
    outcome: Literal["done", "unknown"] = "done"
    in_hand: bool = False


@router.get("")
def get_services(request: Request, user: Clerk, centre: Here) -> Response:
    """The form: the service, the person, the paper."""
    return _form(request, user, centre, None, None)


@router.post("/look")
def post_look(
    request: Request, user: Clerk, centre: Here, shown: Annotated[Shown, Form()]
) -> Response:
    """What the rules and the store say, before anything is done. An answer to a form."""
    told = eligibility.ask(
        centre,
        Question(
            service=shown.service,
            applicant_kind=shown.kind,
            channel=Channel.WINDOW,
            applicant=shown.applicant,
            agent=shown.agent,
        ),
    )
    if told.outcome is not Outcome.ELIGIBLE:
        kind = Kind[told.outcome.name]
        raise ProblemError(kind, clause=told.clause, reason_zh=CHINESE.get(kind))
    with centre.database.write() as session:
        append(
            session,
            centre.clock(),
            user.actor,
            "person.looked_at",
            user.outlet,
            service=shown.service.value,
        )
    return _form(request, user, centre, shown, told)


@router.post("")
def post_service(
    request: Request, user: Clerk, centre: Here, wanted: Annotated[Wanted, Form()]
) -> Response:
    """Do it, once a key; what needs a second person is asked for instead."""
    order = _order(wanted, user, centre)
    if wanted.service in TWO_PERSONS:
        voucher_no = _ask(centre, user, wanted.key, order).body["voucher_no"]
        return go(request, f"{PATH}/{voucher_no}", N_("已提交，请业务主管在“双人复核”中同意后生效"))
    taken = service.submit(centre, wanted.key, order, user.actor)
    return go(request, f"{PATH}/{taken.body['voucher_no']}", N_("办好了"))


@router.get("/{voucher_no}")
def get_done(request: Request, user: Clerk, centre: Here, voucher_no: Voucher) -> Response:
    """What was done, and how the cards stand now; to show, to read out, to print."""
    with centre.database.read() as session:
        case = records.find(session, voucher_no)
        if case is None:
            raise ProblemError(Kind.VOUCHER_UNKNOWN)
        now = centre.clock()
        mine = [
            view(card, now)
            for card in cards_of(session, case.number)
            if case.card_number in {None, card.number}
        ]
    return page(
        request,
        user,
        "services/done.html",
        case=case,
        cards=mine,
        service=centre.rules.words[Service(case.service)].zh,
        state=ZH,
        progress=progress(case.state),
    )


@approvable("card.rollback", N_("社保卡回退（注销的卡恢复）"))
def _approved(session: Session, centre: Centre, approval: Approval, second: SignedIn) -> None:
    finish(session, centre, approval.target, Act(second.actor, centre.clock()))


def _ask(centre: Centre, user: SignedIn, key: str, order: Order) -> Answer:
    now = centre.clock()

    def work(session: Session) -> Answer:
        case = draft(session, centre, key, order, Act(user.actor, now))
        approvals.ask(session, now, user, "card.rollback", case.voucher_no)
        return Answer(service.CREATED, {"voucher_no": case.voucher_no})

    print_ = fingerprint(PATH, order.model_dump(mode="json", exclude={"taken_at"}))
    with centre.running.alone(key):
        return answer_once(centre.database, key, print_, now, user.actor, work)


def _order(wanted: Wanted, user: SignedIn, centre: Centre) -> Order:
    """The order a clerk gives for somebody; signed on the form the window keeps."""
    told = {
        "service": wanted.service,
        "applicant_kind": wanted.kind,
        "channel": Channel.WINDOW,
        "kiosk_id": user.outlet,
        "taken_at": centre.clock().isoformat(),
        "applicant": wanted.applicant.model_dump(),
        "agent": wanted.agent.model_dump() if wanted.agent else None,
        "phone": wanted.phone or None,
        "address": wanted.address or None,
        "reason": wanted.reason,
        "outcome": wanted.outcome,
        "signature": "paper",
        "marks": [CARD_IN_HAND] if wanted.in_hand else [],
    }
    return Order.model_validate(told)


def _form(
    request: Request,
    user: SignedIn,
    centre: Centre,
    shown: Shown | None,
    told: Eligibility | None,
) -> Response:
    cells = {
        each: centre.rules.cell(each, shown.kind if shown else Applicant.SELF, Channel.WINDOW)
        for each in SERVICES
    }
    return page(
        request,
        user,
        "services/form.html",
        shown=shown,
        told=told,
        key=str(uuid.uuid4()),
        services={each: centre.rules.words[each].zh for each in SERVICES},
        cell=cells[shown.service] if shown else None,
        kinds=KINDS,
        papers=tuple(Paper),
        reasons=REASONS,
        outcomes=OUTCOMES,
        two_persons=TWO_PERSONS,
        S=Service,
    )
