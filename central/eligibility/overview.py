"""Every service at a kiosk for one person, by the checks of a question each, in one look."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.applications.mending import sent_back
from central.applications.records import Application
from central.applications.states import OPEN
from central.applications.words import progress
from central.applications.works import work
from central.cards.ledger import digest
from central.cards.views import view
from central.centre import Centre
from central.eligibility.schemas import Mendable, OpenCase, Outcome, Overview, Shown, Standing
from central.eligibility.service import look
from central.eligibility.standing import CARD_IN_HAND, MAKING, Seen
from central.problems import ProblemError
from central.schemas import Holder, Reason
from regulation.masks import mask_phone
from regulation.names import same_name
from regulation.rules import Applicant, Channel, Service

_CLERKS = frozenset({Service.NEW_BATCH, Service.REPLACE_BATCH})
"""The services that are a unit clerk's, whoever stands there."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question about one service (`parties.Asked`), of who is there themselves."""

    service: Service
    applicant_kind: Applicant
    applicant: Holder
    channel: Channel = Channel.KIOSK
    agent: Holder | None = None
    card: str | None = None
    reason: Reason | None = None


def look_over(centre: Centre, shown: Shown) -> Overview:
    """How each service of the table stands for the person, and what of theirs is on its way."""
    now = centre.clock()
    with centre.database.read() as session:
        told = [_stand(session, centre, _asked(each, shown), now) for each in centre.rules.words]
        seen = next((each for _, each in told if each is not None), None)
        services = [standing for standing, _ in told]
        if seen is None:
            return Overview(known=False, services=services)
        able = any(standing.outcome == Outcome.ELIGIBLE for standing in services)
        person = seen.whose
        return Overview(
            known=True,
            services=services,
            cards=[view(card, now) for card in seen.valid] if able else [],
            cases=_cases(seen),
            mendable=_mendable(seen),
            phone_masked=mask_phone(person.phone) if able and person.phone else None,
        )


def _asked(service: Service, shown: Shown) -> _Asked:
    kind = Applicant.UNIT_CLERK if service in _CLERKS else Applicant.SELF
    return _Asked(service, kind, shown.applicant)


def _stand(
    session: Session, centre: Centre, asked: _Asked, now: datetime
) -> tuple[Standing, Seen | None]:
    """How one service stands; and what was seen, of a person who is known."""
    row = work(asked.service, asked.applicant_kind)
    cell = centre.rules.cell(asked.service, asked.applicant_kind, asked.channel)
    standing = Standing(
        service=asked.service,
        applicant_kind=asked.applicant_kind,
        allowed=cell.allowed,
        outcome=Outcome.ELIGIBLE,
        failure=None,
        clause=cell.clause,
        route=cell.route,
    )
    seen = None
    try:
        seen = look(session, centre, asked, now, row, (CARD_IN_HAND,))
        row.stand(seen)
    except ProblemError as error:
        told = standing.model_dump() | _in_the_way(error, cell.clause)
        standing = Standing.model_validate(told)
    else:
        about = row.about or asked.service is Service.REPLACE_INDIVIDUAL
        standing.card = digest(seen.card.number) if about else None
    return standing, seen if seen is not None and _is_known(seen) else None


def _is_known(seen: Seen) -> bool:
    person = seen.person
    return person is not None and same_name(person.name, seen.asked.applicant.name)


def _in_the_way(error: ProblemError, clause: str) -> dict[str, Any]:
    """What a problem is in a list of services."""
    told = error.body()
    return {
        "outcome": error.kind.name.lower(),
        "failure": told["citizen_message_key"],
        "clause": told["clause"] or clause,
        "reason_zh": told["reason_zh"],
        "voucher_no": told.get("voucher_no"),
        "ready_on": told.get("ready_on"),
    }


def _cases(seen: Seen) -> list[OpenCase]:
    """The cases that make a card for the person and are not over, the oldest first."""
    rows = select(Application).where(
        Application.number == seen.parties.number,
        Application.service.in_([service.value for service in MAKING]),
        Application.state.in_(OPEN),
    )
    return [
        OpenCase(
            **progress(case.state).model_dump(),
            voucher_no=case.voucher_no,
            service=Service(case.service),
            submitted_at=datetime.fromisoformat(case.submitted_at),
        )
        for case in seen.session.scalars(rows.order_by(Application.submitted_at))
    ]


def _mendable(seen: Seen) -> Mendable | None:
    found = sent_back(seen.session, seen.centre.rules, seen.parties.number)
    if found is None:
        return None
    return Mendable(
        voucher_no=found.case.voucher_no,
        service=Service(found.case.service),
        parts=list(found.parts),
        reason_zh=found.sentence,
        here=found.here,
    )
