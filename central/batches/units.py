"""Units and who may act for them: the unit's code, the clerk's paper, the binding of the two."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from central.batches.records import Clerk, Unit, find_unit
from central.cards.records import find_card
from central.cards.states import CardState
from central.people.records import find_person
from central.problems import Kind, ProblemError
from central.schemas import Holder
from regulation.names import same_name
from regulation.papers import Paper, check_number
from regulation.people import IdNumber, age_on, check_id_number
from regulation.rules import Cell

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
CREDIT_CODE = 18
UNIT_NUMBER = r"[0-9A-Z]{2,17}"
"""A 单位编号 of the social insurance; no standard, so only letters and digits are looked at."""


@dataclass(frozen=True, slots=True)
class Identified:
    """A clerk whose paper was looked at."""

    number: str = field(repr=False)
    name: str = field(repr=False)


def check_character(code: str) -> str:
    """The check character of the first 17 of a 统一社会信用代码 (GB 32100-2015: 3^i, modulo 31)."""
    total = sum(ALPHABET.index(each) * pow(3, i, 31) for i, each in enumerate(code[:17]))
    return ALPHABET[-total % 31]


def unit_code(text: str) -> str | None:
    """A 统一社会信用代码 or a 单位编号 in the form it is kept in; None for what can be neither."""
    code = "".join(text.split()).upper()
    if len(code) != CREDIT_CODE:
        return code if re.fullmatch(UNIT_NUMBER, code) else None
    whole = all(each in ALPHABET for each in code)
    return code if whole and check_character(code) == code[-1] else None


def unit_of(session: Session, text: str, clerk: Identified, clause: str) -> Unit:
    """The unit that a clerk may act for. Raises `UNIT_UNKNOWN` or `CLERK_NOT_OF_UNIT` (F43)."""
    code = unit_code(text)
    unit = find_unit(session, code) if code else None
    if unit is None:
        raise ProblemError(
            Kind.UNIT_UNKNOWN,
            clause=clause,
            reason_zh="没有这个单位，请核对统一社会信用代码或单位编号",
        )
    if session.get(Clerk, (unit.code, clerk.number)) is None:
        raise ProblemError(
            Kind.CLERK_NOT_OF_UNIT,
            clause=clause,
            reason_zh="您没有登记为这个单位的经办人，请单位先登记经办人",
        )
    return unit


def identify(
    session: Session, cell: Cell, shown: Holder, now: datetime, min_age: int
) -> Identified:
    """Who a clerk is, by 身份证 or 社保卡 (规程 1.2.1, 1.2.3).

    Raises `PAPER_NOT_ACCEPTED`, `NUMBER_IMPOSSIBLE`, `CLERK_UNKNOWN` or `AGENT_TOO_YOUNG`.
    """
    if shown.paper not in cell.papers:
        raise ProblemError(
            Kind.PAPER_NOT_ACCEPTED,
            f"Accepted are: {', '.join(cell.papers)}.",
            clause=cell.clause,
            reason_zh="请出示经办人本人的身份证原件或社保卡",
        )
    number = check_number(shown.paper, shown.number, now.date())
    if not isinstance(number, str):
        raise ProblemError(Kind.NUMBER_IMPOSSIBLE, f"It is the number of a {shown.paper}.")
    if shown.paper is Paper.SS_CARD:
        number = _holder(session, number, cell.clause)
    person = find_person(session, number)
    known = person is not None and same_name(person.name, shown.name)
    if not known and (person is not None or shown.paper is Paper.SS_CARD):
        raise _unknown(cell.clause)
    born = check_id_number(number, now.date())
    if isinstance(born, IdNumber) and age_on(born.birth, now.date()) < min_age:
        raise ProblemError(Kind.AGENT_TOO_YOUNG, clause=cell.clause)
    return Identified(number, shown.name)


def _holder(session: Session, card_number: str, clause: str) -> str:
    card = find_card(session, card_number)
    if card is None or card.state is not CardState.ACTIVE:
        raise _unknown(clause)
    return card.id_number


def _unknown(clause: str) -> ProblemError:
    return ProblemError(
        Kind.CLERK_UNKNOWN,
        clause=clause,
        reason_zh="经办人的证件与系统中的信息不符，请改用身份证或核对姓名",
    )
