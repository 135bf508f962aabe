"""`/v1/kiosks/self/certificates`: a kiosk hands in what it proved of itself."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from starlette.concurrency import run_in_threadpool

from central.centre import Centre
from central.fleet import certificates
from central.fleet.api import REPORTING
from central.problems import Kind, ProblemError, documented
from central.schemas import Strict
from central.trust.caller import Kiosk, act_as

router = APIRouter(prefix="/v1/kiosks/self", tags=["fleet"])

MOST_JWS = 32 * 1024
"""Characters of a signed certificate; a kiosk's has some 5,000."""


def _moment(text: str) -> str:
    datetime.fromisoformat(text)
    return text


Number = Annotated[int, Path(ge=1, lt=10**9)]
Word = Annotated[
    str, StringConstraints(max_length=64, pattern="^([A-Za-z_.: -]*[0-9]){0,5}[A-Za-z_.: -]*$")
]
"""Of the program's own; five digits at most, so that no number of a person's fits."""
Version = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,5}){1,3}([.+-]?[a-z]+[0-9]{0,3})?$")
]
"""As the kiosk's log has it (`kiosk/event_fields.toml`)."""
Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
At = Annotated[
    str,
    StringConstraints(
        pattern="^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}$"
    ),
    AfterValidator(_moment),
]


class Proof(Strict):
    """How far a proof came, of which device, in how many milliseconds, and why no further."""

    proof: Word
    device: Word
    degree: Literal["proven", "looked", "failed", "absent"]
    ms: int = Field(ge=0, le=2**31 - 1)
    reason: Word


class Certificate(Strict):
    """What a kiosk proved of itself at a time (docs/readiness.md).

    `program` is the SHA-256 of its files, `revision` that of the configuration in force; a
    fingerprint in `signed_by` is one of the kiosk's certificate or of one above it.
    """

    schema_: Literal[1] = Field(alias="schema")
    kiosk: Annotated[str, StringConstraints(pattern="^[0-9]{4}$")]
    version: Version
    program: Hash
    revision: int = Field(ge=0, le=2**31 - 1)
    at: At
    why: Word
    proofs: Annotated[list[Proof], Field(max_length=40)]
    ready: bool
    signed_by: Annotated[list[Hash], Field(max_length=8)]


class ReadinessCertificate(Strict):
    """A certificate as the kiosk's file has it: for people, and signed.

    `jws` is the same as a compact JWS, ES256, `typ` `kiosk-readiness`, with the kiosk's
    certificate in `x5c`; "" of a kiosk that never had one.
    """

    certificate: Certificate
    jws: Annotated[str, StringConstraints(max_length=MOST_JWS)]


class Taken(BaseModel):
    """When the centre took it."""

    taken_at: datetime


@router.put("/certificates/{number}", responses=documented(400, 413, 422))
async def put_certificate(
    request: Request, kiosk: Kiosk, number: Number, told: ReadinessCertificate
) -> Taken:
    """Keep a readiness certificate of the caller under its own number; twice the same is one.

    `READINESS_REFUSED` for one that the caller did not sign, though it could.
    """
    act_as(kiosk, told.certificate.kiosk)
    shown: dict[str, Any] = told.certificate.model_dump(mode="json", by_alias=True)
    with REPORTING.place():
        return await run_in_threadpool(
            _take, request.app.state.centre, kiosk.id, number, shown, told.jws
        )


def _take(centre: Centre, kiosk: str, number: int, told: dict[str, Any], jws: str) -> Taken:
    now = centre.clock()
    with centre.database.write() as session:
        row = certificates.take(session, kiosk, number, told, jws, now)
        taken_at = row.taken_at if row else ""
    if not taken_at:
        raise ProblemError(Kind.READINESS_REFUSED)
    return Taken(taken_at=datetime.fromisoformat(taken_at))
