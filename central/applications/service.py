"""Taking an order: judged, written as a case, done, in one transaction with its kept answer."""

from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from central.applications import checks, one_time, records
from central.applications.effects import Doing
from central.applications.records import Application, ApplicationImage
from central.applications.schemas import Order, Taken
from central.applications.states import CaseEvent, CaseState, move
from central.applications.words import progress
from central.applications.works import Work, work
from central.audit.records import Actor
from central.cards.ledger import Act
from central.cards.views import view
from central.centre import Centre
from central.clock import CHINA
from central.eligibility.service import look
from central.eligibility.standing import Seen
from central.fees import ledger as fees
from central.idempotency import Answer, answer_once, fingerprint
from central.issuance import pin_reset
from central.notices.kinds import NoticeKind
from central.notices.outbox import queue
from central.problems import Kind, ProblemError
from regulation.people import check_phone
from regulation.rules import Channel, Service
from regulation.terms import Due, add_working_days, latest_issue
from regulation.vouchers import voucher_number

ROUTE = "POST /v1/applications"
CREATED = 201
MOST_A_DAY = 9999
"""Applications of one kiosk or outlet: its voucher numbers have four digits a day."""
ONLINE_WORKING_DAYS = 5
"""规程 1.1.3(2): 自提交申请后五个工作日内完成制卡."""

WISHES = frozenset({"reason", "portrait", "delivery", "outcome", "members", "reset_id"})
"""What a service asks for beyond papers and pictures, kept as it was sent."""


def submit(centre: Centre, key: str, order: Order, actor: Actor) -> Answer:
    """The answer to an order: taken once, however often it is sent.

    Raises the `ProblemError` that stands in the way; then nothing is kept and the key is free.
    What is not said is not part of the fingerprint: a field added later changes no old request's.
    """
    print_ = fingerprint(ROUTE, order.model_dump(mode="json", exclude_defaults=True))
    now = centre.clock()
    with centre.running.alone(key):
        if order.reset_id is None:
            one_time.prove(centre, key, order, order.code, now)
        return answer_once(
            centre.database,
            key,
            print_,
            now,
            actor,
            lambda session: take(session, centre, key, order, Act(actor, now)),
        )


def take(session: Session, centre: Centre, key: str, order: Order, act: Act) -> Answer:
    """Judge everything again, write the case and do it, within the writer's turn."""
    records.refuse_old_key(session, key)
    row, seen = judged(session, centre, order, act.at)
    if order.reset_id is None:  # else it was spent when the reset was authorised
        one_time.spend(seen, key)
    case = case_of(seen, key, order, row)
    session.add(case)
    return Answer(CREATED, done(seen, row, order, case, act).model_dump(mode="json"))


def judged(session: Session, centre: Centre, order: Order, at: datetime) -> tuple[Work, Seen]:
    """What the order asks for and of whom, if nothing stands in the way."""
    row = work(order.service, order.applicant_kind)
    seen = look(session, centre, order, at, row, tuple(order.marks))
    checks.check(order, seen.parties, centre.rules, at.date())
    for need in row.needs:
        need(order, seen.parties.cell)
    checks.check_images(session, order.images)
    row.stand(seen)
    return row, seen


def done(seen: Seen, row: Work, order: Order, case: Application, act: Act) -> Taken:
    """What the service does, the case moved on, what it costs, and what is told; the answer."""
    session, act = seen.session, Act(act.actor, act.at, seen.clause)
    move(session, case, CaseEvent.SUBMIT, act.actor, act.at, service=case.service, by=case.channel)
    if row.effect is not None:
        row.effect(Doing(seen, order, case, act))
    if not row.makes_card:
        move(session, case, CaseEvent.COMPLETE, act.actor, act.at)
    _tell(seen, case, row)
    fee = fees.due(session, case, act.at, act.actor, seen.centre.settings.fees)
    return _taken(seen, case, row, fee.fen if fee else 0)


def _tell(seen: Seen, case: Application, row: Work) -> None:
    """Notices go to the phone the centre knows, never to one an agent typed (reading A10)."""
    kind = row.notice
    if row.service is Service.PIN_RESET:
        kind = _of_reset(seen, case)
    if kind is None:
        return
    told = {"voucher_no": case.voucher_no} if "voucher_no" in kind.value.parameters else {}
    queue(seen.session, seen.now, kind, seen.parties.number, **told)


def _of_reset(seen: Seen, case: Application) -> NoticeKind | None:
    """What a holder is told of a PIN reset, unless it was told when the PIN was handed out."""
    if "reset_id" in case.wishes:
        return None
    own = seen.centre.settings.pin_reset_notice == "always"
    return pin_reset.notice(by_agent=seen.parties.agent_number is not None, tell_own=own)


def _place(centre: Centre, order: Order) -> str:
    """What stands in the voucher's number: the kiosk, the outlet, or the code of the system."""
    match order.channel:
        case Channel.ONLINE:
            return centre.settings.app_code
        case Channel.PHONE:
            return centre.settings.phone_code
        case Channel.WINDOW | Channel.KIOSK:
            if order.kiosk_id is None:
                detail = "Send kiosk_id, the kiosk or the outlet."
                raise ProblemError(Kind.ORDER_INCOMPLETE, detail, missing="kiosk_id")
            return order.kiosk_id


def _term(seen: Seen, row: Work) -> tuple[str, datetime, bool]:
    """What is promised, until when, and whether the calendar of that year is known."""
    if not row.makes_card:
        return "done", seen.now, True
    if seen.asked.channel is Channel.ONLINE:
        due: Due = add_working_days(seen.now.date(), ONLINE_WORKING_DAYS, seen.centre.calendar)
        return "5_working_days", datetime.combine(due.day, time(23, 59, 59), CHINA), due.sure
    spot = row.service is Service.REPLACE_INDIVIDUAL  # no clause promises 24 hours (A8)
    return "on_spot" if spot else "24_hours", latest_issue(seen.now), True


def case_of(seen: Seen, key: str, order: Order, row: Work) -> Application:
    """The case as a draft; its number is right within the writer's turn."""
    centre, now = seen.centre, seen.now
    place, day = _place(centre, order), now.date()
    seq = records.next_seq(seen.session, place, day)
    if seq > MOST_A_DAY:
        raise ProblemError(Kind.KIOSK_NUMBERS_USED_UP)
    return Application(
        voucher_no=voucher_number(place, day, seq),
        key=key,
        state=CaseState.DRAFT.value,
        state_at=now.isoformat(),
        version=0,
        kiosk_id=place,
        day=day.isoformat(),
        seq=seq,
        submitted_at=now.isoformat(),
        due_at=_term(seen, row)[1].isoformat(),
        window=centre.settings.window,
        **_asked(seen, order, row),
    )


def _asked(seen: Seen, order: Order, row: Work) -> dict[str, Any]:
    """What the case holds of the order."""
    parties = seen.parties
    sent: dict[str, Any] = order.model_dump(mode="json")
    replaced = row.service is Service.REPLACE_INDIVIDUAL
    card = seen.card if row.about or replaced else None
    kept = ("service", "applicant_kind", "agent", "address", "signature", "marks", "taken_at")
    return {name: sent[name] for name in kept} | {
        "channel": parties.cell.channel.value,
        "number": parties.number,
        "agent_number": parties.agent_number,
        "applicant": sent["applicant"] | {"number": parties.number},
        "phone": (check_phone(order.phone) or None) if order.phone else None,
        "bank": order.bank or (card.bank if card and replaced else None),
        "card_number": card.number if card else None,
        "wishes": order.model_dump(mode="json", include=set(WISHES), exclude_defaults=True),
        "images": [
            ApplicationImage(position=i, kind=picture.kind, sha256=picture.sha256)
            for i, picture in enumerate(order.images)
        ],
    }


def _taken(seen: Seen, case: Application, row: Work, fee_fen: int) -> Taken:
    term, due_at, due_sure = _term(seen, row)
    asked, cell = seen.asked, seen.parties.cell
    papers = [asked.applicant.paper] + ([asked.agent.paper] if asked.agent else [])
    told = progress(case.state)
    card = next((each for each in seen.cards if each.number == case.card_number), None)
    queried = row.service is Service.STATUS_QUERY
    return Taken(
        **told.model_dump(),
        voucher_no=case.voucher_no,
        qr=seen.centre.codes.code(case.voucher_no),
        submitted_at=seen.now,
        due_at=due_at,
        window=case.window,
        term=term,
        due_sure=due_sure,
        voucher=cell.voucher,
        fee_fen=fee_fen,
        bring=[f"{paper.zh}原件" for paper in papers] if row.makes_card else [],
        card=view(card, seen.now) if card else None,
        cards=[view(each, seen.now) for each in seen.cards] if queried else [],
    )
