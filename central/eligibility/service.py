"""Whether a person may have a new card: insured, no card, in no batch, nothing open."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from central.applications.records import agent_count, open_application
from central.batches.records import Batch, live_membership
from central.batches.states import BatchState
from central.batches.terms import ready_on
from central.cards.records import has_valid_card
from central.centre import Centre
from central.eligibility.agent_card import with_holder
from central.eligibility.parties import Asked, Parties, judge
from central.eligibility.schemas import Eligibility, Outcome, Question
from central.people.records import Person, find_person
from regulation.masks import mask_phone
from regulation.names import same_name

REPLACEMENT = "3.1"
BATCH_TO_SINGLE = "1.3"
BATCH_TERM = "1.2.3"


def ask(centre: Centre, question: Question) -> Eligibility:
    """The answer to a kiosk that asks before anything is typed."""
    now = centre.clock()
    parties = judge(centre.rules, question, now.date())
    with centre.database.read() as session:
        return look(session, centre, parties, question, now)[1]


def look(
    session: Session, centre: Centre, parties: Parties, asked: Asked, now: datetime
) -> tuple[Parties, Eligibility]:
    """What the store says at this moment of parties that were judged, and who the agent is."""
    min_age = centre.rules.switches.agent_min_age
    parties = with_holder(session, parties, asked, now.date(), min_age)
    return parties, _look(session, centre, parties, asked.applicant.name, now.date())


def _look(
    session: Session, centre: Centre, parties: Parties, name: str, today: date
) -> Eligibility:
    """The first thing that stands in the way.

    The agent's limit comes first, so that an agent who has reached it learns nothing more.
    """
    number, agent, clause = parties.number, parties.agent_number, parties.cell.clause
    if agent and agent_count(session, agent, today) >= centre.settings.agent_daily_limit:
        return Eligibility(outcome=Outcome.AGENT_LIMIT, name=name, clause=clause)
    person = find_person(session, number)
    if person is None or not same_name(person.name, name):
        return Eligibility(outcome=Outcome.UNKNOWN_PERSON, name=name, clause=clause)
    return _standing(session, centre, parties, person, name)


def _standing(
    session: Session, centre: Centre, parties: Parties, person: Person, name: str
) -> Eligibility:
    """Where a known person stands with the centre."""
    number, clause = parties.number, parties.cell.clause
    if not person.insured:
        return Eligibility(outcome=Outcome.NOT_INSURED, name=name, clause=clause)
    if has_valid_card(session, number):
        return Eligibility(outcome=Outcome.HAS_CARD, name=name, clause=REPLACEMENT)
    if voucher_no := open_application(session, parties.cell.service, number):
        outcome = Outcome.APPLICATION_OPEN
        return Eligibility(outcome=outcome, name=name, voucher_no=voucher_no, clause=clause)
    if found := live_membership(session, number):
        return _in_batch(centre, found[0], name)
    return Eligibility(
        outcome=Outcome.ELIGIBLE,
        name=name,
        address=person.address,
        phone_masked=mask_phone(person.phone) if person.phone else None,
        clause=clause,
    )


def _in_batch(centre: Centre, batch: Batch, name: str) -> Eligibility:
    if batch.state is BatchState.DATA_GENERATED:
        outcome = Outcome.IN_BATCH_DATA_GENERATED
        return Eligibility(outcome=outcome, name=name, clause=BATCH_TO_SINGLE)
    return Eligibility(
        outcome=Outcome.IN_BATCH_IN_PRODUCTION,
        name=name,
        ready_on=ready_on(batch, centre.calendar),
        clause=BATCH_TERM,
    )
