"""The people the centre knows: their cards, units and batches, as tables and questions."""

from enum import StrEnum

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base


class CardState(StrEnum):
    """The state of a card's social-security application."""

    NONE = "NONE"
    SEALED = "SEALED"  # 封存
    ACTIVE = "ACTIVE"  # 正常
    TEMPORARY_LOSS = "TEMPORARY_LOSS"  # 临时挂失
    LOSS = "LOSS"  # 挂失
    LOCKED = "LOCKED"  # 锁定
    CANCELLED = "CANCELLED"  # 注销

    @property
    def valid(self) -> bool:
        """Whether its holder has a card: one that is lost can be replaced, not applied for anew."""
        return self not in {CardState.NONE, CardState.CANCELLED}


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


class Card(Base):
    """A card; `identifier` is its 卡识别码 in hexadecimal."""

    __tablename__ = "card"

    number: Mapped[str] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(unique=True)
    id_number: Mapped[str] = mapped_column(ForeignKey("person.id_number"), index=True)
    state: Mapped[CardState]
    bank: Mapped[str | None]


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


def find_card(session: Session, number: str) -> Card | None:
    """The card with this number."""
    return session.get(Card, number)


def has_valid_card(session: Session, id_number: str) -> bool:
    """Whether the person has any card that is not cancelled."""
    states = session.scalars(select(Card.state).where(Card.id_number == id_number))
    return any(state.valid for state in states)


def find_batch(session: Session, id_number: str) -> BatchMember | None:
    """The batch that has this person's card."""
    return session.get(BatchMember, id_number)


def card_holders(session: Session, numbers: set[str], identifiers: set[str]) -> dict[str, str]:
    """Who holds the cards with these numbers or identifiers: card's number or identifier to ID."""
    rows = session.scalars(
        select(Card).where(Card.number.in_(numbers) | Card.identifier.in_(identifiers))
    )
    return {key: card.id_number for card in rows for key in (card.number, card.identifier)}
