"""An agent who shows a social security card: whose card it is, and whether it still proves that.

规程 1.1.1(2) takes the agent's 身份证 or 社保卡; a card's number names nobody, the centre does.
"""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from central.cards.records import Card, find_card
from central.cards.states import CardState
from central.eligibility.parties import Asked, Parties, birth_of, check_agent
from central.people.records import find_person
from central.problems import Kind, ProblemError
from regulation.names import same_name
from regulation.papers import Paper

_UNKNOWN = "未查到代办人的社保卡，请改用代办人身份证"
_REASONS = {
    CardState.SEALED: "代办人的社保卡尚未启用，请改用代办人身份证",
    CardState.TEMPORARY_LOSS: "代办人的社保卡已挂失，请改用代办人身份证",
    CardState.LOSS: "代办人的社保卡已挂失，请改用代办人身份证",
    CardState.CANCELLED: "代办人的社保卡已注销，请改用代办人身份证",
    CardState.NONE: _UNKNOWN,
}


def with_holder(
    session: Session, parties: Parties, asked: Asked, today: date, min_age: int
) -> Parties:
    """The parties with the card holder's own number in place of the card's.

    Raises `AGENT_CARD_UNUSABLE`, `AGENT_IS_APPLICANT` or `AGENT_TOO_YOUNG`.
    """
    agent, card_number = asked.agent, parties.agent_number
    if agent is None or card_number is None or agent.paper is not Paper.SS_CARD:
        return parties
    card = find_card(session, card_number)
    number = _holder(session, card, agent.name, parties.cell.clause)
    parties = replace(parties, agent_number=number)
    check_agent(parties, birth_of(Paper.RESIDENT_ID, number, today), today, min_age)
    return parties


def _holder(session: Session, card: Card | None, name: str, clause: str) -> str:
    person = find_person(session, card.id_number) if card else None
    if card is None or person is None or not same_name(person.name, name):
        raise ProblemError(Kind.AGENT_CARD_UNUSABLE, clause=clause, reason_zh=_UNKNOWN)
    if reason := _REASONS.get(card.state):
        raise ProblemError(Kind.AGENT_CARD_UNUSABLE, clause=clause, reason_zh=reason)
    return person.id_number
