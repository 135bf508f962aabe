"""The steps of a card station: each judged in one transaction with what it does."""

import hmac
from collections.abc import Callable, Generator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from central.audit.records import Actor
from central.audit.records import Kind as ActorKind
from central.cards.ledger import Act
from central.centre import Centre
from central.hsm.port import Card, Hsm, HsmRefused, Opens
from central.hsm.records import Function, key_use
from central.hsm.schemas import Challenge, Command, External, InternalAnswer
from central.idempotency import Answer, answer_once, fingerprint, kept_answer
from central.issuance import making, undoing
from central.issuance.records import CardWrite, WriteState, open_write_at
from central.issuance.schemas import (
    Authentication,
    Blank,
    Confirmed,
    InitialPin,
    Job,
    Made,
    PinAuthentication,
    Reversal,
    Reversed,
    Started,
)
from central.problems import Kind, ProblemError
from central.schemas import Strict

OK = 200

_FUNCTIONS = {
    Opens.HOLDER: Function.EXTERNAL_HOLDER,
    Opens.PIN_RESET: Function.EXTERNAL_PIN_RESET,
    Opens.PERSONALISE: Function.EXTERNAL_PERSONALISE,
}


def job(centre: Centre, station: str) -> Job | None:
    """The card a station is to make; None while there is none, or it has started one."""
    now = centre.clock().isoformat()
    with centre.database.read() as session:
        write = open_write_at(session, station)
        if write is None or write.state is not WriteState.PREPARED:
            return None
        if write.expires_at is None or write.expires_at <= now:
            return None
        return Job.model_validate(
            {
                "write_id": write.id,
                "expires_at": write.expires_at,
                "personalisation": write.personalisation,
            }
        )


def start(centre: Centre, key: str, write_id: str, station: str, blank: Blank) -> Answer:
    """Bind a write to a blank."""

    def work(session: Session, act: Act) -> Started:
        making.start(session, write_id, station, blank.identifier, act)
        return Started()

    return _once(centre, key, f"start {write_id}", station, blank, work)


def confirm(centre: Centre, key: str, write_id: str, station: str, made: Made) -> Answer:
    """Take a card that was made."""
    written = making.Written(made.identifier, made.atr, made.data_sha256)

    def work(session: Session, act: Act) -> Confirmed:
        making.confirm(session, write_id, station, written, act)
        return Confirmed(state="confirmed")

    return _once(centre, key, f"confirm {write_id}", station, made, work)


def reverse(centre: Centre, key: str, write_id: str, station: str, said: Reversal) -> Answer:
    """Take a write back, or block one that has not come yet."""

    def work(session: Session, act: Act) -> Reversed:
        undoing.reverse(session, write_id, station, said.reason, act)
        return Reversed(state="reversed")

    return _once(centre, key, f"reverse {write_id}", station, said, work)


def prove(
    centre: Centre, write_id: str, station: str, opens: Opens, step: Authentication
) -> External:
    """外认数据 for a genuine blank. Raises `CARD_NOT_GENUINE`, and what the HSM refuses."""
    return _external(centre, write_id, station, opens, step.card(), step.external, step.internal)


def permit_pin(centre: Centre, write_id: str, station: str, step: PinAuthentication) -> External:
    """外认数据 that lets the RELOAD with the initial PIN follow."""
    return _external(centre, write_id, station, Opens.PIN_RESET, step.card(), step.external, None)


def initial_pin(centre: Centre, key: str, write_id: str, station: str, step: InitialPin) -> Answer:
    """The RELOAD with the initial PIN, made once for a key."""
    hsm, card = _hsm(centre), step.card()
    header, challenge = bytes.fromhex(step.header), bytes.fromhex(step.challenge)
    apdu = b""
    if kept_answer(centre.database, key) is None:
        _check(centre, write_id, station, card)
        with _refusals(centre, station, card, Function.INITIAL_PIN):
            apdu = hsm.initial_pin(card, header, challenge)

    def work(session: Session, act: Act) -> Command:
        making.started(session, write_id, station, card.id.hex().upper())
        session.add(key_use(act.at, station, card.id, Function.INITIAL_PIN))
        return Command(apdu=apdu.hex().upper())

    return _once(centre, key, f"initial-pin {write_id}", station, step, work)


def _external(  # noqa: PLR0913, PLR0917 - a step, its card, and what is asked
    centre: Centre,
    write_id: str,
    station: str,
    opens: Opens,
    card: Card,
    challenge: Challenge,
    internal: InternalAnswer | None,
) -> External:
    """The HSM is asked between two looks at the write, never within the writer's turn."""
    hsm = _hsm(centre)
    _check(centre, write_id, station, card)
    used = [_FUNCTIONS[opens]]
    if internal is not None:
        used.insert(0, Function.INTERNAL)
        with _refusals(centre, station, card, Function.INTERNAL):
            _genuine(hsm, card, internal)
    with _refusals(centre, station, card, _FUNCTIONS[opens]):
        proof = hsm.external(opens, card, challenge.challenge())
    with centre.database.write() as session:
        making.started(session, write_id, station, card.id.hex().upper())
        session.add_all(key_use(centre.clock(), station, card.id, name) for name in used)
    return External(external=proof.hex().upper() + challenge.factor)


def _genuine(hsm: Hsm, card: Card, internal: InternalAnswer) -> None:
    right = hsm.internal(card, internal.challenge())
    if not hmac.compare_digest(right, bytes.fromhex(internal.answer)):
        raise HsmRefused(Kind.CARD_NOT_GENUINE)


def _check(centre: Centre, write_id: str, station: str, card: Card) -> CardWrite:
    with centre.database.read() as session:
        return making.started(session, write_id, station, card.id.hex().upper())


def _hsm(centre: Centre) -> Hsm:
    if centre.hsm is None:
        raise ProblemError(Kind.CARD_KEYS_MISSING)
    return centre.hsm


@contextmanager
def _refusals(centre: Centre, station: str, card: Card, function: Function) -> Generator[None]:
    """A no of the HSM is a use of its keys too."""
    try:
        yield
    except HsmRefused as no:
        with centre.database.write() as session:
            session.add(key_use(centre.clock(), station, card.id, function, no.kind))
        raise


def _once(  # noqa: PLR0913, PLR0917 - a request, whose, and what it does
    centre: Centre,
    key: str,
    route: str,
    station: str,
    body: Strict,
    work: Callable[[Session, Act], Started | Confirmed | Reversed | Command],
) -> Answer:
    act = Act(Actor(ActorKind.STATION, station), centre.clock())
    print_ = fingerprint(f"card-write {route} {station}", body.model_dump(mode="json"))

    def answer(session: Session) -> Answer:
        return Answer(OK, work(session, act).model_dump(mode="json"))

    with centre.running.alone(key):
        return answer_once(centre.database, key, print_, act.at, answer)
