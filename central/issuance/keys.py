"""A blank's keys used for a card write: only while it is open, at its station, for its blank.

Each use is written down before it and after (`central/hsm/uses.py`); the HSM is asked between the
two, outside the writer's turn.
"""

import hmac

from sqlalchemy.orm import Session

from central.audit.records import Actor
from central.audit.records import Kind as ActorKind
from central.centre import Centre
from central.hsm import uses
from central.hsm.port import Card, Hsm, HsmRefused, Opens
from central.hsm.records import Function, key_use
from central.hsm.schemas import Command, External
from central.idempotency import Answer, answer_once, fingerprint, replay
from central.issuance import making
from central.issuance.schemas import Authentication, InitialPin, PinAuthentication
from central.problems import Kind, ProblemError

OK = 200

_FUNCTIONS = {
    Opens.HOLDER: Function.EXTERNAL_HOLDER,
    Opens.PERSONALISE: Function.EXTERNAL_PERSONALISE,
}


def prove(
    centre: Centre, write_id: str, station: str, opens: Opens, step: Authentication
) -> External:
    """外认数据 for a genuine blank.

    Raises `CARD_NOT_GENUINE`, `TOO_MANY_WRONG_CARDS`, and what the HSM refuses.
    """
    hsm, card, function = _hsm(centre), step.card(), _FUNCTIONS[opens]
    with centre.database.write() as session:
        use = _begun(session, centre, write_id, station, card, Function.INTERNAL)
    with uses.refusals(centre, use):
        right = hsm.internal(card, step.internal.challenge())
        if not hmac.compare_digest(right, bytes.fromhex(step.internal.answer)):
            raise HsmRefused(Kind.CARD_NOT_GENUINE)
        proof = hsm.external(opens, card, step.external.challenge())
    with centre.database.write() as session:
        uses.end(session, use)
        name = uses.key_name(card, function)
        session.add(key_use(centre.clock(), station, card.id, function, key=name))
    return External(external=proof.hex().upper() + step.external.factor)


def permit_pin(centre: Centre, write_id: str, station: str, step: PinAuthentication) -> External:
    """外认数据 that lets the RELOAD with the initial PIN follow."""
    hsm, card = _hsm(centre), step.card()
    with centre.database.write() as session:
        use = _begun(session, centre, write_id, station, card, Function.EXTERNAL_PIN_RESET)
    with uses.refusals(centre, use):
        proof = hsm.external(Opens.PIN_RESET, card, step.external.challenge())
    with centre.database.write() as session:
        uses.end(session, use)
    return External(external=proof.hex().upper() + step.external.factor)


def initial_pin(centre: Centre, key: str, write_id: str, station: str, step: InitialPin) -> Answer:
    """The RELOAD with the initial PIN, made once for a key."""
    hsm, card = _hsm(centre), step.card()
    route, owner = f"card-write initial-pin {write_id} {station}", Actor(ActorKind.STATION, station)
    print_ = fingerprint(route, step.model_dump(mode="json"))
    with centre.running.alone(key):
        with centre.database.write() as session:
            kept = replay(session, key, print_)
            if kept is not None:
                return kept
            use = _begun(session, centre, write_id, station, card, Function.INITIAL_PIN)
        with uses.refusals(centre, use):
            header, challenge = bytes.fromhex(step.header), bytes.fromhex(step.challenge)
            apdu = hsm.initial_pin(card, header, challenge).hex().upper()

        def work(session: Session) -> Answer:
            uses.end(session, use)
            return Answer(OK, Command(apdu=apdu).model_dump())

        return answer_once(centre.database, key, print_, centre.clock(), owner, work)


def _begun(  # noqa: PLR0913, PLR0917 - whose, for which card, what
    session: Session, centre: Centre, write_id: str, station: str, card: Card, function: Function
) -> int:
    making.started(session, write_id, station, card.id.hex().upper())
    now = centre.clock()
    uses.check_wrong_cards(session, now, station, centre.settings.wrong_cards_an_hour)
    return uses.begin(session, now, station, card, function)


def _hsm(centre: Centre) -> Hsm:
    if centre.hsm is None:
        raise ProblemError(Kind.CARD_KEYS_MISSING)
    return centre.hsm
