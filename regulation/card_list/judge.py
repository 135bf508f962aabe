"""A list looked at row by row, without any store: columns, numbers, ages, papers, repetitions.

The kiosk and the centre judge by this alone. Source: 规程 1.2.1(1), 3.2.1; services.md 2.2 B4
and 6; failure F42.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from regulation.card_list.faults import Fault, Found, RowFault
from regulation.card_list.rows import BOTH_SIDES, HOUSEHOLD, PORTRAIT, Row, number_of
from regulation.names import check_name
from regulation.nations import code_of
from regulation.papers import Paper, check_number
from regulation.people import (
    IdNumber,
    age_on,
    check_id_number,
    check_phone,
    check_valid_until,
    counts_as_adult,
    counts_as_minor,
    is_mobile,
    is_valid_on,
)
from regulation.problem import Problem, ProblemKind
from regulation.reasons import Reason
from regulation.rules import Service
from regulation.switches import Switches

Person = IdNumber | Problem

_BOOK = Paper.HOUSEHOLD_REGISTER.value
PAPERS = frozenset({Paper.RESIDENT_ID.value, _BOOK})
"""规程 1.2.1(1) names 身份证 of adults and 户口本 of minors, no other paper."""

NAME_BYTES = 50
"""What a card holds of a name, in GB18030 (LD/T 32 EF06 09 and 4E)."""

REQUIRED = ("ethnicity", "phone", "address", "bank")
PLAIN = ("address", "bank", "remark", "portrait_file")
PATH = frozenset("/\\:")
"""What leads out of a folder, on one system or another."""

_NUMBER = {
    ProblemKind.EMPTY: Fault.MISSING,
    ProblemKind.LENGTH: Fault.LENGTH,
    ProblemKind.FIFTEEN_DIGITS: Fault.FIFTEEN_DIGITS,
    ProblemKind.BIRTH: Fault.BIRTH,
    ProblemKind.CHECK_CHARACTER: Fault.CHECK_CHARACTER,
}
_NAME = {ProblemKind.EMPTY: Fault.MISSING, ProblemKind.LENGTH: Fault.TOO_LONG}


@dataclass(frozen=True, slots=True)
class Ground:
    """What rows are judged by.

    `pictures`: whether they come with the list, else nobody asks for them here. `banks` are those
    to choose from (A24); with none of them any bank is one.
    """

    service: Service
    switches: Switches
    today: date
    pictures: bool = True
    banks: frozenset[str] = frozenset()


def judge(rows: Iterable[Row], ground: Ground) -> list[RowFault]:
    """Everything that is wrong with a list by itself, in its order."""
    faults: list[RowFault] = []
    seen: dict[str, int] = {}
    for line, row in enumerate(rows, 1):
        faults.extend(RowFault(line, field, what) for field, what in judge_row(row, ground))
        number = number_of(row)
        if number in seen:
            faults.append(RowFault(line, "number", Fault.TWICE, seen[number]))
        elif number:
            seen[number] = line
    return faults


def judge_row(row: Row, ground: Ground, person: Person | None = None) -> Iterator[Found]:
    """Everything that is wrong with one row, whatever the others are.

    `person` is what `person_of` says of it, for who has asked already.
    """
    if not (row.name.isalpha() and len(row.name) <= NAME_BYTES // 4):  # else it is one, surely
        yield from _name(row.name)
    yield from _columns(row, ground)
    if row.paper not in PAPERS:
        yield "paper", Fault.PAPER_NOT_TAKEN if row.paper else Fault.MISSING
        return
    person = person_of(row, ground) if person is None else person
    if not isinstance(person, IdNumber):
        yield "number", _NUMBER.get(person.kind, Fault.CHARACTERS)
        return
    yield from _told(row, person, ground)
    yield from _papers(row, person, ground)
    if ground.service is Service.REPLACE_BATCH:
        yield from _replaced(row, ground.today)


def person_of(row: Row, ground: Ground) -> Person:
    """Whose number it is, or what is wrong with it."""
    return check_id_number(row.number, ground.today)


def pictures_of(row: Row, person: Person, ground: Ground) -> tuple[str, ...]:
    """The pictures that a row cannot do without; none for a number that cannot be.

    Adults bring both sides of 身份证 and a portrait, minors the household book's two pages; a
    portrait is theirs to choose. On the 18th birthday the paper named decides. Source: 规程
    1.2.1(1), 3.2.1.
    """
    if not isinstance(person, IdNumber) or row.paper not in PAPERS:
        return ()
    return _pictures(row, person, ground)


def _pictures(row: Row, person: IdNumber, ground: Ground) -> tuple[str, ...]:
    if not ground.pictures:
        return ()
    if not _as_adult(row, person, ground):
        return HOUSEHOLD
    needed = ground.service is Service.NEW_BATCH or row.new_portrait
    return (*BOTH_SIDES, PORTRAIT) if needed else BOTH_SIDES


def _name(name: str) -> Iterator[Found]:
    if not isinstance(named := check_name(name), str):
        yield "name", _NAME.get(named.kind, Fault.CHARACTERS)
    elif len(named.encode("gb18030")) > NAME_BYTES:
        yield "name", Fault.TOO_LONG


def _columns(row: Row, ground: Ground) -> Iterator[Found]:
    """The columns that stand for themselves."""
    for field in REQUIRED:
        if not getattr(row, field):
            yield field, Fault.MISSING
    for field in PLAIN:
        text = getattr(row, field)
        if not text.isprintable() and any(unicodedata.category(each)[0] == "C" for each in text):
            yield field, Fault.CHARACTERS
    if not PATH.isdisjoint(row.portrait_file) or row.portrait_file.startswith("."):
        yield "portrait_file", Fault.FILE_NAME
    if row.ethnicity and not code_of(row.ethnicity):
        yield "ethnicity", Fault.NOT_A_CHOICE
    if row.phone and not (is_mobile(row.phone) or check_phone(row.phone)):
        yield "phone", Fault.PHONE
    if row.bank and ground.banks and row.bank not in ground.banks:
        yield "bank", Fault.NOT_A_CHOICE


def _told(row: Row, person: IdNumber, ground: Ground) -> Iterator[Found]:
    """What the number tells too."""
    if row.birth and row.birth != row.number[6:14]:
        told = check_valid_until(row.birth)
        if not isinstance(told, date) or told == date.max:
            yield "birth", Fault.DATE
        elif told != person.birth:
            yield "birth", Fault.DIFFERS
    if row.sex and row.sex not in {"1", "2"}:
        yield "sex", Fault.NOT_A_CHOICE
    elif row.sex and row.sex != person.sex:
        yield "sex", Fault.DIFFERS
    said_minor, age = row.minor, ground.switches.minor_age
    may_be = counts_as_minor if said_minor else counts_as_adult
    if said_minor is not None and not may_be(person.birth, ground.today, age):
        yield "minor", Fault.DIFFERS


def _papers(row: Row, person: IdNumber, ground: Ground) -> Iterator[Found]:
    """The set of papers of an adult or a minor."""
    age, today = ground.switches.minor_age, ground.today
    adult = counts_as_adult(person.birth, today, age)
    if adult and _book(row) and not counts_as_minor(person.birth, today, age):
        yield "paper", Fault.ADULT_PAPER
        return
    if not _book(row):
        yield from _validity(row, ground)
    if not _as_adult(row, person, ground):
        yield from _guardian(row, person, ground)
    for picture in _pictures(row, person, ground):
        if picture not in row.pictures:
            yield picture, Fault.PICTURE_MISSING


def _book(row: Row) -> bool:
    return row.paper == _BOOK


def _as_adult(row: Row, person: IdNumber, ground: Ground) -> bool:
    """Whose set of papers serves; on the 18th birthday that of the paper named."""
    return not _book(row) and counts_as_adult(person.birth, ground.today, ground.switches.minor_age)


def _validity(row: Row, ground: Ground) -> Iterator[Found]:
    last = check_valid_until(row.valid_to) if row.valid_to else None
    if last is None:
        yield "valid_to", Fault.MISSING
    elif not isinstance(last, date):
        yield "valid_to", Fault.DATE
    elif last < ground.today and not is_valid_on(
        row.valid_to, ground.today, ground.switches.accept_expired_days
    ):
        yield "valid_to", Fault.EXPIRED


def _guardian(row: Row, person: IdNumber, ground: Ground) -> Iterator[Found]:
    if not isinstance(named := check_name(row.guardian_name), str):
        yield "guardian_name", _NAME.get(named.kind, Fault.CHARACTERS)
    guardian = check_id_number(row.guardian_number, ground.today)
    if not isinstance(guardian, IdNumber):
        yield "guardian_number", _NUMBER.get(guardian.kind, Fault.CHARACTERS)
    elif (
        guardian.number == person.number
        or age_on(guardian.birth, ground.today) < ground.switches.agent_min_age
    ):
        yield "guardian_number", Fault.GUARDIAN


def _replaced(row: Row, today: date) -> Iterator[Found]:
    if not row.reason:
        yield "reason", Fault.MISSING
    elif row.reason not in tuple(Reason):
        yield "reason", Fault.NOT_A_CHOICE
    if row.old_card and not isinstance(check_number(Paper.SS_CARD, row.old_card, today), str):
        yield "old_card", Fault.NOT_THEIR_CARD
