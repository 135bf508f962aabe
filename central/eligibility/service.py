"""Whether a person may have a service now: who they are, and what stands in the way."""

from datetime import datetime

from sqlalchemy.orm import Session

from central.applications.records import agent_count
from central.applications.works import Work, work
from central.cards.records import cards_of
from central.cards.views import view
from central.centre import Centre
from central.eligibility.parties import Asked, judge, needs_code
from central.eligibility.schemas import Eligibility, Outcome, Question
from central.eligibility.shown_card import with_holders
from central.eligibility.standing import CARD_IN_HAND, Seen, in_hand
from central.people.records import find_person
from central.problems import Kind, ProblemError
from regulation.masks import mask_phone
from regulation.rules import Channel, Service

_TOLD = {Kind[outcome.name]: outcome for outcome in Outcome if outcome is not Outcome.ELIGIBLE}
"""The problems that are an outcome of the question; any other is a problem there too."""


def ask(centre: Centre, question: Question) -> Eligibility:
    """The answer to who asks before anything is typed."""
    now = centre.clock()
    row = work(question.service, question.applicant_kind)
    with centre.database.read() as session:
        try:
            seen = look(session, centre, question, now, row, (CARD_IN_HAND,))
            row.stand(seen)
        except ProblemError as error:
            return _in_the_way(error, question.applicant.name)
        return _eligible(seen, row)


def look(  # noqa: PLR0913, PLR0917 - who asks for what, when, of which store
    session: Session,
    centre: Centre,
    asked: Asked,
    now: datetime,
    row: Work,
    marks: tuple[str, ...] = (),
) -> Seen:
    """Who the parties are, and what the store has of the person.

    The agent's limit comes before anything of the person, so that an agent who has reached it
    learns nothing more; at a window a clerk judges the agent instead.
    """
    parties = judge(centre.rules, asked, now.date())
    parties = with_holders(session, parties, asked, now, centre.rules.switches, row.shown)
    agent, limit = parties.agent_number, centre.settings.agent_daily_limit
    limited = agent is not None and asked.channel is not Channel.WINDOW
    if agent and limited and agent_count(session, agent, now.date()) >= limit:
        raise ProblemError(Kind.AGENT_LIMIT, clause=parties.cell.clause)
    return Seen(
        session,
        centre,
        parties,
        asked,
        find_person(session, parties.number),
        tuple(cards_of(session, parties.number)),
        row.about,
        now,
        marks,
    )


def _in_the_way(error: ProblemError, name: str) -> Eligibility:
    """The outcome a problem is; any other problem is raised again."""
    outcome = _TOLD.get(error.kind)
    if outcome is None:
        raise error
    told = error.body()
    return Eligibility(
        outcome=outcome,
        name=name,
        clause=told["clause"],
        voucher_no=told.get("voucher_no"),
        ready_on=told.get("ready_on"),
    )


def _eligible(seen: Seen, row: Work) -> Eligibility:
    cell, person = seen.parties.cell, seen.person
    return Eligibility(
        outcome=Outcome.ELIGIBLE,
        name=seen.asked.applicant.name,
        address=person.address if person else None,
        phone_masked=mask_phone(person.phone) if person and person.phone else None,
        clause=cell.clause,
        cards=[view(card, seen.now) for card in seen.valid],
        card_in_hand=row.service is Service.LOSS_REPORT and in_hand(seen),
        fee_fen=seen.centre.settings.fees.fen.get(row.service, 0),
        photo=cell.photo,
        sign=cell.sign,
        voucher=cell.voucher,
        code_needed=needs_code(seen.centre.rules, seen.asked),
    )
