"""A card's keys used for a kiosk, each use written down in the transaction of what it did."""

import hmac
from collections.abc import Callable, Generator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from central.centre import Centre
from central.hsm.port import Hsm, HsmRefused, Opens
from central.hsm.records import Function, key_use
from central.hsm.schemas import (
    CardRequest,
    Command,
    External,
    HolderRequest,
    PinKey,
    PinResetRequest,
    ReloadRequest,
    TerminalPin,
    UnblockRequest,
)
from central.idempotency import Answer, answer_once, fingerprint
from central.problems import Kind, ProblemError

OK = 200


def pin_key(centre: Centre) -> PinKey:
    """The public PIN key."""
    found = _hsm(centre).pin_key()
    return PinKey(key_id=found.key_id, public_key=found.public_key)


def holder(centre: Centre, request: HolderRequest) -> External:
    """外认数据 that opens the holder's data, for a card that proved to be genuine.

    Raises `CARD_NOT_GENUINE`, and what the HSM refuses; that too is written down.
    """
    hsm, card = _hsm(centre), request.card()
    with _refusals(centre, request, Function.INTERNAL), centre.database.write() as session:
        right = hsm.internal(card, request.internal.challenge())
        if not hmac.compare_digest(right, bytes.fromhex(request.internal.answer)):
            raise HsmRefused(Kind.CARD_NOT_GENUINE)
        proof = hsm.external(Opens.HOLDER, card, request.external.challenge())
        for function in (Function.INTERNAL, Function.EXTERNAL_HOLDER):
            session.add(key_use(centre.clock(), request.kiosk_id, card.id, function))
    return _external(proof, request.external.factor)


def pin_reset(centre: Centre, request: PinResetRequest) -> External:
    """外认数据 that lets a RELOAD follow."""
    hsm, card, function = _hsm(centre), request.card(), Function.EXTERNAL_PIN_RESET
    with _refusals(centre, request, function), centre.database.write() as session:
        proof = hsm.external(Opens.PIN_RESET, card, request.external.challenge())
        session.add(key_use(centre.clock(), request.kiosk_id, card.id, function))
    return _external(proof, request.external.factor)


def reload(centre: Centre, key: str, request: ReloadRequest) -> Answer:
    """The RELOAD command, made once for a key."""
    hsm = _hsm(centre)
    header, challenge = bytes.fromhex(request.header), bytes.fromhex(request.challenge)

    def use() -> bytes:
        own = f"epp-{request.kiosk_id}-"
        if isinstance(request.pin, TerminalPin) and not request.pin.terminal_key.startswith(own):
            raise HsmRefused(Kind.PIN_KEY_UNKNOWN, "The work key is another kiosk's.")
        return hsm.reload(request.card(), header, challenge, request.pin.pin())

    return _once(centre, key, request, Function.RELOAD, use)


def unblock(centre: Centre, key: str, request: UnblockRequest) -> Answer:
    """The UNBLOCK command, made once for a key."""
    hsm = _hsm(centre)

    def use() -> bytes:
        return hsm.unblock(request.card(), bytes.fromhex(request.challenge))

    return _once(centre, key, request, Function.UNBLOCK, use)


def _hsm(centre: Centre) -> Hsm:
    if centre.hsm is None:
        raise ProblemError(Kind.CARD_KEYS_MISSING)
    return centre.hsm


def _once(
    centre: Centre, key: str, request: CardRequest, function: Function, use: Callable[[], bytes]
) -> Answer:
    now = centre.clock()
    print_ = fingerprint(function.value, request.model_dump(mode="json"))

    def work(session: Session) -> Answer:
        apdu = use().hex().upper()
        session.add(key_use(now, request.kiosk_id, request.card().id, function))
        return Answer(OK, Command(apdu=apdu).model_dump())

    with centre.running.alone(key), _refusals(centre, request, function):
        return answer_once(centre.database, key, print_, now, work)


@contextmanager
def _refusals(centre: Centre, request: CardRequest, function: Function) -> Generator[None]:
    """A no is a use too; the transaction it ended is gone, so it is written in its own."""
    try:
        yield
    except HsmRefused as no:
        with centre.database.write() as session:
            card_id = request.card().id
            session.add(key_use(centre.clock(), request.kiosk_id, card_id, function, no.kind))
        raise


def _external(proof: bytes, factor: str) -> External:
    return External(external=proof.hex().upper() + factor)
