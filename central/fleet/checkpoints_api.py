"""`/v1/kiosks/self/log-checkpoints`: the centre sees where a kiosk's log stands, and says so."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, StringConstraints

from central.audit.checkpoints import signing_key
from central.centre import Here
from central.fleet import checkpoints
from central.problems import Kind, ProblemError, documented
from central.schemas import Strict
from central.trust.caller import Kiosk

router = APIRouter(prefix="/v1/kiosks/self", tags=["fleet"])

Seq = Annotated[int, Path(ge=1, lt=10**11)]


class LogCheckpoint(Strict):
    """A checkpoint of the caller's log: a compact JWS, ES256, by the key of its certificate.

    Its header has `typ` `kiosk-log-checkpoint` and the certificate in `x5c`; its body `kiosk`,
    `seq`, `head` (SHA-256 of that line, hexadecimal) and `at`.
    """

    signed: Annotated[str, StringConstraints(min_length=1, max_length=8192)]


class Countersigned(BaseModel):
    """The centre's word on it: a compact JWS, EdDSA, by the key of the centre's audit.

    Its body has what the kiosk's has, and `taken_at`.
    """

    countersigned: str


@router.put("/log-checkpoints/{seq}", responses=documented(400, 404, 409, 413, 422))
def put_log_checkpoint(seq: Seq, told: LogCheckpoint, kiosk: Kiosk, centre: Here) -> Countersigned:
    """Countersign where the caller's log stands; again for the same line and hash.

    `LOG_FORKED` (409) says that the log is another than it was, with `seq`, `head`, `at` and
    `countersigned` of the newest checkpoint there is: the kiosk goes on after that one.
    """
    key, now = signing_key(centre.folder), centre.clock()
    with centre.database.write() as session:
        taken = checkpoints.take(session, key, kiosk.id, seq, told.signed, now)
        row = taken.row
    if taken.forked:
        raise ProblemError(
            Kind.LOG_FORKED, seq=row.seq, head=row.head, at=row.at, countersigned=row.countersigned
        )
    return Countersigned(countersigned=row.countersigned)
