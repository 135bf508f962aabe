"""Applications as a table, and the questions asked of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from central.applications.states import OPEN
from central.batches.records import Batch
from central.database import Base
from central.problems import Kind, ProblemError
from regulation.rules import Service
from regulation.vouchers import is_voucher_number

_OPEN = text("state IN ({})".format(", ".join(f"'{state.value}'" for state in OPEN)))


class ApplicationImage(Base):
    """A picture of an application: what it shows, and its address."""

    __tablename__ = "application_image"

    voucher_no: Mapped[str] = mapped_column(ForeignKey("application.voucher_no"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("image.sha256"))


class Application(Base):
    """A case: what somebody asked for, by whichever channel, and where it stands.

    `number` and `agent_number` are in the form numbers are kept in; `applicant` and `agent` as
    they were sent. `seq` counts a kiosk's applications of a day: with the two it is the voucher's
    number. `kiosk_id` is the device or outlet that took it. `version` counts its changes (ETag).
    `card_number` is the card a service is about, such as the one to be replaced; `wishes` what the
    service asks for beyond (reason, portrait, delivery, members). Times are ISO 8601 with offset.
    """

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("kiosk_id", "day", "seq"),
        Index(  # one open application a person and service, whatever the program believes
            "one_open",
            "service",
            "number",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("agents_day", "agent_number", "day"),
        Index("by_state", "state", "submitted_at"),
        Index("by_channel", "channel", "submitted_at", "voucher_no"),
        Index("by_place", "kiosk_id", "channel", "submitted_at", "voucher_no"),
        Index("by_number", "number"),
        Index("case_queue", "kiosk_id", "state", "submitted_at", "voucher_no"),
    )

    voucher_no: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    service: Mapped[str]
    channel: Mapped[str]
    applicant_kind: Mapped[str]
    state: Mapped[str]
    state_at: Mapped[str]
    version: Mapped[int]
    kiosk_id: Mapped[str]
    day: Mapped[str]
    seq: Mapped[int]
    number: Mapped[str]
    agent_number: Mapped[str | None]
    applicant: Mapped[dict[str, Any]] = mapped_column(JSON)
    agent: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    phone: Mapped[str | None]
    address: Mapped[str | None]
    bank: Mapped[str | None]
    signature: Mapped[str]
    marks: Mapped[list[str]] = mapped_column(JSON)
    card_number: Mapped[str | None]
    wishes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    taken_at: Mapped[str]
    submitted_at: Mapped[str]
    due_at: Mapped[str]
    window: Mapped[str]
    images: Mapped[list[ApplicationImage]] = relationship(
        order_by=ApplicationImage.position, lazy="selectin"
    )


def find(session: Session, voucher_no: str) -> Application | None:
    """The application with this voucher number; a text that is none is not looked for."""
    return session.get(Application, voucher_no) if is_voucher_number(voucher_no) else None


def refuse_old_key(session: Session, key: str) -> None:
    """Raise `KEY_REUSED`, with the voucher number, for a key whose answer is kept no longer."""
    held = select(Application.voucher_no).where(Application.key == key)
    voucher_no = session.scalar(held)
    if voucher_no is not None:
        told = "Its answer is not kept any more; the voucher's number finds the case."
        raise ProblemError(Kind.KEY_REUSED, told, voucher_no=voucher_no)


def every(session: Session) -> list[Application]:
    """All applications, in the order they came."""
    return list(
        session.scalars(
            select(Application).order_by(Application.submitted_at, Application.voucher_no)
        )
    )


def open_application(
    session: Session, services: Sequence[Service], number: str
) -> tuple[Service, str] | None:
    """The person's open application for one of the services, and its voucher number."""
    found = session.execute(
        select(Application.service, Application.voucher_no).where(
            Application.number == number,
            Application.service.in_([service.value for service in services]),
            Application.state.in_(OPEN),
        )
    ).first()
    return None if found is None else (Service(found[0]), found[1])


def case_channel(session: Session, voucher_no: str) -> str | None:
    """The channel by which a case came."""
    return session.scalar(select(Application.channel).where(Application.voucher_no == voucher_no))


def agent_count(session: Session, agent_number: str, day: date) -> int:
    """How many applications an agent brought on a day."""
    return session.scalars(
        select(func.count()).where(
            Application.agent_number == agent_number, Application.day == day.isoformat()
        )
    ).one()


def next_seq(session: Session, kiosk_id: str, day: date) -> int:
    """The next number of a kiosk or outlet on a day, from 1; right within the writer's turn only.

    Its applications and its batches share one series: both numbers are voucher numbers.
    """
    last = (
        session.scalar(
            select(func.max(table.seq)).where(giver == kiosk_id, table.day == day.isoformat())
        )
        for table, giver in ((Application, Application.kiosk_id), (Batch, Batch.taken_by))
    )
    return max(seq or 0 for seq in last) + 1
