"""An application as it is sent, what is answered, and what of it may be shown."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from central.schemas import ApplicantKind, Holder, PaperId, ServiceId, Strict, Text

_Mark = Annotated[str, StringConstraints(min_length=1, max_length=64)]
_Day = Annotated[str, StringConstraints(min_length=2, max_length=10)]


def _with_offset(text: str) -> str:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("not an ISO 8601 time") from None
    if time.tzinfo is None:
        raise ValueError("the time has no offset")
    return text


Time = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(_with_offset),
    Field(json_schema_extra={"format": "date-time"}),
]


class Party(Holder):
    """A person as their paper shows them; what the paper does not show is null.

    `birth` is `YYYYMMDD` or `YYYY-MM-DD`; `valid_to` the same or `长期`.
    """

    sex: Text | None = None
    ethnicity: Text | None = None
    birth: _Day | None = None
    address: Text | None = None
    issuer: Text | None = None
    valid_to: _Day | None = None


class Picture(Strict):
    """An image sent before, and what it shows."""

    kind: Literal["portrait", "applicant_page", "agent_page", "scene", "signature"]
    sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class Order(Strict):
    """What the citizen asks for."""

    service: ServiceId
    applicant_kind: ApplicantKind
    kiosk_id: Annotated[str, StringConstraints(pattern="^[0-9A-Z]{4}$")]
    taken_at: Time
    applicant: Party
    agent: Party | None = None
    phone: Text | None = None
    address: Text | None = None
    bank: Text
    signature: Literal["screen", "window"]
    marks: list[_Mark] = Field(default=[], max_length=16)
    images: list[Picture] = Field(default=[], max_length=16)


class Taken(BaseModel):
    """The answer to an order: the voucher, before it is printed."""

    voucher_no: str
    qr: str = Field(description="`v1|voucher number|MAC`: opaque, nothing personal")
    state: str
    submitted_at: datetime
    due_at: datetime = Field(description="the card is made by then at the latest (规程 1.1.3(1))")
    window: str


class MaskedParty(BaseModel):
    """A person, so far as a screen may show them."""

    name: str
    paper: PaperId
    number: str


class Summary(BaseModel):
    """An application with masked data only."""

    voucher_no: str
    service: ServiceId
    applicant_kind: ApplicantKind
    state: str
    applicant: MaskedParty
    agent: MaskedParty | None
    phone: str | None
    submitted_at: datetime
    due_at: datetime
    window: str


class Code(Strict):
    """What a scanner read from a voucher."""

    qr: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class RequestState(BaseModel):
    """A request that was answered, and what it got."""

    status: Literal["done"]
    response_status: int
    body: dict[str, Any]
