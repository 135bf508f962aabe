"""Who stands here and for whom: the papers shown, and whether the rule takes them.

The same steps begin every service for one person (规程 1.1.1, 3.1.1, 5.1, 6.1); which papers serve
is the row of the regulation's table.
"""

from collections.abc import Callable
from datetime import date
from functools import partial

from kiosk.services.answers import (
    CLOCK_OFF,
    TODAY,
    Agreed,
    Eligible,
    NotMe,
    OtherPaper,
    PaperRead,
    Picture,
    Ready,
    Unread,
    WrongPaper,
)
from kiosk.services.card_answers import CardUnusable
from kiosk.services.referral import not_here
from kiosk.visit import Again, Change, Check, Fact, Facts, Patience, Refusal, Step, accepts
from regulation.papers import CITIZEN_NUMBERED, Paper, check_number
from regulation.people import (
    IdNumber,
    age_on,
    check_id_number,
    counts_as_minor,
    is_minor,
    is_valid_on,
)
from regulation.rules import Applicant, Cell, Channel, Rules, Service

WHO = Fact("who", Applicant)
APPLICANT = Fact("applicant", PaperRead)
OTHER = Fact("applicant", OtherPaper)
PAPER = Fact("other_paper", Paper)
PAGE = Fact("page", Picture)
NUMBER = Fact("paper_number", str)
NAME = Fact("paper_name", str)
UNTIL = Fact("paper_until", str)
AGENT = Fact("agent", PaperRead)
SWAPS = Fact("person_check", OtherPaper)
ELIGIBLE = Fact("eligibility", Eligible)

PAPERS_WITH_EXPIRY = (Paper.PASSPORT, Paper.HMT_PERMIT)
PAGE_STEPS = ("page_ready", "page", "page_keep")
PAPER_STEPS = (
    *("applicant", "other_paper", *PAGE_STEPS),
    *("paper_number", "paper_name", "paper_until"),
)
CARRIED = ("today", "tapped", "who", *PAPER_STEPS, "agent", "person_check")
"""What whoever goes on to another service need not show or say again."""


def carried(facts: Facts, **more: object) -> Facts:
    """The facts that another service may begin with: who stands there, as was found out before."""
    shown = {name: facts[name] for name in CARRIED if name in facts}
    known = {name: fact for name, fact in shown.items() if not isinstance(fact, Refusal)}
    who = asker(facts)
    return known | ({WHO.name: who} if who else {}) | more


def applicant_paper(facts: Facts) -> PaperRead | None:
    """The applicant's paper, read or typed; None while it is not complete."""
    if read := APPLICANT.of(facts):
        return read
    paper, number, name = PAPER.of(facts), NUMBER.of(facts), NAME.of(facts)
    if paper is None or number is None or name is None:
        return None
    return PaperRead(paper, number, name, valid_until=UNTIL.of(facts) or "")


def asker(facts: Facts) -> Applicant | None:
    """Who says they stand there, also where just that is refused."""
    said = facts.get(WHO.name)
    told = said.answer if isinstance(said, Refusal) else said
    return told if isinstance(told, Applicant) else None


def kind(facts: Facts, minor_age: int = 18) -> Applicant:
    """Who acts for whom. An agent's choice is corrected by the age in the applicant's number."""
    who = asker(facts) or Applicant.SELF
    paper, today = applicant_paper(facts), TODAY.of(facts)
    if who in {Applicant.SELF, Applicant.UNIT_CLERK} or paper is None or today is None:
        return who
    if paper.paper is Paper.HOUSEHOLD_REGISTER:
        return Applicant.AGENT_MINOR
    number = _citizen(paper, today)
    if number is None:
        return who
    minor = is_minor(number.birth, today, minor_age)
    return Applicant.AGENT_MINOR if minor else Applicant.AGENT_ADULT


def row(rules: Rules, service: Service, facts: Facts) -> Cell:
    """The row of the regulation that rules this visit."""
    return rules.cell(service, kind(facts, rules.switches.minor_age), Channel.KIOSK)


def chosen_row(rules: Rules, service: Service, facts: Facts) -> Cell:
    """The row as the person chose it, while the applicant's paper is still being shown."""
    return rules.cell(service, asker(facts) or Applicant.SELF, Channel.KIOSK)


def accepted(rules: Rules, service: Service, facts: Facts) -> tuple[Paper, ...]:
    """The applicant's papers that serve; whether for an adult or a child, its number tells."""
    cell = chosen_row(rules, service, facts)
    if cell.applicant not in {Applicant.AGENT_ADULT, Applicant.AGENT_MINOR}:
        return cell.papers
    both = (Applicant.AGENT_ADULT, Applicant.AGENT_MINOR)
    papers = (rules.cell(service, who, Channel.KIOSK).papers for who in both)
    return tuple(dict.fromkeys((*cell.papers, *(paper for each in papers for paper in each))))


def other_papers(rules: Rules, service: Service, facts: Facts) -> tuple[Paper, ...]:
    """The papers without a chip that may be shown instead of one that is read."""
    papers = chosen_row(rules, service, facts).papers
    return tuple(each for each in papers if each not in {Paper.RESIDENT_ID, Paper.SS_CARD})


def whose(rules: Rules, service: Service, *, notice: bool = True) -> tuple[Step, ...]:
    """For whom, what to know before, and the applicant's paper."""
    papers = (PaperRead, OtherPaper, Unread, WrongPaper, CardUnusable)
    read = partial(_check_applicant, rules, service)
    by_chip = partial(_by_chip, rules, service)
    return (
        Step("who", (Applicant,), fresh=True, check=partial(_check_who, rules, service)),
        *((Step("notice", (Agreed,)),) if notice else ()),
        Step("applicant", papers, work="read_applicant", when=by_chip, check=read),
        *_other_paper(rules, service),
    )


def present(
    rules: Rules, service: Service, *, confirms: bool = True, judged: Check = accepts
) -> tuple[Step, ...]:
    """The agent's paper, that it is them, and whether the centre lets it go on.

    Without `confirms` a later page of the service has them say that they are who they are;
    `judged` looks at the centre's answer.
    """
    papers = (PaperRead, Unread, WrongPaper, CardUnusable)
    check = partial(_check_agent, rules, service)
    return (
        Step("agent", papers, work="read_agent", when=by_agent, check=check),
        *(person_check() if confirms else ()),
        Step("eligibility", (Eligible,), work="eligibility", auto=True, check=judged),
    )


def person_check() -> tuple[Step, ...]:
    """That the paper is one's own; whoever showed another's (F09) takes it back and begins anew.

    No face is compared: what a paper's picture is packed in, only its vendor's library opens.
    """
    return (
        Step("person_check", (Agreed, NotMe, OtherPaper), check=_check_person),
        Step("swap_paper", (), work="papers_swapped", when=_swaps),
    )


def in_slot(facts: Facts) -> bool:
    """Whether the paper of whoever stands there is a social card, and so in the slot."""
    shown = AGENT.of(facts) if by_agent(facts) else applicant_paper(facts)
    return shown is not None and shown.paper is Paper.SS_CARD


def another_paper(facts: Facts) -> Change:
    """The paper of whoever stands there is asked for anew; for whom an agent acts stays known."""
    shown = ("agent",) if by_agent(facts) else ("card", *PAPER_STEPS)
    return Change(drop=("tapped", "overview", "pin_blocked", *shown, "person_check"))


def serves(rules: Rules, service: Service, facts: Facts) -> bool:
    """Whether the papers that were shown serve for another service, too."""
    cell, paper, agent = row(rules, service, facts), applicant_paper(facts), AGENT.of(facts)
    return (
        cell.allowed
        and (paper is None or paper.paper in cell.papers)
        and (agent is None or agent.paper in cell.agent_papers)
    )


def by_agent(facts: Facts) -> bool:
    """Whether somebody acts for the applicant."""
    return WHO.of(facts) in {Applicant.AGENT_ADULT, Applicant.AGENT_MINOR}


def today_of(facts: Facts) -> date:
    """The day the visit began. Raises ValueError for a visit that was begun without one."""
    today = TODAY.of(facts)
    if today is None:
        raise ValueError("a visit begins with the day it began on: Begin(..., {'today': date})")
    return today


def _other_paper(rules: Rules, service: Service) -> tuple[Step, ...]:
    """A paper without a chip, where one serves: a picture of it, its number, name and expiry."""
    if not any(_has_other(rules.cell(service, who, Channel.KIOSK).papers) for who in Applicant):
        return ()
    which, number = partial(_check_other, rules, service), partial(_check_number, rules, service)
    typing = Patience.TYPING
    until, other = partial(_check_until, rules, service), partial(_other, rules, service)
    return (
        Step("other_paper", (Paper,), when=other, check=which),
        *page_of(other),
        Step("paper_number", (str,), when=other, check=number, patience=typing),
        Step("paper_name", (str,), when=other, patience=typing),
        Step("paper_until", (str,), when=_expires, check=until, patience=typing),
    )


def page_of(when: Callable[[Facts], bool]) -> tuple[Step, ...]:
    """A picture of a paper's page, and whether it can be read."""
    photo = Patience.PHOTO
    return (
        Step("page_ready", (Ready,), when=when, patience=photo),
        Step("page", (Picture,), work="take_page", auto=True, when=when),
        Step("page_keep", (Agreed,), when=when, patience=photo),
    )


def _by_chip(rules: Rules, service: Service, facts: Facts) -> bool:
    """Whether a paper with a chip serves: none does where nothing reads one now."""
    chips = {Paper.RESIDENT_ID, Paper.SS_CARD}
    return bool(chips & {*accepted(rules, service, facts)})


def _other(rules: Rules, service: Service, facts: Facts) -> bool:
    shown = APPLICANT.of(facts)
    return OTHER.of(facts) is not None or (shown is None and not _by_chip(rules, service, facts))


def _swaps(facts: Facts) -> bool:
    return SWAPS.of(facts) is not None


def _check_person(_facts: Facts, answer: object) -> Again | None:
    return Again("F09") if isinstance(answer, NotMe) else None


def _expires(facts: Facts) -> bool:
    return PAPER.of(facts) in PAPERS_WITH_EXPIRY


def _check_who(
    rules: Rules, service: Service, _facts: Facts, answer: object
) -> Again | Refusal | None:
    """Whoever may not have it at the kiosk is told at once, before any paper is shown."""
    if not isinstance(answer, Applicant):
        return None
    return not_here(rules, service, answer)


def _check_paper(
    rules: Rules, papers: tuple[Paper, ...], cell: Cell, facts: Facts, answer: object
) -> Again | Refusal | None:
    """A paper that was read, of a kind that serves, with a possible number, and still valid.

    Else F02, F08, F04 or F03 (规程 1.1.1); who has none of them is told at once (reading A6).
    """
    if code := _no_paper(answer):
        return Again(code)
    if not isinstance(answer, PaperRead):
        lacks = isinstance(answer, OtherPaper) and not _has_other(papers)
        return Refusal("paper_lacking", cell.clause) if lacks else None
    if answer.paper not in papers:
        return Again("F08")
    return unfit(rules, answer, facts, cell.clause)


def unfit(rules: Rules, paper: PaperRead, facts: Facts, clause: str) -> Again | Refusal | None:
    """What is wrong with a paper for any service: F04 an impossible number, F03 past its day."""
    if paper.paper in CITIZEN_NUMBERED and _citizen(paper, today_of(facts)) is None:
        return Again("F04")
    return _expired(rules, paper.valid_until, facts, clause) if paper.valid_until else None


def _expired(rules: Rules, until: str, facts: Facts, clause: str) -> Refusal | None:
    """F03 for a paper past its day; F47 where the clock is not to be trusted with that."""
    if is_valid_on(until, today_of(facts), rules.switches.accept_expired_days):
        return None
    if CLOCK_OFF.of(facts):
        return Refusal("F47", clause)
    return Refusal("F03", clause, _plain_date(until))


def _no_paper(answer: object) -> str:
    """The failure of what a reader gave that is no paper to go by; "" for any other answer."""
    match answer:
        case Unread():
            return "F02"
        case WrongPaper():
            return "F08"
        case CardUnusable(code):
            return code
        case _:
            return ""


def _has_other(papers: tuple[Paper, ...]) -> bool:
    return any(paper not in {Paper.RESIDENT_ID, Paper.SS_CARD} for paper in papers)


def _check_applicant(
    rules: Rules, service: Service, facts: Facts, answer: object
) -> Again | Refusal | None:
    papers, cell = accepted(rules, service, facts), chosen_row(rules, service, facts)
    found, agent = _check_paper(rules, papers, cell, facts, answer), AGENT.of(facts)
    if found or not isinstance(answer, PaperRead):
        return found
    return Again("F06") if agent and agent.whose == answer.whose else None


def _check_agent(
    rules: Rules, service: Service, facts: Facts, answer: object
) -> Again | Refusal | None:
    cell, applicant = row(rules, service, facts), applicant_paper(facts)
    found = _check_paper(rules, cell.agent_papers, cell, facts, answer)
    if found or not isinstance(answer, PaperRead):
        return found
    if applicant and applicant.whose == answer.whose:
        return Again("F06")
    number = _citizen(answer, today_of(facts))
    young = number and age_on(number.birth, today_of(facts)) < rules.switches.agent_min_age
    return Again("F07") if young else None


def _check_other(rules: Rules, service: Service, facts: Facts, answer: object) -> Again | None:
    return None if answer in other_papers(rules, service, facts) else Again("F08")


def _check_number(
    rules: Rules, service: Service, facts: Facts, answer: object
) -> Again | Refusal | None:
    paper, today = PAPER.of(facts), today_of(facts)
    if paper is None or not isinstance(check_number(paper, str(answer), today), str):
        return Again("F04")
    if paper is not Paper.HOUSEHOLD_REGISTER:
        return None
    child = check_id_number(str(answer), today)
    young = isinstance(child, IdNumber) and counts_as_minor(
        child.birth, today, rules.switches.minor_age
    )
    return None if young else Refusal("F08", chosen_row(rules, service, facts).clause)


def _check_until(
    rules: Rules, service: Service, facts: Facts, answer: object
) -> Again | Refusal | None:
    text = str(answer)
    if _date(text) is None:
        return Again("F04")
    return _expired(rules, text, facts, chosen_row(rules, service, facts).clause)


def _citizen(paper: PaperRead, today: date) -> IdNumber | None:
    """The citizen's number behind a paper; None where it has none, or an impossible one."""
    number = check_id_number(paper.whose, today)
    return number if isinstance(number, IdNumber) else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _plain_date(text: str) -> str:
    day = _date(text)
    return day.isoformat() if day else text
