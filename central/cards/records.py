"""Cards as a table, and the questions asked of it."""

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from central.cards.states import CardEvent, CardState
from central.database import Base

_ENDS = text("loss_expires_at IS NOT NULL")
_ACTIVE = text(f"state = '{CardState.ACTIVE.name}'")


class Card(Base):
    """A card; `identifier` is its 卡识别码 in hexadecimal.

    `since` is when it came to its state, `state_before` what a roll-back returns it to,
    `before_loss` what the end of a loss does, and `loss_expires_at` the end of a temporary one.
    `came_by` is the event that brought it to its state, None where nobody wrote that down.
    `voucher_no` is the case it was made for, `replaces` the card it was made in place of. `atr` and
    `data_sha256` are what the station read.
    """

    __tablename__ = "card"
    __table_args__ = (
        Index(  # at most one active card a person, whatever the program believes
            "one_active", "id_number", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE
        ),
        Index(  # the temporary losses that a clock looks for
            "losses_end", "loss_expires_at", sqlite_where=_ENDS, postgresql_where=_ENDS
        ),
    )

    number: Mapped[str] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(unique=True)
    id_number: Mapped[str] = mapped_column(ForeignKey("person.id_number"), index=True)
    state: Mapped[CardState]
    bank: Mapped[str | None]
    state_before: Mapped[CardState | None]
    before_loss: Mapped[CardState | None]
    since: Mapped[str | None]
    came_by: Mapped[CardEvent | None]
    loss_expires_at: Mapped[str | None]
    voucher_no: Mapped[str | None] = mapped_column(index=True)
    replaces: Mapped[str | None]
    atr: Mapped[str | None]
    data_sha256: Mapped[str | None]


def find_card(session: Session, number: str) -> Card | None:
    """The card with this number."""
    return session.get(Card, number)


def cards_of(session: Session, id_number: str) -> list[Card]:
    """A person's cards, the cancelled ones too, by number."""
    return list(
        session.scalars(select(Card).where(Card.id_number == id_number).order_by(Card.number))
    )


def valid_card(session: Session, id_number: str) -> Card | None:
    """The person's card that is not cancelled: the active one before any other."""
    valid = [card for card in cards_of(session, id_number) if card.state.valid]
    return min(valid, key=lambda card: card.state is not CardState.ACTIVE, default=None)


def card_holders(session: Session, numbers: set[str], identifiers: set[str]) -> dict[str, str]:
    """Who holds the cards with these numbers or identifiers: card's number or identifier to ID."""
    rows = session.scalars(
        select(Card).where(Card.number.in_(numbers) | Card.identifier.in_(identifiers))
    )
    return {key: card.id_number for card in rows for key in (card.number, card.identifier)}
