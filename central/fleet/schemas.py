"""What kiosks and the centre say to each other about configuration."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from central.schemas import Strict

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Short = Annotated[str, StringConstraints(max_length=64)]
Sentence = Annotated[str, StringConstraints(max_length=500)]
Amount = Annotated[float, Field(ge=0, le=1_000_000_000)]

State = Literal[
    "none", "received", "verified", "valid", "staged", "probation", "committed", "failed"
]


class Reported(Strict):
    """How a kiosk is. Nothing of a citizen's is ever in it.

    `state` is where the document of `revision` stands; `failed` comes with the step that failed
    and the reason, while `serving` is the revision in force (it is the last good one then).
    `devices` are "ok" or the code of their fault, `consumables` amounts in the unit their name
    ends with (`paper_m`), `services` those a citizen can finish now. `until` says when signed
    metadata expired, `certified_at` when readiness was last proven.
    """

    state: State = "none"
    revision: int = Field(0, ge=0, le=2**31 - 1)
    serving: int = Field(0, ge=0, le=2**31 - 1)
    step: Short = ""
    reason: Sentence = ""
    version: Short = ""
    mode: Literal["in_service", "out_of_service"] = "in_service"
    stale: bool = False
    devices: dict[Code, Code] = Field(default_factory=dict[str, str], max_length=40)
    consumables: dict[Code, Amount] = Field(default_factory=dict[str, float], max_length=40)
    services: list[Code] = Field(default_factory=list[str], max_length=60)
    certified_at: Short = ""


class Desired(BaseModel):
    """Which revision the caller shall have; 0: nothing was ever desired."""

    revision: int


class Next(BaseModel):
    """When the kiosk speaks again: after `next_s` seconds, and up to `jitter_s` more.

    `asks`: how many things it is asked for (`GET asks`).
    """

    next_s: int
    jitter_s: int
    asks: int = 0


class Asked(BaseModel):
    """A thing the kiosk is asked for: `logs`, sealed for the operator's key, or a `screenshot`.

    It may answer within so many seconds.
    """

    id: int
    kind: str
    seconds: int


class Asks(BaseModel):
    """What the kiosk is asked for, the oldest first."""

    asks: list[Asked]


class Answered(Strict):
    """What comes of an ask: its `data` (base64, 1 MB before that), or why not in a word.

    `busy`: somebody is served; it is answered later, or not before it lapses.
    """

    state: Literal["answered", "busy", "failed"]
    reason: Code | None = None
    data: Annotated[str, StringConstraints(max_length=1_400_000)] = Field("", repr=False)
