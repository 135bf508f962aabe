"""A PIN reset as a transaction: one authorisation for one RELOAD of one card in one kiosk.

Its id is the key it was prepared under, so that a kiosk that never heard the answer can take it
back; a reversal that comes first blocks it. What became of the card, the card decides: a kiosk that
does not know says so, reads the card, and says then; nothing is repeated blindly (facts/central.md
7; 规程 5).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.audit.chain import Detail, append
from central.cards.ledger import Act, digest, state_at
from central.cards.records import Card
from central.cards.states import KEYS, REASONS, CardState
from central.hsm.port import Guesses
from central.issuance.pin_reset_records import PinReset, ResetState
from central.notices.kinds import NoticeKind
from central.notices.outbox import queue
from central.people.records import find_person
from central.problems import Kind, ProblemError
from regulation.people import IdNumber, check_id_number
from regulation.pins import Weakness

CLAUSE = "5.2(2)"
LASTS = timedelta(minutes=5)
_OVER = frozenset({ResetState.CONFIRMED, ResetState.REVERSED})


class Outcome(StrEnum):
    """What the card says of its PIN."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reset: its id, 卡识别码 in hex, kiosk and its nonce; whether an agent stands there."""

    reset_id: str
    card_id: str
    kiosk_id: str
    nonce: str
    by_agent: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """An application for a reset: its card (卡识别码 in hex), kiosk and voucher, what it says."""

    card_id: str
    kiosk_id: str
    voucher_no: str
    by_agent: bool
    done: bool


def prepare(session: Session, wanted: Wanted, act: Act) -> PinReset:
    """Authorise one reset. Raises `CARD_STATE_FORBIDS`, and `PIN_RESET_OVER` for a blocked id."""
    if session.get(PinReset, wanted.reset_id) is not None or _used(session, wanted.nonce):
        raise ProblemError(Kind.PIN_RESET_OVER)
    card = _card(session, wanted.card_id)
    state = state_at(card, act.at) if card else CardState.NONE
    if state is not CardState.ACTIVE:
        raise _not_in_use(state)
    reset = PinReset(
        id=wanted.reset_id,
        state=ResetState.PREPARED,
        card=digest(wanted.card_id),
        kiosk_id=wanted.kiosk_id,
        nonce=wanted.nonce,
        by_agent=wanted.by_agent,
        prepared_at=act.at.isoformat(),
        expires_at=(act.at + LASTS).isoformat(),
    )
    session.add(reset)
    _note(session, reset, "prepare", act, by_agent=wanted.by_agent)
    return reset


def require_in_use(session: Session, card_id: str, at: datetime) -> None:
    """Raise `CARD_STATE_FORBIDS` for a card of ours that is not in use, such as one reported lost.

    A card this centre did not issue has its state elsewhere.
    """
    card = _card(session, card_id)
    state = state_at(card, at) if card else CardState.ACTIVE
    if state is not CardState.ACTIVE:
        raise _not_in_use(state)


def allow(session: Session, reset_id: str, card_id: str, kiosk_id: str, at: datetime) -> PinReset:
    """The reset, if it was authorised for this card and kiosk and was not used yet.

    Raises `PIN_RESET_UNKNOWN`, `PIN_RESET_OVER`.
    """
    reset = session.get(PinReset, reset_id)
    if reset is None or (reset.card, reset.kiosk_id) not in {
        (digest(card_id), kiosk_id),
        (None, None),
    }:
        raise ProblemError(Kind.PIN_RESET_UNKNOWN)
    if reset.state is not ResetState.PREPARED or at.isoformat() >= (reset.expires_at or ""):
        raise ProblemError(Kind.PIN_RESET_OVER)
    return reset


def use(  # noqa: PLR0913 - which reset, of what, where, by whom
    session: Session,
    reset_id: str,
    card_id: str,
    kiosk_id: str,
    act: Act,
    *,
    tell_own: bool,
) -> None:
    """Use the authorisation up, for its one RELOAD; the holder is told of an agent's.

    `tell_own`: of their own too. Told once, before anybody knows what the card made of it.
    """
    reset = allow(session, reset_id, card_id, kiosk_id, act.at)
    reset.state = ResetState.USED
    _note(session, reset, "use", act)
    card = _card(session, card_id)
    kind = notice(by_agent=reset.by_agent, tell_own=tell_own)
    if kind is not None and card is not None:
        queue(session, act.at, kind, card.id_number)


def notice(*, by_agent: bool, tell_own: bool) -> NoticeKind | None:
    """What a holder is told of a reset."""
    if by_agent:
        return NoticeKind.PIN_RESET_BY_AGENT
    return NoticeKind.PIN_RESET if tell_own else None


def record(session: Session, reset_id: str, of: Recorded, act: Act) -> str:
    """Write an application down with its reset: one outcome for both, `done` or `unknown`.

    What was confirmed counts; else what the application says is confirmed by it. Raises
    `PIN_RESET_UNKNOWN`, and `PIN_RESET_OVER` for one that reset nothing or has its application.
    """
    reset = find(session, reset_id)
    whose = (digest(of.card_id), of.kiosk_id, of.by_agent)
    if (reset.card, reset.kiosk_id, reset.by_agent) != whose:
        raise ProblemError(Kind.PIN_RESET_UNKNOWN)
    nothing = reset.state is ResetState.CONFIRMED and reset.outcome != Outcome.CHANGED
    if reset.voucher_no is not None or nothing:
        raise ProblemError(Kind.PIN_RESET_OVER, reason_zh="这次密码重置没有写入卡片，或已登记过")
    if reset.state is not ResetState.CONFIRMED:
        confirm(session, reset_id, Outcome.CHANGED if of.done else Outcome.UNKNOWN, act)
    reset.voucher_no = of.voucher_no
    return "done" if reset.outcome == Outcome.CHANGED else "unknown"


def guesses(session: Session, card_id: str, today: date) -> Guesses:
    """What the PIN of a card may be guessed from; nothing of a card this centre did not issue."""
    card = _card(session, card_id)
    person = find_person(session, card.id_number) if card else None
    if card is None or person is None:
        return Guesses()
    told = check_id_number(person.id_number, today)
    birth = told.birth if isinstance(told, IdNumber) else None
    numbers: dict[str, str] = {
        Weakness.ID_PART: person.id_number,
        Weakness.CARD_PART: card.number,
    }
    return Guesses(birth, numbers, person.phone or "")


def confirm(session: Session, reset_id: str, outcome: Outcome, act: Act) -> PinReset:
    """Write down what the card says. Raises `PIN_RESET_UNKNOWN`, `PIN_RESET_OVER`."""
    reset = find(session, reset_id)
    if reset.state is ResetState.CONFIRMED and reset.outcome == outcome.value:
        return reset
    never = reset.state is ResetState.PREPARED and outcome is not Outcome.UNCHANGED
    if reset.state in _OVER or never:
        raise ProblemError(Kind.PIN_RESET_OVER)
    unknown = outcome is Outcome.UNKNOWN
    reset.state = ResetState.UNKNOWN if unknown else ResetState.CONFIRMED
    reset.outcome = outcome.value
    reset.settled_at = None if unknown else act.at.isoformat()
    _note(session, reset, "confirm", act, outcome=outcome.value)
    return reset


def reverse(session: Session, reset_id: str, reason: str, act: Act) -> PinReset:
    """Take a reset back, as often as it is said. Raises `PIN_RESET_CONFIRMED`."""
    reset = session.get(PinReset, reset_id)
    if reset is None:
        reset = PinReset(id=reset_id, state=ResetState.REVERSED, by_agent=False)
        session.add(reset)
    elif reset.state is ResetState.REVERSED:
        return reset
    elif reset.state is ResetState.CONFIRMED:
        raise ProblemError(Kind.PIN_RESET_CONFIRMED)
    reset.state, reset.settled_at = ResetState.REVERSED, act.at.isoformat()
    _note(session, reset, "reverse", act, reason=reason)
    return reset


def find(session: Session, reset_id: str) -> PinReset:
    """The reset of this id. Raises `PIN_RESET_UNKNOWN`."""
    reset = session.get(PinReset, reset_id)
    if reset is None:
        raise ProblemError(Kind.PIN_RESET_UNKNOWN)
    return reset


def _not_in_use(state: CardState) -> ProblemError:
    return ProblemError(
        Kind.CARD_STATE_FORBIDS,
        clause=CLAUSE,
        reason_zh=REASONS[state],
        message_key=KEYS[state],
    )


def _card(session: Session, card_id: str) -> Card | None:
    return session.scalar(select(Card).where(Card.identifier == card_id))


def _used(session: Session, nonce: str) -> bool:
    return session.scalar(select(PinReset.id).where(PinReset.nonce == nonce)) is not None


def _note(session: Session, reset: PinReset, verb: str, act: Act, **details: Detail) -> None:
    target = reset.card or reset.id
    append(session, act.at, act.actor, f"pin_reset.{verb}", target, reset=reset.id, **details)
