"""Looking people up: by ID number or card number exactly, by how a name begins with a reason.

Every look-up counts towards its user's limit and is written down, without what was looked for.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import InvalidTag
from sqlalchemy import Index, delete, func, or_, select, tuple_
from sqlalchemy.orm import Mapped, Session, lazyload, mapped_column

from central.applications.records import Application
from central.cards.records import Card
from central.console.words import N_
from central.database import Base
from central.people.records import Person
from central.problems import Kind, ProblemError
from central.users.seal import seal, unseal

SHOWN = 20
EACH = 10
"""Cases and cards shown of one person."""
SHORTEST_NAME = 2
WINDOW = timedelta(minutes=10)

_LAST = chr(0x10FFFF)


class By(StrEnum):
    """What is looked for."""

    ID_NUMBER = "id_number"
    CARD_NUMBER = "card_number"
    NAME = "name"


LIMITS = {By.ID_NUMBER: 60, By.CARD_NUMBER: 60, By.NAME: 20}
"""Look-ups of one user in `WINDOW`."""

WHY = {
    "at_window": N_("群众在窗口，没有带凭证"),
    "phone_call": N_("群众来电咨询"),
    "correction": N_("核对登记的信息"),
    "supervision": N_("业务检查"),
}
"""Why somebody looks for a name."""


class LookUp(Base):
    """A look-up that counts towards a user's limit."""

    __tablename__ = "console_look_up"
    __table_args__ = (Index("look_ups", "login", "by", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str]
    by: Mapped[By]
    at: Mapped[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A person with cards and cases, the newest first."""

    person: Person
    cards: list[Card]
    cases: list[Application]


@dataclass(frozen=True, slots=True)
class Result:
    """People, and where the next page begins; `after` is sealed: it holds a name."""

    people: list[Found]
    after: str | None = None


def count(session: Session, login: str, by: By, at: datetime) -> None:
    """Count a look-up; raises `TOO_OFTEN` beyond the limit."""
    session.execute(delete(LookUp).where(LookUp.login == login, LookUp.at < _since(at)))
    asked = select(func.count()).where(
        LookUp.login == login, LookUp.by == by, LookUp.at >= _since(at)
    )
    if session.scalars(asked).one() >= LIMITS[by]:
        raise ProblemError(Kind.TOO_OFTEN, headers={"Retry-After": str(WINDOW.seconds)})
    session.add(LookUp(login=login, by=by, at=at.isoformat()))


def by_id_number(session: Session, number: str) -> Result:
    """The person with exactly this number."""
    person = session.get(Person, number.strip().upper())
    return Result([_found(session, person)] if person else [])


def by_card_number(session: Session, number: str) -> Result:
    """The holder of the card with exactly this number."""
    card = session.get(Card, number.strip().upper())
    person = session.get(Person, card.id_number) if card else None
    return Result([_found(session, person)] if person else [])


def by_name(session: Session, folder: Path, login: str, start: str, after: str = "") -> Result:
    """People whose names begin so, by name; `after` is what the page before gave this user."""
    start = start.strip()
    if len(start) < SHORTEST_NAME:
        raise ProblemError(Kind.NAME_TOO_SHORT)
    rows = select(Person).where(Person.name >= start, Person.name < start + _LAST)
    if after:
        rows = rows.where(tuple_(Person.name, Person.id_number) > _opened(folder, login, after))
    rows = rows.order_by(Person.name, Person.id_number).limit(SHOWN + 1)
    people = list(session.scalars(rows))
    shown = [_found(session, person) for person in people[:SHOWN]]
    if len(people) <= SHOWN:
        return Result(shown)
    last = shown[-1].person
    return Result(shown, _sealed(folder, login, f"{last.name}\n{last.id_number}"))


def _found(session: Session, person: Person) -> Found:
    cards = select(Card).where(Card.id_number == person.id_number).order_by(Card.number)
    cases = (
        select(Application)
        .where(
            or_(
                Application.number == person.id_number,
                Application.agent_number == person.id_number,
            )
        )
        .order_by(Application.submitted_at.desc())
        .options(lazyload(Application.images))  # a list shows none
    )
    return Found(
        person,
        list(session.scalars(cards.limit(EACH))),
        list(session.scalars(cases.limit(EACH))),
    )


def _since(at: datetime) -> str:
    return (at - WINDOW).isoformat()


def _sealed(folder: Path, login: str, text: str) -> str:
    return urlsafe_b64encode(seal(folder, login, text)).decode()


def _opened(folder: Path, login: str, text: str) -> tuple[str, str]:
    try:
        name, number = unseal(folder, login, urlsafe_b64decode(text)).split("\n")
    except (ValueError, InvalidTag):
        raise ProblemError(Kind.INVALID) from None
    return name, number
