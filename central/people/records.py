"""The people the centre knows, as a table."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base

_BYTES = String().with_variant(String(collation="C"), "postgresql")
"""In the order of bytes on both stores: names are looked up by how they begin."""


class Person(Base):
    """A person; `id_number` is an ID number, or that of a permit, passport or officer's card."""

    __tablename__ = "person"
    __table_args__ = (Index("person_name", "name", "id_number"),)

    id_number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(_BYTES)
    insured: Mapped[bool]
    phone: Mapped[str | None]
    address: Mapped[str | None]


def find_person(session: Session, id_number: str) -> Person | None:
    """The person with this number."""
    return session.get(Person, id_number)
