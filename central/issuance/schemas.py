"""What a card station sends of a card it makes, and what it is told."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from central.hsm.port import Card
from central.hsm.schemas import Challenge, Hex8, Hex16, InternalAnswer
from central.schemas import Strict

_Reason = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,63}$")]
_Algorithm = Annotated[str, StringConstraints(pattern="^0[0-3]$")]
_Atr = Annotated[str, StringConstraints(pattern="^([0-9A-Fa-f]{2}){2,33}$", to_upper=True)]
_Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class Personalisation(BaseModel):
    """The texts of the records of EF05 and EF06; one that is not known is empty."""

    card_number: str = Field(description="卡号: a letter and 8 digits")
    social_number: str = Field(description="社会保障号码, at most 18 characters")
    name: str = Field(description="姓名 with its 姓名扩展, at most 50 bytes of GB18030")
    sex: str = Field(description="GB/T 2261.1")
    nation: str = Field(description="民族, two digits of GB/T 3304")
    birthplace: str = Field(description="出生地, six digits of GB/T 2260")
    born: str = Field(description="YYYYMMDD")
    issuer: str = Field(description="初始化机构编号, at most 24 digits")
    issued: str = Field(description="YYYYMMDD")
    expires: str = Field(description="YYYYMMDD")
    version: str = Field(description="规范版本, 3.00")
    kind: str = Field(description="卡的类别")


class Job(BaseModel):
    """A card to make."""

    write_id: str
    expires_at: datetime = Field(description="until then it may be started")
    personalisation: Personalisation


class Blank(Strict):
    """The blank that lies in the station."""

    identifier: Hex16 = Field(description="AAZ501 卡识别码")


class Started(BaseModel):
    """The write is bound to the blank."""


class _Step(Strict):
    card_id: Hex16 = Field(description="AAZ501 卡识别码, that of the blank it was started with")
    algorithm: _Algorithm = Field(description="算法标识: 01 3DES, 03 SM4")

    def card(self) -> Card:
        """The card, for the HSM."""
        return Card(bytes.fromhex(self.card_id), self.algorithm)


class Authentication(_Step):
    """What the blank answered to INTERNAL AUTHENTICATE, and fresh challenges."""

    internal: InternalAnswer
    external: Challenge


class PinAuthentication(_Step):
    """Fresh challenges before the initial PIN."""

    external: Challenge


class InitialPin(_Step):
    """The challenge for the RELOAD with the initial PIN."""

    header: Annotated[str, StringConstraints(pattern="^84(24|[Dd]4)0001$", to_upper=True)] = Field(
        description="CLA INS P1 P2 of RELOAD, by the profile of the card"
    )
    challenge: Hex8


class Made(Strict):
    """A card that was written, read back and put into use."""

    identifier: Hex16
    atr: _Atr
    data_sha256: _Sha256 = Field(
        description="SHA-256 over the canonical JSON (sorted keys, no spaces, UTF-8) of the texts "
        "read back and `card_id`, the 卡识别码 in upper case"
    )


class Reversal(Strict):
    """Why a card was not made, and of which blank, if the station knows one."""

    reason: _Reason
    identifier: Hex16 | None = None


class Confirmed(BaseModel):
    """The card is the person's, and the old one is no more."""

    state: Literal["confirmed"]


class Reversed(BaseModel):
    """The card is void, and can be made anew."""

    state: Literal["reversed"]
