"""The people the centre knows, as a table."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base


class Person(Base):
    """A person; `id_number` is an ID number, or that of a permit, passport or officer's card."""

    __tablename__ = "person"
    __table_args__ = (  # looked up by how a name begins, byte by byte
        Index("person_name", "name", "id_number", postgresql_ops={"name": "text_pattern_ops"}),
    )

    id_number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    insured: Mapped[bool]
    phone: Mapped[str | None]
    address: Mapped[str | None]


def find_person(session: Session, id_number: str) -> Person | None:
    """The person with this number."""
    return session.get(Person, id_number)
