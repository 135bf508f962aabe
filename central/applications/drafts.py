"""An order that a second person has to approve: a draft until then, judged anew when it is done.

回退 returns a card to life (规程 9): two persons, each seen by the audit. A draft does nothing, and
keeps nobody from anything.
"""

from sqlalchemy.orm import Session

from central.applications.records import Application, find
from central.applications.schemas import Order, Taken
from central.applications.service import WISHES, case_of, done, judged
from central.applications.states import CaseState
from central.cards.ledger import Act, digest
from central.centre import Centre
from central.problems import Kind, ProblemError
from regulation.rules import Service

TWO_PERSONS = frozenset({Service.ROLLBACK})
"""The services of the window that one person alone cannot have done."""


def draft(session: Session, centre: Centre, key: str, order: Order, act: Act) -> Application:
    """The case as a draft, if nothing stands in its way now."""
    row, seen = judged(session, centre, order, act.at)
    case = case_of(seen, key, order, row)
    session.add(case)
    session.flush()
    return case


def finish(session: Session, centre: Centre, voucher_no: str, act: Act) -> Taken:
    """Do what a draft asks for. Raises what stands in its way by now."""
    case = find(session, voucher_no)
    if case is None or case.state != CaseState.DRAFT:
        raise ProblemError(Kind.CASE_STATE_FORBIDS, reason_zh="这笔业务已办理，不用再办")
    order = order_of(case)
    row, seen = judged(session, centre, order, act.at)
    return done(seen, row, order, case, act)


def order_of(case: Application) -> Order:
    """The order a case was written for."""
    same = ("service", "applicant_kind", "channel", "kiosk_id", "taken_at", "applicant", "agent")
    rest = ("phone", "address", "bank", "signature", "marks")
    return Order.model_validate(
        {name: getattr(case, name) for name in (*same, *rest)}
        | {"images": [{"kind": each.kind, "sha256": each.sha256} for each in case.images]}
        | {"card": digest(case.card_number) if case.card_number else None}
        | {name: value for name, value in case.wishes.items() if name in WISHES}
    )
