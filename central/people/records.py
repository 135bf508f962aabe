"""The people the centre knows, their units and batches, as tables and questions."""

from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base


class BatchState(StrEnum):
    """Where a unit's batch stands (规程 1.3: only before production may one leave it)."""

    DATA_GENERATED = "DATA_GENERATED"
    IN_PRODUCTION = "IN_PRODUCTION"


class Person(Base):
    """A person; `id_number` is an ID number, or that of a permit, passport or officer's card."""

    __tablename__ = "person"

    id_number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    insured: Mapped[bool]
    phone: Mapped[str | None]
    address: Mapped[str | None]


class Unit(Base):
    """An employer or school that applies for its people."""

    __tablename__ = "unit"

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Clerk(Base):
    """Who may act for a unit."""

    __tablename__ = "clerk"

    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    id_number: Mapped[str] = mapped_column(primary_key=True)


class BatchMember(Base):
    """A person whose card a unit's batch has; `since` is the day the centre learnt of the state."""

    __tablename__ = "batch_member"

    id_number: Mapped[str] = mapped_column(ForeignKey("person.id_number"), primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    state: Mapped[BatchState]
    since: Mapped[str]


def find_person(session: Session, id_number: str) -> Person | None:
    """The person with this number."""
    return session.get(Person, id_number)


def find_batch(session: Session, id_number: str) -> BatchMember | None:
    """The batch that has this person's card."""
    return session.get(BatchMember, id_number)
