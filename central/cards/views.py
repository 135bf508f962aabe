"""A card as a citizen or a clerk may be shown it: masked, its state in words."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from central.cards.ledger import digest, state_at
from central.cards.records import Card
from central.cards.states import NAMES
from regulation.masks import mask_card

CardName = Annotated[str, StringConstraints(pattern="^[0-9a-f]{16}$")]
"""How a request names one of a person's cards, without its number: `digest`."""


class CardView(BaseModel):
    """A card, so far as it may be shown."""

    card: str = Field(description="names it in a request; tells nothing of its number")
    number: str = Field(description="masked")
    state: str
    state_zh: str
    state_en: str
    bank: str | None
    since: datetime | None
    loss_expires_at: datetime | None = Field(description="the end of a temporary loss")


def view(card: Card, at: datetime) -> CardView:
    """The card at a moment; a temporary loss that is over is not shown any more."""
    state = state_at(card, at)
    still = state is card.state
    zh, en = NAMES[state]
    return CardView(
        card=digest(card.number),
        number=mask_card(card.number),
        state=state.value,
        state_zh=zh,
        state_en=en,
        bank=card.bank,
        since=datetime.fromisoformat(card.since) if card.since and still else None,
        loss_expires_at=_time(card.loss_expires_at) if still else None,
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
