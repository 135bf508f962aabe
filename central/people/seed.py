"""Takes a file of people into the centre, in one transaction; twice is the same as once."""

from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from central.applications.records import next_seq
from central.batches.records import Batch, BatchMember, Clerk, Unit, live_membership
from central.batches.states import Material, MemberState
from central.cards.records import Card, card_holders
from central.clock import CHINA
from central.database import Database
from central.people.records import Person
from central.people.seed_file import (
    Place,
    Seed,
    SeedBatch,
    SeedPerson,
    SeedUnit,
    read_seed,
    refusal,
)
from regulation.rules import Channel, Service
from regulation.vouchers import voucher_number

SEEDED = "SEED"
"""The device in the numbers of batches that come from a file."""


def seed(database: Database, path: Path, today: date) -> int:
    """Add the people, units and batches of a file or bring them up to date; how many people.

    Raises `SeedError`; then nothing has changed.
    """
    people = read_seed(path, today)
    here = [person for person in people.person if person.in_centre]
    with database.write() as session:
        if faults := list(_dangling(session, people, here)):
            raise refusal(path, path.read_text(encoding="utf-8"), faults)
        _put_people(session, here)
        for unit in people.unit:
            _put_unit(session, unit)
        session.flush()
        for batch in people.batch:
            _put_batch(session, batch, today)
    return len(here)


def _dangling(
    session: Session, people: Seed, here: list[SeedPerson]
) -> Iterable[tuple[Place, str]]:
    """What points at something that is neither in the file nor in the centre, or is another's."""
    units = {unit.code for unit in people.unit} | set(session.scalars(select(Unit.code)))
    known = {p.id_number for p in here} | set(session.scalars(select(Person.id_number)))
    for i, batch in enumerate(people.batch):
        if batch.unit not in units:
            yield ("batch", i, "unit"), "names no unit: add the [[unit]] or correct the code"
        for j, member in enumerate(batch.members):
            if member not in known:
                cure = "names no person: add the [[person]] or correct the number"
                yield ("batch", i, "members", j), cure
            elif (found := live_membership(session, member)) and found[0].taken_by != SEEDED:
                cure = "is in a batch the centre took: remove the number here"
                yield ("batch", i, "members", j), cure
    yield from _taken(session, here, people)


def _taken(session: Session, here: list[SeedPerson], people: Seed) -> Iterable[tuple[Place, str]]:
    """The cards that somebody holds whom this file does not touch."""
    cards = [card for person in here for card in person.card]
    holders = card_holders(session, {c.number for c in cards}, {c.identifier for c in cards})
    touched = {person.id_number for person in here}
    for i, person in enumerate(people.person):
        for j, card in enumerate(person.card if person.in_centre else []):
            for key, value in (("number", card.number), ("identifier", card.identifier)):
                if holders.get(value, person.id_number) not in touched:
                    cure = "is the card of somebody else in the centre: correct it"
                    yield ("person", i, "card", j, key), cure


def _put_people(session: Session, here: list[SeedPerson]) -> None:
    numbers = [person.id_number for person in here]
    session.execute(delete(Card).where(Card.id_number.in_(numbers)))
    for person in here:
        session.merge(
            Person(
                id_number=person.id_number,
                name=person.name,
                insured=person.insured,
                phone=person.phone or None,
                address=person.address or None,
            ),
        )
    session.flush()
    session.add_all(_cards(here))


def _cards(here: list[SeedPerson]) -> Iterable[Card]:
    for person in here:
        for card in person.card:
            yield Card(
                number=card.number,
                identifier=card.identifier,
                id_number=person.id_number,
                state=card.state,
                bank=card.bank,
            )


def _put_unit(session: Session, unit: SeedUnit) -> None:
    session.merge(Unit(code=unit.code, name=unit.name))
    session.execute(delete(Clerk).where(Clerk.unit == unit.code))
    session.add_all(Clerk(unit=unit.code, id_number=number) for number in unit.clerks)


def _put_batch(session: Session, batch: SeedBatch, today: date) -> None:
    """A member's batch stays while the state does: a date promised to a person does not move."""
    fresh: list[str] = []
    for number in batch.members:
        found = live_membership(session, number)
        if found and (found[0].unit, found[0].state) == (batch.unit, batch.state):
            continue
        if found:
            session.delete(found[1])
        fresh.append(number)
    session.flush()
    if fresh:
        row = _batch(batch, next_seq(session, SEEDED, today), today)
        session.add(row)
        session.flush()
        session.add_all(_members(session, row, fresh))
        session.flush()
    kept = select(BatchMember.batch_no)
    session.execute(delete(Batch).where(Batch.taken_by == SEEDED, Batch.batch_no.not_in(kept)))


def _batch(batch: SeedBatch, seq: int, today: date) -> Batch:
    at = datetime.combine(today, time(9), CHINA).isoformat()
    return Batch(
        batch_no=voucher_number(SEEDED, today, seq),
        service=Service.NEW_BATCH.value,
        channel=Channel.WINDOW.value,
        state=batch.state,
        state_at=at,
        version=1,
        unit=batch.unit,
        outlet=SEEDED,
        taken_by=SEEDED,
        day=today.isoformat(),
        seq=seq,
        submitted_at=at,
        material=Material.COPIES,
        fee_fen=0,
    )


def _members(session: Session, batch: Batch, numbers: list[str]) -> Iterable[BatchMember]:
    for line, number in enumerate(numbers, 1):
        yield BatchMember(
            batch_no=batch.batch_no,
            line=line,
            id_number=number,
            name=session.get_one(Person, number).name,
            state=MemberState.LISTED,
            since=batch.state_at,
            data={},
        )
