"""A unit's list as it is sent, what is answered, and what of a batch may be shown."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from central.batches.faults import RowFault
from central.schemas import Holder, ServiceId, Strict, Text

MOST_ROWS = 2000

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
KioskId = Annotated[str, StringConstraints(pattern="^[0-9A-Z]{4}$")]
Typed = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
"""A field of a list as it stands there: empty, or anything; the rows are judged one by one."""


class Pictures(Strict):
    """The pictures of a person, sent before, by what they show (规程 1.2.1(1))."""

    portrait: Sha256 | None = None
    id_front: Sha256 | None = None
    id_back: Sha256 | None = None
    household_page: Sha256 | None = None
    household_changes: Sha256 | None = None


class Row(Strict):
    """A row of a 制卡明细表 or 补换卡明细表; a column that is empty or not there is "".

    Days are `YYYYMMDD` or `YYYY-MM-DD`, `valid_to` may be 长期; `sex` is 1 or 2 (GB/T 2261.1).
    `reason` is one of `Reason`. `minor` and `new_portrait` are null where nobody said.
    """

    name: Typed = ""
    paper: Typed = "resident_id"
    number: Typed = ""
    sex: Typed = ""
    ethnicity: Typed = ""
    birth: Typed = ""
    valid_to: Typed = ""
    phone: Typed = ""
    address: Typed = ""
    bank: Typed = ""
    minor: bool | None = None
    guardian_name: Typed = ""
    guardian_number: Typed = ""
    old_card: Typed = ""
    reason: Typed = ""
    new_portrait: bool | None = None
    remark: Typed = ""
    pictures: Pictures = Pictures()


class ClerkPictures(Strict):
    """The pictures of the clerk's visit."""

    clerk_page: Sha256 | None = None
    scene: Sha256 | None = None
    signature: Sha256 | None = None


class List(Strict):
    """A list to be looked at: nothing is kept."""

    service: ServiceId
    kiosk_id: KioskId
    unit: Text = Field(description="统一社会信用代码 or 单位编号")
    clerk: Holder
    rows: list[Row] = Field(min_length=1, max_length=MOST_ROWS)


class Order(List):
    """A list to be taken. `partial` takes the good rows alone, where the centre allows that."""

    signature: Literal["screen", "window"]
    pictures: ClerkPictures = ClerkPictures()
    letter: Sha256 | None = Field(default=None, description="单位介绍信")
    partial: bool = False


class Checked(BaseModel):
    """What is wrong with a list, row by row."""

    rows: int
    good: int
    wrong: int = Field(description="rows with a fault")
    faults: list[RowFault]
    due_on: date = Field(description="the last of 10 working days, if it came today")
    due_sure: bool = Field(description="false where a year was counted without its calendar")


class Taken(BaseModel):
    """The answer to an order: the voucher, before it is printed."""

    batch_no: str
    qr: str = Field(description="`v2|batch number|signature`: opaque, nothing personal")
    state: str
    rows: int
    taken: int
    left_out: int
    faults: list[RowFault] = Field(description="of the rows left out")
    submitted_at: datetime
    due_on: date
    due_sure: bool
    outlet: str
    fee_fen: int
    pick_up: list[str] = Field(description="what the voucher says of the pick-up (规程 1.2.3)")


class Summary(BaseModel):
    """A batch with masked data only."""

    batch_no: str
    service: ServiceId
    state: str
    state_at: datetime
    unit: str = Field(description="the unit's name, masked")
    outlet: str
    submitted_at: datetime
    due_on: date
    members: dict[str, int] = Field(description="how many stand where; they add up to the list")
    reason: str | None = Field(description="why it was sent back")
    enable_at: datetime | None = Field(description="96 hours after the pick-up")


class Page(BaseModel):
    """Some batches, the newest first; `next` is the cursor of the following page."""

    batches: list[Summary]
    next: str | None
