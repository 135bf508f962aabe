"""A card's keys used for a kiosk, each use written down before it and after (`uses.py`)."""

import hmac
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from central.audit.records import Actor
from central.audit.records import Kind as ActorKind
from central.cards.ledger import Act
from central.centre import Centre
from central.hsm import uses
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
from central.idempotency import Answer, answer_once, fingerprint, replay
from central.issuance import pin_reset as resets
from central.problems import Kind, ProblemError

OK = 200


def pin_key(centre: Centre) -> PinKey:
    """The public PIN key."""
    found = _hsm(centre).pin_key()
    return PinKey(key_id=found.key_id, public_key=found.public_key)


def holder(centre: Centre, request: HolderRequest) -> External:
    """外认数据 that opens the holder's data, for a card that proved to be genuine.

    Raises `CARD_NOT_GENUINE`, `TOO_MANY_WRONG_CARDS`, and what the HSM refuses.
    """
    hsm, card = _hsm(centre), request.card()
    use = _begin(centre, request, Function.INTERNAL)
    with uses.refusals(centre, use):
        right = hsm.internal(card, request.internal.challenge())
        if not hmac.compare_digest(right, bytes.fromhex(request.internal.answer)):
            raise HsmRefused(Kind.CARD_NOT_GENUINE)
        proof = hsm.external(Opens.HOLDER, card, request.external.challenge())
    function = Function.EXTERNAL_HOLDER
    with centre.database.write() as session:
        uses.end(session, use)
        name = uses.key_name(card, function)
        session.add(key_use(centre.clock(), request.kiosk_id, card.id, function, key=name))
    return _external(proof, request.external.factor)


def pin_reset(centre: Centre, request: PinResetRequest) -> External:
    """外认数据 that lets a RELOAD follow."""
    hsm = _hsm(centre)
    use = _begin(centre, request, Function.EXTERNAL_PIN_RESET)
    with uses.refusals(centre, use):
        proof = hsm.external(Opens.PIN_RESET, request.card(), request.external.challenge())
    with centre.database.write() as session:
        uses.end(session, use)
    return _external(proof, request.external.factor)


def reload(centre: Centre, key: str, request: ReloadRequest) -> Answer:
    """The RELOAD command, made once for a key. Raises `PIN_WEAK`, which uses nothing up."""
    hsm, pin = _hsm(centre), request.pin
    header, challenge = bytes.fromhex(request.header), bytes.fromhex(request.challenge)
    with centre.database.read() as session:
        guesses = resets.guesses(session, request.card_id, centre.clock().date())

    def make() -> bytes:
        own = f"epp-{request.kiosk_id}-"
        if isinstance(pin, TerminalPin) and not pin.terminal_key.startswith(own):
            raise HsmRefused(Kind.PIN_KEY_UNKNOWN, "The work key is another kiosk's.")
        return hsm.reload(request.card(), header, challenge, pin.pin(), guesses)

    under = pin.terminal_key if isinstance(pin, TerminalPin) else pin.key_id
    return _once(centre, key, request, Function.RELOAD, make, under)


def unblock(centre: Centre, key: str, request: UnblockRequest) -> Answer:
    """The UNBLOCK command, made once for a key."""
    hsm = _hsm(centre)

    def make() -> bytes:
        return hsm.unblock(request.card(), bytes.fromhex(request.challenge))

    return _once(centre, key, request, Function.UNBLOCK, make)


def _hsm(centre: Centre) -> Hsm:
    if centre.hsm is None:
        raise ProblemError(Kind.CARD_KEYS_MISSING)
    return centre.hsm


def _begin(centre: Centre, request: CardRequest, function: Function) -> int:
    with centre.database.write() as session:
        return _begun(session, centre, request, function)


def _begun(
    session: Session, centre: Centre, request: CardRequest, function: Function, under: str = ""
) -> int:
    now, kiosk = centre.clock(), request.kiosk_id
    uses.check_wrong_cards(session, now, kiosk, centre.settings.wrong_cards_an_hour)
    _authorised(session, centre, request, now)
    return uses.begin(session, now, kiosk, request.card(), function, under)


def _authorised(session: Session, centre: Centre, request: CardRequest, now: datetime) -> None:
    """Only a card in use is told about its PIN; a step of a reset is of its card and kiosk.

    Without a reset none is told in production.
    """
    if not isinstance(request, HolderRequest):
        resets.require_in_use(session, request.card_id, now)
    match request:
        case ReloadRequest(reset_id=str(reset_id)) | PinResetRequest(reset_id=str(reset_id)):
            resets.allow(session, reset_id, request.card_id, request.kiosk_id, now)
        case ReloadRequest() | PinResetRequest() if centre.settings.mode == "production":
            raise ProblemError(Kind.PIN_RESET_UNKNOWN, "Prepare it first: POST /v1/pin-resets.")
        case _:
            pass


def _used_up(session: Session, centre: Centre, request: CardRequest, now: datetime) -> None:
    """One RELOAD uses a reset up: in the transaction that keeps it, before anybody is given it."""
    match request:
        case ReloadRequest(reset_id=str(reset_id)):
            act = Act(Actor(ActorKind.KIOSK, request.kiosk_id), now)
            own = centre.settings.pin_reset_notice == "always"
            resets.use(session, reset_id, request.card_id, request.kiosk_id, act, tell_own=own)
        case _:
            pass


def _once(  # noqa: PLR0913, PLR0917 - a request, its key, and what is made for it
    centre: Centre,
    key: str,
    request: CardRequest,
    function: Function,
    make: Callable[[], bytes],
    under: str = "",
) -> Answer:
    """What was kept for the key, or the command, made between two turns of the writer."""
    print_ = fingerprint(function.value, request.model_dump(mode="json", exclude_none=True))
    now, kiosk = centre.clock(), Actor(ActorKind.KIOSK, request.kiosk_id)
    with centre.running.alone(key):
        with centre.database.write() as session:
            kept = replay(session, key, print_)
            if kept is not None:
                return kept
            use = _begun(session, centre, request, function, under)
        with uses.refusals(centre, use):
            apdu = make().hex().upper()

            def work(session: Session) -> Answer:
                _used_up(session, centre, request, now)
                uses.end(session, use)
                return Answer(OK, Command(apdu=apdu).model_dump())

            answer = answer_once(centre.database, key, print_, now, kiosk, work)
        if answer.replayed:  # another process was asked the same meanwhile: its answer counts
            with centre.database.write() as session:
                uses.end(session, use)
        return answer


def _external(proof: bytes, factor: str) -> External:
    return External(external=proof.hex().upper() + factor)
