"""The people at the console, their recovery codes and their sessions, as tables."""

from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.database import Base
from central.users.roles import Role


class UserState(StrEnum):
    """Whether somebody may sign in."""

    INVITED = "INVITED"  # has a set-up code, and no password yet
    ACTIVE = "ACTIVE"
    LOCKED = "LOCKED"  # by a person, until two persons unlock it


class User(Base):
    """Somebody who works at the console.

    `totp` is the sealed secret of the second factor, `totp_step` the last time step it was used
    in. `failures` counts wrong sign-ins since the last right one; until `locked_until` none is
    taken. `setup_hash` is of the one-time set-up code. `subject` is who an identity provider says
    this is, `issuer sub`; such a user has no password here.
    """

    __tablename__ = "console_user"

    login: Mapped[str] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(JSON)
    outlet: Mapped[str]
    language: Mapped[str]
    state: Mapped[UserState]
    created_at: Mapped[str]
    failures: Mapped[int]
    locked_until: Mapped[str | None]
    password: Mapped[str | None]
    totp: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_step: Mapped[int]
    setup_hash: Mapped[str | None] = mapped_column(unique=True)
    setup_until: Mapped[str | None]
    subject: Mapped[str | None] = mapped_column(unique=True)

    @property
    def role_set(self) -> frozenset[Role]:
        """The roles as such."""
        return frozenset(map(Role, self.roles))


class RecoveryCode(Base):
    """A code that stands in once for the second factor."""

    __tablename__ = "console_recovery_code"

    login: Mapped[str] = mapped_column(ForeignKey("console_user.login"), primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[str | None]


class UserSession(Base):
    """A browser in which somebody signed in; its cookie's value is kept as a hash alone."""

    __tablename__ = "console_session"

    hash: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(ForeignKey("console_user.login"), index=True)
    began_at: Mapped[str]
    seen_at: Mapped[str]


def find_user(session: Session, login: str) -> User | None:
    """The user with this login; logins are in lower case."""
    return session.get(User, login.strip().lower())


def users(session: Session) -> list[User]:
    """Everybody, by login."""
    return list(session.scalars(select(User).order_by(User.login)))
