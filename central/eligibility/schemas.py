"""The question whether somebody may have a service, and its answer."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, Field

from central.cards.views import CardName, CardView
from central.schemas import ApplicantKind, ChannelId, Holder, ReasonId, ServiceId, Strict
from regulation.rules import Channel


class Outcome(StrEnum):
    """What stands in the way, or `eligible`. What else may stand there is a problem (409)."""

    ELIGIBLE = "eligible"
    HAS_CARD = "has_card"
    IN_BATCH_DATA_GENERATED = "in_batch_data_generated"
    IN_BATCH_IN_PRODUCTION = "in_batch_in_production"
    UNKNOWN_PERSON = "unknown_person"
    NOT_INSURED = "not_insured"
    AGENT_LIMIT = "agent_limit"
    APPLICATION_OPEN = "application_open"


class Question(Strict):
    """Who wants what, by which channel, and who acts for them."""

    service: ServiceId
    applicant_kind: ApplicantKind
    channel: ChannelId = Channel.KIOSK
    applicant: Holder
    agent: Holder | None = None
    card: CardName | None = None
    reason: ReasonId | None = None


class Eligibility(BaseModel):
    """The answer. Of the person it tells nothing that was not asked, unless they are eligible."""

    outcome: Outcome
    name: str = Field(description="as asked")
    address: str | None = Field(default=None, description="to confirm; only when eligible")
    phone_masked: str | None = Field(default=None, description="138****1234; only when eligible")
    ready_on: date | None = Field(default=None, description="of a card that is being made")
    voucher_no: str | None = Field(default=None, description="of the open application")
    clause: str
    cards: list[CardView] = Field(
        default=[], description="those the service may concern; only when eligible"
    )
    card_in_hand: bool = Field(
        default=False, description="the paper shown is the card that would be reported lost"
    )
    fee_fen: int = Field(default=0, description="settled or deducted at the window")
    photo: str = Field(default="", description="the table's word, such as required")
    sign: str = Field(default="", description="the table's word, such as pad_or_paper")
    voucher: str = Field(default="", description="the table's word, such as receipt")
