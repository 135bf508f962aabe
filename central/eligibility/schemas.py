"""The question whether somebody may apply, and its answer."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, Field

from central.schemas import ApplicantKind, Holder, ServiceId, Strict


class Outcome(StrEnum):
    """What stands in the way, or `eligible`."""

    ELIGIBLE = "eligible"
    HAS_CARD = "has_card"
    IN_BATCH_DATA_GENERATED = "in_batch_data_generated"
    IN_BATCH_IN_PRODUCTION = "in_batch_in_production"
    UNKNOWN_PERSON = "unknown_person"
    NOT_INSURED = "not_insured"
    AGENT_LIMIT = "agent_limit"
    APPLICATION_OPEN = "application_open"


class Question(Strict):
    """Who wants what, and who acts for them."""

    service: ServiceId
    applicant_kind: ApplicantKind
    applicant: Holder
    agent: Holder | None = None


class Eligibility(BaseModel):
    """The answer. Of the person it tells nothing that was not asked, unless they are eligible."""

    outcome: Outcome
    name: str = Field(description="as asked")
    address: str | None = Field(default=None, description="to confirm; only when eligible")
    phone_masked: str | None = Field(default=None, description="138****1234; only when eligible")
    ready_on: date | None = Field(default=None, description="of a card that is being made")
    voucher_no: str | None = Field(default=None, description="of the open application")
    clause: str
