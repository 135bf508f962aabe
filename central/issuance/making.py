"""The making of a card: prepared at the console, written by a station, confirmed or reversed.

A time-out is not a no: until a station says what became of a write it started, the write is open,
the old card lives, and nothing else is made for the case. `undoing.py` takes writes back.
Everything here runs within the writer's turn.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.applications.records import Application
from central.applications.states import CaseEvent, CaseState, move
from central.cards.ledger import Act, befall, digest
from central.cards.records import Card, cards_of, valid_card
from central.cards.states import CardEvent, CardState
from central.centre import Centre
from central.custody.records import was_spoiled
from central.fees.ledger import require_settled
from central.issuance import personalisation, records, undoing
from central.issuance.numbers import next_number
from central.issuance.records import CardWrite, WriteState, find_write
from central.notices.kinds import NoticeKind
from central.notices.outbox import queue
from central.people.records import find_person
from central.problems import Kind, ProblemError
from regulation.rules import Channel, Service

NEW = {Service.NEW_INDIVIDUAL: "1.1.3(1)", Service.BATCH_TO_INDIVIDUAL: "1.3.3"}
REPLACEMENT = {Service.REPLACE_INDIVIDUAL: "3.1.3"}
CLAUSES = NEW | REPLACEMENT
"""The services whose card is made at a window, one by one, and the clause that says so."""

STATION = re.compile(r"[0-9A-Za-z-]{1,32}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A card to make: under an id of the asker's, for which case, at which station."""

    write_id: str
    voucher_no: str
    station: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a station made: 卡识别码 and ATR in hex, and the digest of what it read back."""

    identifier: str
    atr: str
    data_sha256: str


def prepare(session: Session, centre: Centre, wanted: Wanted, act: Act) -> CardWrite:
    """Reserve a card number and have a station write the case's card; the same id twice is once.

    Raises `FEE_DUE`, `CARD_WRITE_OPEN`, `STATION_BUSY`, `HAS_CARD`, `CARD_DATA_IMPOSSIBLE`, and
    `CARD_WRITE_OVER` for an id that is over.
    """
    if known := find_write(session, wanted.write_id):
        return _same(known, wanted)
    case = _case(session, wanted.voucher_no)
    require_settled(session, case.voucher_no)
    _free(session, wanted, act)
    old = _replaced(session, case)
    _produce(session, case, act)
    person = find_person(session, case.number)
    if person is None:
        raise ProblemError(Kind.UNKNOWN_PERSON)
    region = centre.settings.region
    number = next_number(session, region)
    write = CardWrite(
        id=wanted.write_id,
        state=WriteState.PREPARED,
        voucher_no=case.voucher_no,
        station=wanted.station,
        card_number=number,
        replaces=old.number if old else None,
        bank=case.bank,
        personalisation=personalisation.texts_of(case, person, number, region, act.at.date()),
        prepared_at=act.at.isoformat(),
        prepared_by=str(act.actor),
        expires_at=(act.at + timedelta(minutes=centre.settings.card_write_minutes)).isoformat(),
    )
    session.add(write)
    undoing.note(session, write, "prepare", act)
    return write


def start(session: Session, write_id: str, station: str, identifier: str, act: Act) -> CardWrite:
    """Bind a write to the blank that lies in the station; again with the same blank is once.

    Raises `CARD_WRITE_OVER`, and `BLANK_USED` for one that another write had.
    """
    write = undoing.own(session, write_id, station)
    if write.state is WriteState.STARTED and write.identifier == identifier:
        return write
    late = act.at.isoformat() >= (write.expires_at or "")
    if write.state is not WriteState.PREPARED or late:
        raise ProblemError(Kind.CARD_WRITE_OVER)
    if _is_used(session, identifier):
        raise ProblemError(Kind.BLANK_USED)
    write.state, write.identifier = WriteState.STARTED, identifier
    write.started_at = act.at.isoformat()
    undoing.note(session, write, "start", act, blank=digest(identifier))
    return write


def started(session: Session, write_id: str, station: str, identifier: str) -> CardWrite:
    """The write a station is at with this blank; else `CARD_WRITE_OVER`."""
    write = undoing.own(session, write_id, station)
    if write.state is not WriteState.STARTED or write.identifier != identifier:
        raise ProblemError(Kind.CARD_WRITE_OVER)
    return write


def confirm(session: Session, write_id: str, station: str, made: Written, act: Act) -> CardWrite:
    """Take a card that was made: it is the person's, sealed, and the old one is no more.

    Raises `CARD_WRITE_OVER`, and `CARD_DATA_DIFFERS` when the card holds something else.
    """
    write = undoing.own(session, write_id, station)
    if write.state is WriteState.CONFIRMED:
        return _confirmed(session, write, made)
    write = started(session, write_id, station, made.identifier)
    if personalisation.digest(write.personalisation or {}, made.identifier) != made.data_sha256:
        raise ProblemError(Kind.CARD_DATA_DIFFERS)
    case = _case(session, write.voucher_no)
    _replaced(session, case)
    clause = CLAUSES[Service(case.service)]
    for card in cards_of(session, case.number):
        if card.state.valid:
            befall(session, card, CardEvent.REPLACE, Act(act.actor, act.at, clause))
    session.add(_card(case, write, made, act))
    move(session, case, CaseEvent.MADE, act.actor, act.at)
    undoing.settle(session, write, WriteState.CONFIRMED, act)
    if Channel(case.channel) is Channel.ONLINE:  # who came to a window waits there for the card
        told = {"voucher_no": case.voucher_no, "window": case.window}
        queue(session, act.at, NoticeKind.CARD_READY, case.number, phone=case.phone, **told)
    return write


def _same(write: CardWrite, wanted: Wanted) -> CardWrite:
    """A form that was sent twice."""
    same = (write.voucher_no, write.station) == (wanted.voucher_no, wanted.station)
    if not same or write.state is WriteState.REVERSED:
        raise ProblemError(Kind.CARD_WRITE_OVER, reason_zh="这次制卡已作废，请重新开始")
    return write


def _case(session: Session, voucher_no: str | None) -> Application:
    case = undoing.case_of(session, voucher_no)
    if Service(case.service) not in CLAUSES:
        raise ProblemError(Kind.NOT_ALLOWED, reason_zh="这项业务不在窗口制卡")
    return case


def _free(session: Session, wanted: Wanted, act: Act) -> None:
    """Neither the case nor the station has an open write; those that ran out are taken back."""
    undoing.take_back_late(session, act)
    if records.open_write_of(session, wanted.voucher_no):
        raise ProblemError(Kind.CARD_WRITE_OPEN, reason_zh="这张卡正在制作")
    if records.open_write_at(session, wanted.station):
        raise ProblemError(Kind.STATION_BUSY, reason_zh="制卡机正在制作另一张卡")


def _replaced(session: Session, case: Application) -> Card | None:
    """The card in whose place one is made; who has a card gets no first one (规程 1.1)."""
    old = valid_card(session, case.number)
    if old is not None and Service(case.service) in NEW:
        raise ProblemError(Kind.HAS_CARD, clause="3.1", reason_zh="申办人已有社保卡，请办理补换卡")
    return old


def _produce(session: Session, case: Application, act: Act) -> None:
    if case.state == CaseState.ACCEPTED:
        move(session, case, CaseEvent.GENERATE, act.actor, act.at)
    move(session, case, CaseEvent.PRODUCE, act.actor, act.at)


def _is_used(session: Session, identifier: str) -> bool:
    """Whether a blank is a card, was spoiled, or lay in another station whose end is unknown."""
    card = select(Card.number).where(Card.identifier == identifier)
    write = select(CardWrite.id).where(CardWrite.identifier == identifier)
    return (
        session.scalar(card.limit(1)) is not None
        or session.scalar(write.limit(1)) is not None
        or was_spoiled(session, digest(identifier))
    )


def _confirmed(session: Session, write: CardWrite, made: Written) -> CardWrite:
    """A confirmation that was said twice, for the same card."""
    card = session.get(Card, write.card_number)
    if card is None or (card.identifier, card.data_sha256) != (made.identifier, made.data_sha256):
        raise ProblemError(Kind.CARD_WRITE_CONFIRMED)
    return write


def _card(case: Application, write: CardWrite, made: Written, act: Act) -> Card:
    return Card(
        number=write.card_number,
        identifier=made.identifier,
        id_number=case.number,
        state=CardState.SEALED,
        bank=write.bank,
        since=act.at.isoformat(),
        voucher_no=case.voucher_no,
        replaces=write.replaces,
        atr=made.atr,
        data_sha256=made.data_sha256,
    )
