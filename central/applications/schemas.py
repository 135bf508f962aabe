"""An application as it is sent, what is answered, and what of it may be shown."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from central.cards.views import CardName, CardView
from central.schemas import (
    UUID,
    ApplicantKind,
    ChannelId,
    Holder,
    PaperId,
    ReasonId,
    ServiceId,
    Strict,
    Text,
    printable,
)
from regulation.rules import Channel

_Mark = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(printable)]
_Place = Annotated[str, StringConstraints(pattern="^[0-9A-Z]{4}$")]
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
    AfterValidator(printable),
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


class Mail(Strict):
    """The card comes by mail (规程 1.1.3(2))."""

    kind: Literal["mail"]
    address: Text


class Outlet(Strict):
    """The card is picked up at an outlet, with all the originals that were uploaded."""

    kind: Literal["outlet"]
    outlet: _Place


class Order(Strict):
    """What the citizen asks for. A service takes the fields it needs (`docs/centre/services.md`).

    `kiosk_id` is the kiosk, or the outlet of a window; the other channels have none. `outcome` is
    what the reader saw of a PIN; `code` was sent to the holder's phone (`/v1/one-time-codes`);
    `reset_id` is the PIN reset it was (`/v1/pin-resets`), which had the code then; `members` whose
    cards a unit's clerk has activated.
    """

    service: ServiceId
    applicant_kind: ApplicantKind
    channel: ChannelId = Channel.KIOSK
    kiosk_id: _Place | None = None
    taken_at: Time
    applicant: Party
    agent: Party | None = None
    phone: Text | None = None
    address: Text | None = None
    bank: Text | None = None
    card: CardName | None = None
    reason: ReasonId | None = None
    portrait: Literal["keep", "change"] | None = None
    delivery: Annotated[Mail | Outlet, Field(discriminator="kind")] | None = None
    outcome: Literal["done", "unknown"] = "done"
    code: Annotated[str, StringConstraints(pattern="^[0-9]{6}$")] | None = None
    reset_id: Annotated[str, StringConstraints(pattern=UUID)] | None = None
    members: list[Text] = Field(default=[], max_length=1000)
    signature: Literal["screen", "window", "pad", "paper", "none"] = "none"
    marks: list[_Mark] = Field(default=[], max_length=16)
    images: list[Picture] = Field(default=[], max_length=16)


class Mend(Strict):
    """What was sent back, once more: what was asked for and nothing else, by the holder's paper.

    `marks` are those of the parts that come, such as `portrait_scanned`.
    """

    kiosk_id: _Place
    taken_at: Time
    applicant: Party
    phone: Text | None = None
    address: Text | None = None
    marks: list[_Mark] = Field(default=[], max_length=4)
    images: list[Picture] = Field(default=[], max_length=4)


class Progress(BaseModel):
    """Where a case stands, as a citizen may read it."""

    state: str
    progress_zh: str
    progress_en: str


class Taken(Progress):
    """The answer to an order: the voucher, before it is printed."""

    voucher_no: str
    qr: str = Field(description="`v2|voucher number|signature`: opaque, nothing personal")
    submitted_at: datetime
    due_at: datetime = Field(
        description="the card is made by then at the latest (规程 1.1.3); of a service that is "
        "done at once, and of a replacement, for which no term is promised, see `term`"
    )
    window: str
    term: str = Field(
        default="", description="done, on_spot, 24_hours or 5_working_days: what due_at is"
    )
    due_sure: bool = Field(default=True, description="false: counted without that year's calendar")
    voucher: str = Field(default="", description="the table's word, such as yes or receipt")
    fee_fen: int = Field(default=0, description="to settle or deduct at the window")
    bring: list[str] = Field(default=[], description="the originals to bring to the window")
    card: CardView | None = Field(default=None, description="the card the service was about")
    cards: list[CardView] = Field(default=[], description="all of the person's: a status query's")


class MaskedParty(BaseModel):
    """A person, so far as a screen may show them."""

    name: str
    paper: PaperId
    number: str


class Summary(Progress):
    """An application with masked data only."""

    voucher_no: str
    service: ServiceId
    channel: ChannelId
    applicant_kind: ApplicantKind
    applicant: MaskedParty
    agent: MaskedParty | None
    phone: str | None
    submitted_at: datetime
    state_at: datetime
    due_at: datetime
    window: str
    version: int


class Page(BaseModel):
    """Some applications, the oldest first, and where the next ones begin."""

    items: list[Summary]
    next: str | None = Field(description="the cursor of the next page; null: there is none yet")


class Code(Strict):
    """What a scanner read from a voucher."""

    qr: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class VoucherKey(BaseModel):
    """The public key of vouchers' codes: the signature is over `v2|voucher number`."""

    version: Literal["v2"] = "v2"
    algorithm: Literal["Ed25519"] = "Ed25519"
    public_key: str = Field(description="PEM, SubjectPublicKeyInfo")


class RequestState(BaseModel):
    """A request that was answered, and what it got."""

    status: Literal["done"]
    response_status: int
    body: dict[str, Any]
