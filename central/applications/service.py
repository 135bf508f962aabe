"""Taking an application, and showing one."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from central.applications import checks, records
from central.applications.codes import code, read_code
from central.applications.records import Application, ApplicationImage
from central.applications.schemas import MaskedParty, Order, Summary, Taken
from central.applications.states import CaseState
from central.centre import Centre
from central.eligibility.parties import Parties, judge
from central.eligibility.schemas import Eligibility, Outcome
from central.eligibility.service import look
from central.idempotency import Answer, answer_once, fingerprint
from central.problems import Kind, ProblemError
from regulation.masks import mask_name, mask_number, mask_phone
from regulation.people import check_phone
from regulation.terms import latest_issue
from regulation.vouchers import voucher_number

ROUTE = "POST /v1/applications"
CREATED = 201
MOST_A_DAY = 9999
"""Applications of one kiosk: its voucher numbers have four digits a day."""

_REASONS = {Outcome.APPLICATION_OPEN: "您已提交过新办卡申请，请凭原凭证到窗口"}


def submit(centre: Centre, key: str, order: Order) -> Answer:
    """The answer to an order: taken once, however often it is sent.

    Raises the `ProblemError` that stands in the way; then nothing is kept and the key is free.
    """
    print_ = fingerprint(ROUTE, order.model_dump(mode="json"))
    now = centre.clock()
    with centre.running.alone(key):
        return answer_once(
            centre.database,
            key,
            print_,
            now,
            lambda session: _take(session, centre, key, order, now),
        )


def show(centre: Centre, voucher_no: str) -> Summary:
    """An application with masked data; `VOUCHER_UNKNOWN` if there is none."""
    with centre.database.read() as session:
        found = records.find(session, voucher_no)
        if found is None:
            raise ProblemError(Kind.VOUCHER_UNKNOWN)
        return _summary(found)


def resolve(centre: Centre, text: str) -> Summary:
    """The application of a voucher's code; a forged code is as unknown as a wrong number."""
    voucher_no = read_code(centre.secret, text)
    if voucher_no is None:
        raise ProblemError(Kind.VOUCHER_UNKNOWN)
    return show(centre, voucher_no)


def _take(session: Session, centre: Centre, key: str, order: Order, now: datetime) -> Answer:
    """Judge everything again and write the application, within the writer's turn."""
    today = now.date()
    parties = judge(centre.rules, order, today)
    checks.check(order, parties, centre.rules, today)
    checks.check_images(session, order)
    parties, found = look(session, centre, parties, order, now)
    if found.outcome is not Outcome.ELIGIBLE:
        raise _refused(found)
    seq = records.next_seq(session, order.kiosk_id, today)
    if seq > MOST_A_DAY:
        raise ProblemError(Kind.KIOSK_NUMBERS_USED_UP)
    voucher_no = voucher_number(order.kiosk_id, today, seq)
    taken = Taken(
        voucher_no=voucher_no,
        qr=code(centre.secret, voucher_no),
        state=CaseState.SUBMITTED,
        submitted_at=now,
        due_at=latest_issue(now),
        window=centre.settings.window,
    )
    session.add(_row(key, order, parties, taken, seq))
    return Answer(CREATED, taken.model_dump(mode="json"))


def _refused(found: Eligibility) -> ProblemError:
    return ProblemError(
        Kind[found.outcome.name],
        clause=found.clause,
        reason_zh=_REASONS.get(found.outcome),
        voucher_no=found.voucher_no,
        ready_on=found.ready_on.isoformat() if found.ready_on else None,
    )


def _row(key: str, order: Order, parties: Parties, taken: Taken, seq: int) -> Application:
    sent: dict[str, Any] = order.model_dump(mode="json")
    phone = check_phone(order.phone) if order.phone else None
    return Application(
        voucher_no=taken.voucher_no,
        key=key,
        service=order.service.value,
        applicant_kind=order.applicant_kind.value,
        channel=parties.cell.channel.value,
        state=taken.state,
        state_at=taken.submitted_at.isoformat(),
        version=1,
        kiosk_id=order.kiosk_id,
        day=taken.submitted_at.date().isoformat(),
        seq=seq,
        number=parties.number,
        agent_number=parties.agent_number,
        applicant=sent["applicant"] | {"number": parties.number},
        agent=sent["agent"],
        phone=phone or None,
        address=order.address,
        bank=order.bank,
        signature=order.signature,
        marks=order.marks,
        taken_at=order.taken_at,
        submitted_at=taken.submitted_at.isoformat(),
        due_at=taken.due_at.isoformat(),
        window=taken.window,
        images=[
            ApplicationImage(position=i, kind=picture.kind, sha256=picture.sha256)
            for i, picture in enumerate(order.images)
        ],
    )


def _summary(row: Application) -> Summary:
    return Summary.model_validate(
        {
            "voucher_no": row.voucher_no,
            "service": row.service,
            "applicant_kind": row.applicant_kind,
            "state": row.state,
            "applicant": _masked(row.applicant),
            "agent": _masked(row.agent) if row.agent else None,
            "phone": mask_phone(row.phone) if row.phone else None,
            "submitted_at": row.submitted_at,
            "due_at": row.due_at,
            "window": row.window,
        }
    )


def _masked(party: dict[str, Any]) -> MaskedParty:
    return MaskedParty(
        name=mask_name(party["name"]), paper=party["paper"], number=mask_number(party["number"])
    )
