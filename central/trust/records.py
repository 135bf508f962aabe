"""Devices' certificates and the one-time codes they are got with, as tables."""

from enum import StrEnum

from sqlalchemy import Index, func, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from central.database import Base


class End(StrEnum):
    """Why a certificate ends when it does."""

    EXPIRY = "EXPIRY"
    SUPERSEDED = "SUPERSEDED"
    REVOKED = "REVOKED"


class Certificate(Base):
    """A certificate the centre gave: `device` is `kiosk:0017`, `serial` hexadecimal.

    It is taken from `not_before` until `ends_at`, which begins as its expiry and comes nearer when
    it is superseded or revoked. `sha256` is of the DER, `key_sha256` of its public key.
    """

    __tablename__ = "device_certificate"
    __table_args__ = (Index("certificate_device", "device", "issued_at"),)

    serial: Mapped[str] = mapped_column(primary_key=True)
    device: Mapped[str]
    sha256: Mapped[str]
    key_sha256: Mapped[str]
    pem: Mapped[str]
    issued_at: Mapped[str]
    not_before: Mapped[str]
    ends_at: Mapped[str]
    end: Mapped[End]
    used_at: Mapped[str | None]


class Invitation(Base):
    """A one-time code for a device: its SHA-256 and its first two characters, never the code.

    Wrong codes that begin alike are counted in `tries`. `key_sha256` is the key it was used with;
    `confirmed_at` when an operator compared that key, where `confirm` asks for it.
    """

    __tablename__ = "device_invitation"
    __table_args__ = (Index("invitation_hint", "hint", "expires_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(index=True)
    hint: Mapped[str]
    digest: Mapped[str]
    made_at: Mapped[str]
    made_by: Mapped[str]
    expires_at: Mapped[str]
    confirm: Mapped[bool]
    tries: Mapped[int]
    key_sha256: Mapped[str | None]
    confirmed_at: Mapped[str | None]
    serial: Mapped[str | None]


_OTHER = aliased(Certificate)


def certificates(session: Session, device: str) -> list[Certificate]:
    """All certificates of a device, the newest first."""
    return list(
        session.scalars(
            select(Certificate)
            .where(Certificate.device == device)
            .order_by(Certificate.issued_at.desc(), Certificate.not_before.desc())
        )
    )


def every(session: Session, first: str = "", most: int = 500) -> list[Certificate]:
    """Certificates by device, from a device's name on."""
    return list(
        session.scalars(
            select(Certificate)
            .where(Certificate.device >= first)
            .order_by(Certificate.device, Certificate.issued_at)
            .limit(most)
        )
    )


def newest(session: Session) -> list[Certificate]:
    """The last certificate of each device."""
    last = (
        select(func.max(Certificate.issued_at))
        .where(Certificate.device == _OTHER.device)
        .scalar_subquery()
    )
    found = select(_OTHER).where(_OTHER.issued_at == last).order_by(_OTHER.device, _OTHER.ends_at)
    return list({row.device: row for row in session.scalars(found)}.values())


def to_confirm(session: Session, now: str) -> list[Invitation]:
    """Codes that were used with a key nobody has compared yet."""
    return list(
        session.scalars(
            select(Invitation)
            .where(
                Invitation.expires_at > now,
                Invitation.confirm.is_(True),
                Invitation.key_sha256.is_not(None),
                Invitation.confirmed_at.is_(None),
            )
            .order_by(Invitation.device)
        )
    )


def open_invitations(session: Session, hint: str, now: str) -> list[Invitation]:
    """The codes that begin so and are not too old."""
    return list(
        session.scalars(
            select(Invitation).where(Invitation.hint == hint, Invitation.expires_at > now)
        )
    )


def newest_invitation(session: Session, device: str) -> Invitation | None:
    """The last code made for a device."""
    return session.scalar(
        select(Invitation).where(Invitation.device == device).order_by(Invitation.id.desc())
    )


def close_invitations(session: Session, device: str, now: str) -> None:
    """Codes of a device are too old from now on."""
    session.execute(
        update(Invitation)
        .where(Invitation.device == device, Invitation.expires_at > now)
        .values(expires_at=now)
    )
