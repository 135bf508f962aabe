"""Whether these people may come with these papers: the rules table and the papers' own rules.

The same for a question and for an application; the store is not asked.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from central.problems import Kind, ProblemError
from central.schemas import Holder, Reason
from regulation import people
from regulation.checklist import bring, way
from regulation.papers import CITIZEN_NUMBERED, Paper, check_number
from regulation.people import IdNumber
from regulation.rules import Applicant, Cell, Channel, Rules, Service

NAMED_BY = (
    Paper.RESIDENT_ID,
    Paper.HMT_PERMIT,
    Paper.PASSPORT,
    Paper.MILITARY_OFFICER,
    Paper.HOUSEHOLD_REGISTER,
    Paper.SS_CARD,
)
"""What names a person where the table asks for no paper: the APP or 12333 knows who it is."""

MOST_WAYS = 2
"""How many ways a refusal names: the nearest ones, not a catalogue."""


class Asked(Protocol):
    """A question or an application: who wants what."""

    @property
    def service(self) -> Service:
        """What is wanted."""
        ...

    @property
    def applicant_kind(self) -> Applicant:
        """Who stands there, and for whom."""
        ...

    @property
    def channel(self) -> Channel:
        """Where."""
        ...

    @property
    def applicant(self) -> Holder:
        """Whose card it will be."""
        ...

    @property
    def agent(self) -> Holder | None:
        """Who acts for them."""
        ...

    @property
    def card(self) -> str | None:
        """Which of the person's cards, by its digest; None for the one the service is about."""
        ...

    @property
    def reason(self) -> Reason | None:
        """Why a card is replaced."""
        ...


@dataclass(frozen=True, slots=True)
class Parties:
    """The row that allows it, and the numbers in the form they are kept in.

    `shown` is the number of the holder's own 社保卡 where that is the paper.
    """

    cell: Cell
    number: str
    agent_number: str | None = None
    shown: str | None = None


def judge(rules: Rules, asked: Asked, today: date) -> Parties:
    """The parties, if the regulation lets them; else a `ProblemError` with the clause."""
    cell = rules.cell(asked.service, asked.applicant_kind, asked.channel)
    if not cell.allowed:
        raise _not_allowed(rules, cell)
    parties = Parties(cell, number_of(asked.applicant, cell.papers or NAMED_BY, cell, today))
    birth = birth_of(asked.applicant.paper, parties.number, today)
    if birth is not None:
        check_age(cell, birth, today, rules.switches.minor_age)
    return _with_agent(parties, asked.agent, today, rules.switches.agent_min_age)


def needs_code(rules: Rules, asked: Asked) -> bool:
    """Whether the order needs a code sent to the holder's phone: an agent's PIN reset (A10)."""
    by_agent = asked.applicant_kind in {Applicant.AGENT_ADULT, Applicant.AGENT_MINOR}
    here = asked.service is Service.PIN_RESET and asked.channel is Channel.KIOSK
    return by_agent and here and rules.switches.pin_reset_by_agent_at_kiosk == "otp"


def _not_allowed(rules: Rules, cell: Cell) -> ProblemError:
    """The refusal of a cell: its clause, where it sends people, and the nearest ways there are."""
    ways = rules.nearest(cell.service, cell.applicant)[:MOST_WAYS]
    name = rules.words[cell.service].zh
    given = "; ".join(f"{each.channel} by {each.applicant}" for each in ways)
    return ProblemError(
        Kind.NOT_ALLOWED,
        f"The regulation gives no such way. It gives: {given}.",
        clause=cell.clause,
        reason_zh=f"{name}不能这样办理。可以：{'；'.join(map(way, ways))}",
        route=cell.route,
        ways=[
            {
                "channel": each.channel,
                "applicant_kind": each.applicant,
                "zh": way(each),
                "bring": list(bring(each)),
                "clause": each.clause,
            }
            for each in ways
        ],
    )


def birth_of(paper: Paper, number: str, today: date) -> date | None:
    """The day of birth that a number tells; None for papers whose number has none."""
    if paper not in CITIZEN_NUMBERED:
        return None
    found = people.check_id_number(number, today)
    return found.birth if isinstance(found, IdNumber) else None


def check_age(cell: Cell, birth: date, today: date, minor_age: int) -> None:
    """Refuse an adult brought as a minor and a minor brought as an adult (规程 1.1.1(2)).

    On the 18th birthday both are right.
    """
    kind = cell.applicant
    if kind is Applicant.AGENT_MINOR and not people.counts_as_minor(birth, today, minor_age):
        reason = "申办人已成年，请选择代成年人办理"
        raise ProblemError(Kind.APPLICANT_NOT_MINOR, clause=cell.clause, reason_zh=reason)
    if kind is Applicant.AGENT_ADULT and not people.counts_as_adult(birth, today, minor_age):
        reason = "申办人未成年，请选择代未成年人办理"
        raise ProblemError(Kind.APPLICANT_NOT_ADULT, clause=cell.clause, reason_zh=reason)


def check_agent(parties: Parties, birth: date | None, today: date, min_age: int) -> None:
    """Refuse an agent who is the applicant or too young (规程 1.1.1(2), reading A23)."""
    clause = parties.cell.clause
    if parties.agent_number == parties.number:
        raise ProblemError(Kind.AGENT_IS_APPLICANT, clause=clause)
    if birth is not None and people.age_on(birth, today) < min_age:
        raise ProblemError(Kind.AGENT_TOO_YOUNG, clause=clause)


def _with_agent(parties: Parties, agent: Holder | None, today: date, min_age: int) -> Parties:
    cell = parties.cell
    if agent is None and not cell.agent_papers:
        return parties
    if agent is None:
        raise ProblemError(Kind.AGENT_MISSING, clause=cell.clause)
    if not cell.agent_papers:
        raise ProblemError(Kind.AGENT_NOT_EXPECTED, clause=cell.clause)
    number = number_of(agent, cell.agent_papers, cell, today)
    parties = replace(parties, agent_number=number)
    check_agent(parties, birth_of(agent.paper, number, today), today, min_age)
    return parties


def number_of(holder: Holder, papers: tuple[Paper, ...], cell: Cell, today: date) -> str:
    """A paper's number in the form it is kept in.

    Raises `PAPER_NOT_ACCEPTED`, `NUMBER_IMPOSSIBLE`.
    """
    if holder.paper not in papers:
        detail = f"Accepted are: {', '.join(papers)}."
        raise ProblemError(Kind.PAPER_NOT_ACCEPTED, detail, clause=cell.clause)
    number = check_number(holder.paper, holder.number, today)
    if not isinstance(number, str):
        raise ProblemError(Kind.NUMBER_IMPOSSIBLE, f"It is the number of a {holder.paper}.")
    return number
