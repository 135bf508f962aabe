"""Who shows a social security card: whose card it is, and whether it proves that here.

规程 1.1.1(2), 2.1, 3.1.1, 4.1 … take a 社保卡 as the paper; a card's number names nobody, the
centre does.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from central.cards.ledger import state_at
from central.cards.records import Card, find_card
from central.cards.states import KEYS, REASONS, CardState
from central.eligibility.parties import Asked, Parties, birth_of, check_age, check_agent
from central.people.records import Person, find_person
from central.problems import Kind, ProblemError
from central.schemas import Holder
from regulation.names import same_name
from regulation.papers import Paper
from regulation.rules import Switches

PROVING = frozenset({CardState.ACTIVE, CardState.LOCKED})
"""States in which a card says who an agent is: it was activated, and nobody reported it lost."""

HOLDERS = PROVING | {CardState.SEALED}
"""The same for its holder, who may not have activated it yet."""

_UNKNOWN = "未查到代办人的社保卡，请改用代办人身份证"
_AGENT_REASONS = {
    CardState.SEALED: "代办人的社保卡尚未启用，请改用代办人身份证",
    CardState.TEMPORARY_LOSS: "代办人的社保卡已挂失，请改用代办人身份证",
    CardState.LOSS: "代办人的社保卡已挂失，请改用代办人身份证",
    CardState.CANCELLED: "代办人的社保卡已注销，请改用代办人身份证",
}
_NOT_THEIRS = "没有查到这张社保卡，请改用身份证"


def with_holders(  # noqa: PLR0913, PLR0917 - who, what, when, by which rules
    session: Session,
    parties: Parties,
    asked: Asked,
    now: datetime,
    switches: Switches,
    shown: frozenset[CardState],
) -> Parties:
    """The parties with the holders' own numbers in place of their cards'.

    `shown` are the states in which the holder's own card serves. Raises `HOLDER_CARD_UNUSABLE`,
    `AGENT_CARD_UNUSABLE`, and what speaks against the ages or the agent then.
    """
    today = now.date()
    if asked.applicant.paper is Paper.SS_CARD:
        card, person = _read(session, parties.number, asked.applicant)
        if card is None or person is None:
            raise _no(Kind.HOLDER_CARD_UNUSABLE, parties, _NOT_THEIRS)
        if (state := state_at(card, now)) not in shown:
            raise _no(Kind.HOLDER_CARD_UNUSABLE, parties, REASONS[state], KEYS[state])
        parties = replace(parties, number=person.id_number, shown=card.number)
        if birth := birth_of(Paper.RESIDENT_ID, person.id_number, today):
            check_age(parties.cell, birth, today, switches.minor_age)
    if asked.agent is None or parties.agent_number is None:
        return parties
    if asked.agent.paper is Paper.SS_CARD:
        agent_number = _agent(session, parties, parties.agent_number, asked.agent, now)
        parties = replace(parties, agent_number=agent_number)
    birth = birth_of(Paper.RESIDENT_ID, parties.agent_number or "", today)
    check_agent(parties, birth, today, switches.agent_min_age)
    return parties


def _agent(
    session: Session, parties: Parties, card_number: str, agent: Holder, now: datetime
) -> str:
    card, person = _read(session, card_number, agent)
    if card is None or person is None:
        raise _no(Kind.AGENT_CARD_UNUSABLE, parties, _UNKNOWN)
    if (state := state_at(card, now)) not in PROVING:
        reason = _AGENT_REASONS.get(state, _UNKNOWN)
        raise _no(Kind.AGENT_CARD_UNUSABLE, parties, reason, KEYS[state])
    return person.id_number


def _read(session: Session, card_number: str, holder: Holder) -> tuple[Card | None, Person | None]:
    """The card and the person who holds it, if that is who is named."""
    card = find_card(session, card_number)
    person = find_person(session, card.id_number) if card else None
    same = person is not None and same_name(person.name, holder.name)
    return (card, person) if same else (None, None)


def _no(kind: Kind, parties: Parties, reason: str, key: str | None = None) -> ProblemError:
    return ProblemError(kind, clause=parties.cell.clause, reason_zh=reason, message_key=key)
