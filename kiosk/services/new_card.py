"""申领: a new card for one person, for oneself or as an agent (规程 1.1)."""

from datetime import date
from functools import partial
from itertools import pairwise

from kiosk.services.answers import (
    TODAY,
    AddressSays,
    Agreed,
    BadPicture,
    Done,
    Drawn,
    Eligible,
    Held,
    NoPhone,
    NoPicture,
    OnScreen,
    OtherPaper,
    PaperRead,
    PhotoWish,
    Picture,
    Printed,
    Ready,
    Sealed,
    SignAtWindow,
    Strokes,
    Submitted,
    Unread,
    WrongPaper,
)
from kiosk.services.failures import retries
from kiosk.services.referral import REFERRAL_STEPS
from kiosk.visit import Again, Fact, Facts, Patience, Refusal, Service, Step
from regulation.papers import Paper, check_number
from regulation.people import (
    IdNumber,
    age_on,
    check_id_number,
    check_phone,
    counts_as_minor,
    is_minor,
    is_valid_on,
)
from regulation.rules import Applicant, Cell, Channel, Rules
from regulation.rules import Service as Name

WHO = Fact("who", Applicant)
APPLICANT = Fact("applicant", PaperRead)
OTHER = Fact("applicant", OtherPaper)
PAPER = Fact("other_paper", Paper)
PAGE = Fact("page", Picture)
NUMBER = Fact("paper_number", str)
NAME = Fact("paper_name", str)
UNTIL = Fact("paper_until", str)
AGENT = Fact("agent", PaperRead)
ELIGIBLE = Fact("eligibility", Eligible)
PHONE = Fact("phone", str)
ADDRESS = Fact("address", AddressSays)
BANK = Fact("bank", str)
WISH = Fact("portrait_choice", PhotoWish)
SOURCE = Fact("portrait_ready", Ready)
PORTRAIT = Fact("portrait", Picture)
SIGNATURE = Fact("signature", Strokes)
SCENE = Fact("scene_photo", Picture)
SUBMITTED = Fact("submit", Submitted)
HELD = Fact("submit", Held)
SEALED = Fact("seal", Sealed)
SLIP = Fact("slip", Drawn)

PAPERS_WITH_EXPIRY = (Paper.PASSPORT, Paper.HMT_PERMIT)
SHORTEST_SIGNATURE = 0.15
"""Length of all strokes together, in pad widths, under which nobody has signed (F39)."""

PAPER_STEPS = (
    *("applicant", "other_paper", "page_ready", "page", "page_keep"),
    *("paper_number", "paper_name", "paper_until"),
)
PORTRAIT_STEPS = ("portrait_ready", "portrait_scan", "portrait", "portrait_keep")
PAGE_STEPS = ("page_ready", "page", "page_keep")


def applicant_paper(facts: Facts) -> PaperRead | None:
    """The applicant's paper, read or typed; None while it is not complete."""
    if read := APPLICANT.of(facts):
        return read
    paper, number, name = PAPER.of(facts), NUMBER.of(facts), NAME.of(facts)
    if paper is None or number is None or name is None:
        return None
    return PaperRead(paper, number, name, valid_until=UNTIL.of(facts) or "")


def known_address(facts: Facts) -> str:
    """The address of the chip, else the centre's; empty when neither has one."""
    paper, eligible = applicant_paper(facts), ELIGIBLE.of(facts)
    return (paper.address if paper else "") or (eligible.address if eligible else "")


def kind(facts: Facts, minor_age: int = 18) -> Applicant:
    """Who acts for whom. An agent's choice is corrected by the age in the applicant's number."""
    who = WHO.of(facts) or Applicant.SELF
    paper, today = applicant_paper(facts), TODAY.of(facts)
    if who is Applicant.SELF or paper is None or today is None:
        return who
    number = check_id_number(paper.number, today)
    if not isinstance(number, IdNumber):
        return who
    if paper.paper is Paper.HOUSEHOLD_REGISTER:
        return Applicant.AGENT_MINOR
    return (
        Applicant.AGENT_MINOR if is_minor(number.birth, today, minor_age) else Applicant.AGENT_ADULT
    )


def row(rules: Rules, facts: Facts) -> Cell:
    """The row of the regulation that rules this visit."""
    who = kind(facts, rules.switches.minor_age)
    return rules.cell(Name.NEW_INDIVIDUAL, who, Channel.KIOSK)


def other_papers(rules: Rules, facts: Facts) -> tuple[Paper, ...]:
    """The papers that may be shown instead of a resident ID card."""
    who = WHO.of(facts) or Applicant.SELF
    papers = rules.cell(Name.NEW_INDIVIDUAL, who, Channel.KIOSK).papers
    return tuple(paper for paper in papers if paper is not Paper.RESIDENT_ID)


def new_card(rules: Rules) -> Service:
    """The service under a table of rules."""
    steps = (*_who(rules), *_other_paper(rules), *_allowed(rules), *_wishes(rules), *_handing_in())
    return Service(Name.NEW_INDIVIDUAL, steps, REFERRAL_STEPS, retries)


def _who(rules: Rules) -> tuple[Step, ...]:
    """For whom, what to know before, and the applicant's paper."""
    papers = (PaperRead, OtherPaper, Unread, WrongPaper)
    check = partial(_check_applicant, rules)
    return (
        Step("who", (Applicant,), fresh=True),
        Step("notice", (Agreed,)),
        Step("applicant", papers, work="read_applicant", check=check),
    )


def _other_paper(rules: Rules) -> tuple[Step, ...]:
    """A paper without a chip: which one, a picture of it, its number, name and expiry."""
    number, until = partial(_check_number, rules), partial(_check_until, rules)
    typing, photo = Patience.TYPING, Patience.PHOTO
    return (
        Step("other_paper", (Paper,), when=_other, check=partial(_check_other, rules)),
        Step("page_ready", (Ready,), when=_other, patience=photo),
        Step("page", (Picture,), work="take_page", auto=True, when=_other),
        Step("page_keep", (Agreed,), when=_other, patience=photo),
        Step("paper_number", (str,), when=_other, check=number, patience=typing),
        Step("paper_name", (str,), when=_other, patience=typing),
        Step("paper_until", (str,), when=_expires, check=until, patience=typing),
    )


def _allowed(rules: Rules) -> tuple[Step, ...]:
    """Who stands here, and whether the centre lets it go on."""
    papers, check = (PaperRead, Unread, WrongPaper), partial(_check_agent, rules)
    return (
        Step("agent", papers, work="read_agent", when=_by_agent, check=check),
        Step("person_check", (Agreed,)),
        Step("eligibility", (Eligible,), work="eligibility", auto=True),
    )


def _wishes(rules: Rules) -> tuple[Step, ...]:
    """How to reach the person, which bank, which photo."""
    optional, photo = partial(_photo_optional, rules), Patience.PHOTO
    return (
        Step("phone", (str, NoPhone), check=_check_phone, patience=Patience.TYPING),
        Step("address", (AddressSays,)),
        Step("bank", (str,)),
        Step("portrait_choice", (PhotoWish,), when=optional),
        Step("portrait_ready", (Ready,), when=_photo, patience=photo),
        Step("portrait_scan", (Agreed,), when=_scanned, patience=photo),
        Step(
            "portrait",
            (Picture, BadPicture),
            work="take_portrait",
            auto=True,
            when=_photo,
            check=_check_portrait,
            patience=photo,
        ),
        Step("portrait_keep", (Agreed,), when=_photo, patience=photo),
    )


def _handing_in() -> tuple[Step, ...]:
    """Look once more, sign, hand in, take the slip."""
    signs, typing = (Strokes, SignAtWindow), Patience.TYPING
    return (
        Step("review", (Agreed,), patience=typing),
        Step("signature", signs, check=_check_signature, patience=typing),
        Step("scene_photo", (Picture, NoPicture), work="take_scene", auto=True),
        Step("seal", (Sealed,), work="seal", auto=True, binding=True),
        Step("submit", (Submitted, Held), work="submit", auto=True, binding=True),
        Step("slip", (Drawn,), work="draw_voucher", auto=True, binding=True),
        Step("voucher", (Printed, OnScreen), work="print_voucher", auto=True, binding=True),
        Step("done", (Done,), binding=True, patience=Patience.RESULT),
    )


def _by_agent(facts: Facts) -> bool:
    return WHO.of(facts) is not Applicant.SELF


def _other(facts: Facts) -> bool:
    return OTHER.of(facts) is not None


def _expires(facts: Facts) -> bool:
    return _other(facts) and PAPER.of(facts) in PAPERS_WITH_EXPIRY


def _photo_optional(rules: Rules, facts: Facts) -> bool:
    return row(rules, facts).photo == "optional"


def _photo(facts: Facts) -> bool:
    return WISH.of(facts) is not PhotoWish.NONE


def _scanned(facts: Facts) -> bool:
    source = SOURCE.of(facts)
    return _photo(facts) and source is not None and source.source == "document_camera"


def _check_paper(rules: Rules, facts: Facts, answer: object) -> Again | Refusal | IdNumber | None:
    """A paper that was read, of a kind that serves, with a possible number, and still valid.

    Else F02, F08, F04 or F03 (规程 1.1.1). None: the answer is no paper.
    """
    if isinstance(answer, Unread | WrongPaper):
        return Again("F02" if isinstance(answer, Unread) else "F08")
    if not isinstance(answer, PaperRead):
        return None
    today = _today(facts)
    number = check_id_number(answer.number, today)
    if not isinstance(number, IdNumber):
        return Again("F04")
    if not is_valid_on(answer.valid_until, today, rules.switches.accept_expired_days):
        return Refusal("F03", "1.1.1", _plain_date(answer.valid_until))
    return number


def _check_applicant(rules: Rules, facts: Facts, answer: object) -> Again | Refusal | None:
    found, agent = _check_paper(rules, facts, answer), AGENT.of(facts)
    if not isinstance(found, IdNumber):
        return found
    return Again("F06") if agent and agent.number == found.number else None


def _check_agent(rules: Rules, facts: Facts, answer: object) -> Again | Refusal | None:
    found, applicant = _check_paper(rules, facts, answer), applicant_paper(facts)
    if not isinstance(found, IdNumber):
        return found
    if applicant and applicant.number == found.number:
        return Again("F06")
    young = age_on(found.birth, _today(facts)) < rules.switches.agent_min_age
    return Again("F07") if young else None


def _check_other(rules: Rules, facts: Facts, answer: object) -> Again | None:
    return None if answer in other_papers(rules, facts) else Again("F08")


def _check_number(rules: Rules, facts: Facts, answer: object) -> Again | Refusal | None:
    paper, today = PAPER.of(facts), _today(facts)
    if paper is None or not isinstance(check_number(paper, str(answer), today), str):
        return Again("F04")
    if paper is Paper.HOUSEHOLD_REGISTER:
        child = check_id_number(str(answer), today)
        if isinstance(child, IdNumber) and not counts_as_minor(
            child.birth, today, rules.switches.minor_age
        ):
            return Refusal("F08", "1.1.1(2)")
    return None


def _check_until(rules: Rules, facts: Facts, answer: object) -> Again | Refusal | None:
    text = str(answer)
    if _date(text) is None:
        return Again("F04")
    if not is_valid_on(text, _today(facts), rules.switches.accept_expired_days):
        return Refusal("F03", "1.1.1", _plain_date(text))
    return None


def _check_phone(_facts: Facts, answer: object) -> Again | None:
    if isinstance(answer, NoPhone) or check_phone(str(answer)):
        return None
    return Again("phone_format")


def _check_portrait(_facts: Facts, answer: object) -> Again | None:
    return Again("F11", answer.reason) if isinstance(answer, BadPicture) else None


def _check_signature(_facts: Facts, answer: object) -> Again | None:
    if not isinstance(answer, Strokes):
        return None
    length = sum(
        abs(b[0] - a[0]) + abs(b[1] - a[1])
        for stroke in answer.strokes
        for a, b in pairwise(stroke)
    )
    return Again("F39") if length < SHORTEST_SIGNATURE else None


def _today(facts: Facts) -> date:
    today = TODAY.of(facts)
    if today is None:
        raise ValueError("a visit begins with the day it began on: Begin(..., {'today': date})")
    return today


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _plain_date(text: str) -> str:
    day = _date(text)
    return day.isoformat() if day else text
