"""`/v1/pin-resets`: a PIN reset authorised, and what became of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse

from central.applications import one_time
from central.audit.records import Actor
from central.audit.records import Kind as ActorKind
from central.cards.ledger import Act
from central.centre import Centre, Here
from central.eligibility.schemas import Question
from central.hsm.schemas import Hex16
from central.idempotency import KEY_PARAMETER, REPLAYED, Answer, Key, answer_once, fingerprint
from central.issuance import pin_reset
from central.issuance import pin_reset_right as right
from central.issuance.pin_reset import Outcome, Wanted
from central.issuance.pin_reset_records import ResetState
from central.problems import documented
from central.schemas import Strict
from central.trust.caller import Caller, act_as

router = APIRouter(prefix="/v1/pin-resets", tags=["PIN resets"])

_STEP = documented(400, 401, 403, 404, 409, 413, 422)
_KEYED = {"parameters": [KEY_PARAMETER]}
OK, CREATED = 200, 201


class ResetRequest(Strict):
    """For which card, in which kiosk; `by_agent`: an agent stands there (规程 5.1(2)).

    With `asked` the centre judges the right to it, and `by_agent` is what that says.
    """

    kiosk_id: Annotated[str, StringConstraints(pattern="^[0-9A-Z]{4}$")]
    card_id: Hex16 = Field(description="AAZ501 卡识别码")
    nonce: Hex16 = Field(description="random, used once")
    by_agent: bool = False
    asked: Question | None = Field(
        default=None, description="for whom, and who acts: as of the application; production asks"
    )
    code: Annotated[str, StringConstraints(pattern="^[0-9]{6}$")] | None = Field(
        default=None, description="sent to the holder's phone, where an agent needs one (A10)"
    )


class Authorised(BaseModel):
    """One RELOAD may be asked for until then, under this id."""

    reset_id: str = Field(description="the Idempotency-Key it was asked for with")
    expires_at: datetime


class Ended(Strict):
    """What the card says: the new PIN, the old one, or nobody knows yet."""

    outcome: Annotated[Outcome, Field(strict=False)]


class TakenBack(Strict):
    """Why."""

    reason: Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,63}$")]


class ResetStands(BaseModel):
    """Where the reset stands; an unknown one is confirmed once the card was read."""

    state: Literal["confirmed", "unknown", "reversed"]


@router.post(
    "", status_code=CREATED, response_model=Authorised, responses=_STEP, openapi_extra=_KEYED
)
def post_reset(key: Key, request: ResetRequest, centre: Here, caller: Caller) -> JSONResponse:
    """Authorise one PIN reset, for five minutes. Its id is the key."""
    act_as(caller, request.kiosk_id)
    asked = request.asked
    if asked is not None:
        one_time.prove(centre, key, asked, request.code, centre.clock())

    def work(session: Session, act: Act) -> Answer:
        agent = request.by_agent
        if asked is not None:
            agent = right.by_agent(session, centre, key, asked, request.card_id, act.at)
        else:
            right.require_question(centre, by_agent=agent)
        wanted = Wanted(key, request.card_id, request.kiosk_id, request.nonce, agent)
        reset = pin_reset.prepare(session, wanted, act)
        body = {"reset_id": reset.id, "expires_at": reset.expires_at}
        return Answer(CREATED, body)

    return _once(centre, key, "prepare", request, caller, work)


@router.post(
    "/{reset_id}/confirm", response_model=ResetStands, responses=_STEP, openapi_extra=_KEYED
)
def post_confirm(
    reset_id: UUID, key: Key, ended: Ended, centre: Here, caller: Caller
) -> JSONResponse:
    """What the card says of its PIN. An unknown outcome may be followed by a known one."""

    def work(session: Session, act: Act) -> Answer:
        act_as(caller, pin_reset.find(session, str(reset_id)).kiosk_id or "")
        reset = pin_reset.confirm(session, str(reset_id), ended.outcome, act)
        known = reset.state is ResetState.CONFIRMED
        return Answer(OK, {"state": "confirmed" if known else "unknown"})

    return _once(centre, key, f"confirm {reset_id}", ended, caller, work)


@router.post(
    "/{reset_id}/reverse", response_model=ResetStands, responses=_STEP, openapi_extra=_KEYED
)
def post_reverse(
    reset_id: UUID, key: Key, why: TakenBack, centre: Here, caller: Caller
) -> JSONResponse:
    """The card was told nothing. Of a reset nobody knows: it can never begin."""

    def work(session: Session, act: Act) -> Answer:
        reset = session.get(pin_reset.PinReset, str(reset_id))
        if reset is not None and reset.kiosk_id is not None:
            act_as(caller, reset.kiosk_id)
        pin_reset.reverse(session, str(reset_id), why.reason, act)
        return Answer(OK, {"state": "reversed"})

    return _once(centre, key, f"reverse {reset_id}", why, caller, work)


def _once(  # noqa: PLR0913, PLR0917 - a request, whose, and what it does
    centre: Centre,
    key: str,
    route: str,
    body: Strict,
    caller: Actor | None,
    work: Callable[[Session, Act], Answer],
) -> JSONResponse:
    told = getattr(body, "kiosk_id", "unknown")
    act = Act(caller or Actor(ActorKind.KIOSK, told), centre.clock())
    print_ = fingerprint(
        f"pin-reset {route} {act.actor}", body.model_dump(mode="json", exclude_none=True)
    )
    with centre.running.alone(key):
        answer = answer_once(
            centre.database, key, print_, act.at, act.actor, lambda session: work(session, act)
        )
    headers = {REPLAYED: "true"} if answer.replayed else None
    return JSONResponse(answer.body, answer.status, headers=headers)
