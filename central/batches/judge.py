"""A list looked at row by row, without the store: columns, numbers, ages, papers, repetitions.

Source: 规程 1.2.1(1), 3.2.1; services.md 2.2 B4 and 6; failure F42.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from central.batches.faults import Fault, RowFault, fault
from central.batches.schemas import Row
from central.batches.states import Material
from central.issuance.nations import code_of
from central.schemas import Reason
from regulation.names import check_name
from regulation.papers import Paper, check_number
from regulation.people import (
    IdNumber,
    age_on,
    check_id_number,
    check_phone,
    check_valid_until,
    counts_as_adult,
    counts_as_minor,
    is_valid_on,
)
from regulation.problem import ProblemKind
from regulation.rules import Service
from regulation.switches import Switches

Found = tuple[str, Fault]

PAPERS = (Paper.RESIDENT_ID, Paper.HOUSEHOLD_REGISTER)
"""规程 1.2.1(1) names 身份证 of adults and 户口本 of minors, no other paper."""

NAME_BYTES = 50
"""What a card holds of a name, in GB18030 (LD/T 32 EF06 09 and 4E)."""

REQUIRED = ("ethnicity", "phone", "address", "bank")
PLAIN = ("address", "bank", "remark")
BOTH_SIDES = ("id_front", "id_back")
HOUSEHOLD = ("household_page", "household_changes")

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
    """What rows are judged by; pictures are asked for where they come with the list."""

    service: Service
    switches: Switches
    today: date
    material: Material = Material.PICTURES


def judge(rows: Iterable[Row], ground: Ground) -> list[RowFault]:
    """Everything that is wrong with a list by itself, in its order."""
    faults: list[RowFault] = []
    seen: dict[str, int] = {}
    for line, row in enumerate(rows, 1):
        faults.extend(fault(line, field, what) for field, what in _row(row, ground))
        number = number_of(row)
        if number in seen:
            faults.append(fault(line, "number", Fault.TWICE, seen[number]))
        elif number:
            seen[number] = line
    return faults


def number_of(row: Row) -> str:
    """A row's number in the form numbers are kept in, if it is one."""
    return row.number.upper()


def _row(row: Row, ground: Ground) -> Iterator[Found]:
    if not isinstance(named := check_name(row.name), str):
        yield "name", _NAME.get(named.kind, Fault.CHARACTERS)
    elif len(named.encode("gb18030")) > NAME_BYTES:
        yield "name", Fault.TOO_LONG
    yield from _columns(row)
    if row.paper not in PAPERS:
        yield "paper", Fault.PAPER_NOT_TAKEN
        return
    person = check_id_number(row.number, ground.today)
    if not isinstance(person, IdNumber):
        yield "number", _NUMBER.get(person.kind, Fault.CHARACTERS)
        return
    yield from _told(row, person, ground)
    yield from _papers(row, person, ground)
    if ground.service is Service.REPLACE_BATCH:
        yield from _replaced(row, ground.today)


def _columns(row: Row) -> Iterator[Found]:
    """The columns that stand for themselves."""
    for field in REQUIRED:
        if not getattr(row, field):
            yield field, Fault.MISSING
    for field in PLAIN:
        if any(unicodedata.category(each)[0] == "C" for each in getattr(row, field)):
            yield field, Fault.CHARACTERS
    if row.ethnicity and not code_of(row.ethnicity):
        yield "ethnicity", Fault.NOT_A_CHOICE
    if row.phone and not check_phone(row.phone):
        yield "phone", Fault.PHONE


def _told(row: Row, person: IdNumber, ground: Ground) -> Iterator[Found]:
    """What the number tells too."""
    if row.birth:
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
    """The set of papers of an adult or a minor; on the 18th birthday that of the paper named."""
    age, today = ground.switches.minor_age, ground.today
    adult = counts_as_adult(person.birth, today, age)
    book = row.paper == Paper.HOUSEHOLD_REGISTER.value
    if adult and book and not counts_as_minor(person.birth, today, age):
        yield "paper", Fault.ADULT_PAPER
        return
    if not book:
        yield from _validity(row, ground)
    as_adult = adult and not book
    if not as_adult:
        yield from _guardian(row, person, ground)
    if ground.material is not Material.PICTURES:
        return
    for picture in BOTH_SIDES if as_adult else HOUSEHOLD:
        if getattr(row.pictures, picture) is None:
            yield picture, Fault.PICTURE_MISSING
    if as_adult and row.pictures.portrait is None and _portrait_needed(row, ground):
        yield "portrait", Fault.PICTURE_MISSING


def _portrait_needed(row: Row, ground: Ground) -> bool:
    return ground.service is Service.NEW_BATCH or bool(row.new_portrait)


def _validity(row: Row, ground: Ground) -> Iterator[Found]:
    if not row.valid_to:
        yield "valid_to", Fault.MISSING
    elif not isinstance(check_valid_until(row.valid_to), date):
        yield "valid_to", Fault.DATE
    elif not is_valid_on(row.valid_to, ground.today, ground.switches.accept_expired_days):
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
