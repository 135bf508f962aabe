"""Loadings of keys as tables: who began, who entered which component, how it ended; no key."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from central.database import Base


class LoadingState(StrEnum):
    """Where a loading stands; `COMBINING` while the HSM has it, and if its end was not heard."""

    OPEN = "OPEN"
    COMBINING = "COMBINING"
    LOADED = "LOADED"
    ABORTED = "ABORTED"
    EXPIRED = "EXPIRED"


GOING = (LoadingState.OPEN, LoadingState.COMBINING)


class KeyLoading(Base):
    """One loading of a key, in so many `parts`; `check_value` is the loaded key's."""

    __tablename__ = "key_loading"
    __table_args__ = (Index("key_loading_state", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    parts: Mapped[int]
    state: Mapped[LoadingState]
    begun_by: Mapped[str]
    begun_at: Mapped[str]
    ended_at: Mapped[str | None]
    check_value: Mapped[str | None]
    components: Mapped[list["KeyComponent"]] = relationship(order_by="KeyComponent.number")


class KeyComponent(Base):
    """A component; `box` is sealed by the HSM, and gone when the loading is over."""

    __tablename__ = "key_component"

    loading_id: Mapped[int] = mapped_column(ForeignKey("key_loading.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    entered_by: Mapped[str]
    entered_at: Mapped[str]
    check_value: Mapped[str]
    box: Mapped[bytes | None]
