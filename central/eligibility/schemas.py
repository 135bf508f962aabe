"""The question whether somebody may have a service, and its answer."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from central.applications.parts import Part
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
    code_needed: bool = Field(
        default=False, description="the order tells a code from the holder's phone (A10, otp)"
    )


class Shown(Strict):
    """Who laid a paper on the reader, for themselves."""

    applicant: Holder


class Standing(BaseModel):
    """How it stands with one service, for who is there themselves; a batch's for a unit's clerk.

    `outcome` is `eligible`, or the problem's name with underscores: `has_card`, `no_card`,
    `card_state_forbids`, `not_allowed` …; more may come.
    """

    service: ServiceId
    applicant_kind: ApplicantKind
    allowed: bool = Field(description="by the table: a kiosk does it for them at all")
    outcome: str
    failure: str | None = Field(description="what the kiosk shows: F12, or a word; null: eligible")
    clause: str
    reason_zh: str | None = None
    route: str = Field(description="where the service is done, in the table's word")
    card: str | None = Field(default=None, description="the card it is about; only when eligible")
    voucher_no: str | None = Field(default=None, description="of the open application")
    ready_on: date | None = Field(default=None, description="of a card that is being made")


class OpenCase(BaseModel):
    """A case that is on its way."""

    voucher_no: str
    service: ServiceId
    state: str
    progress_zh: str
    progress_en: str
    submitted_at: datetime


class Mendable(BaseModel):
    """A case the window sent back, and the parts that were in question."""

    voucher_no: str
    service: ServiceId
    parts: list[Part]
    reason_zh: str = Field(description="what the clerk told the citizen")
    here: bool = Field(description="false: a part can be mended at a window alone")


class Overview(BaseModel):
    """What a person can do now, every service in the table's order.

    Cards and phone are told where a question about one service would tell them.
    """

    known: bool = Field(description="the centre knows the person under this name")
    services: list[Standing]
    cards: list[CardView] = []
    cases: list[OpenCase] = []
    mendable: Mendable | None = None
    phone_masked: str | None = None
