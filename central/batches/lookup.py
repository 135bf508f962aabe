"""A list held against the store, all rows at once: people, cards, batches, cases, pictures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.applications.records import Application
from central.applications.states import OPEN
from central.batches.faults import RowFault, fault
from central.batches.judge import number_of, pictures_of
from central.batches.records import BatchMember
from central.batches.schemas import Row
from central.batches.states import LIVE
from central.cards.records import Card
from central.cards.states import CardState
from central.images.service import unknown
from central.people.records import Person
from regulation.card_list.faults import Fault
from regulation.names import same_name
from regulation.rules import Service

MAKES_A_CARD = (
    Service.NEW_INDIVIDUAL.value,
    Service.REPLACE_INDIVIDUAL.value,
    Service.BATCH_TO_INDIVIDUAL.value,
)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the store knows of the people of a list, by their numbers."""

    people: dict[str, Person]
    cards: dict[str, list[Card]] = field(repr=False)
    batches: dict[str, str]
    cases: frozenset[str]
    lost_pictures: frozenset[str]


def look(session: Session, rows: Iterable[tuple[int, Row]], service: Service) -> list[RowFault]:
    """What the store has against rows whose numbers can be; `rows` are with their place."""
    rows = list(rows)
    known = _known(session, rows)
    return [
        fault(line, name, what) for line, row in rows for name, what in _row(row, known, service)
    ]


def batches_of(session: Session, numbers: set[str]) -> dict[str, str]:
    """The live batches of people: number to batch number."""
    found = select(BatchMember.id_number, BatchMember.batch_no).where(
        BatchMember.id_number.in_(numbers), BatchMember.state.in_(LIVE)
    )
    return dict(session.execute(found).all())


def cards_by_holder(session: Session, numbers: set[str]) -> dict[str, list[Card]]:
    """The cards of people that are not cancelled, the active one first."""
    cards: dict[str, list[Card]] = {}
    for card in session.scalars(select(Card).where(Card.id_number.in_(numbers))):
        if card.state.valid:
            cards.setdefault(card.id_number, []).append(card)
    for each in cards.values():
        each.sort(key=lambda card: (card.state is not CardState.ACTIVE, card.number))
    return cards


def _known(session: Session, rows: list[tuple[int, Row]]) -> _Known:
    numbers = {number_of(row) for _, row in rows}
    people = session.scalars(select(Person).where(Person.id_number.in_(numbers)))
    cases = session.scalars(
        select(Application.number).where(
            Application.number.in_(numbers),
            Application.service.in_(MAKES_A_CARD),
            Application.state.in_(OPEN),
        )
    )
    hashes = {sha256 for _, row in rows for sha256 in pictures_of(row).values()}
    return _Known(
        people={person.id_number: person for person in people},
        cards=cards_by_holder(session, numbers),
        batches=batches_of(session, numbers),
        cases=frozenset(cases),
        lost_pictures=frozenset(unknown(session, hashes)),
    )


def _row(row: Row, known: _Known, service: Service) -> Iterator[tuple[str, Fault]]:
    """A person under another name is as unknown as one of another number."""
    number = number_of(row)
    person = known.people.get(number)
    for name, sha256 in pictures_of(row).items():
        if sha256 in known.lost_pictures:
            yield name, Fault.PICTURE_NOT_ARRIVED
    if person is None or not same_name(person.name, row.name):
        yield "number", Fault.PERSON_UNKNOWN
        return
    if not person.insured:
        yield "number", Fault.NOT_INSURED
    if number in known.batches:
        yield "number", Fault.IN_BATCH
    if number in known.cases:
        yield "number", Fault.APPLICATION_OPEN
    yield from _cards(row, known.cards.get(number, []), service)


def _cards(row: Row, cards: list[Card], service: Service) -> Iterator[tuple[str, Fault]]:
    if service is Service.NEW_BATCH:
        if cards:
            yield "number", Fault.HAS_CARD
    elif not cards:
        yield "number", Fault.NO_CARD
    elif row.old_card and row.old_card.upper() not in {card.number for card in cards}:
        yield "old_card", Fault.NOT_THEIR_CARD
