"""A town of specimen people in the centre, each with the papers and the card a test wants."""

import itertools
import uuid
from dataclasses import dataclass, replace
from datetime import date

import pytest
from sqlalchemy import select

from central.batches.records import Batch, BatchMember, Clerk, Unit
from central.batches.states import BatchState, Material, MemberState
from central.cards.records import Card
from central.cards.states import CardState
from central.people.records import Person
from regulation.people import check_character
from regulation.rules import Applicant, Channel, Service
from regulation.vouchers import voucher_number

PLACES = {Channel.KIOSK: "0017", Channel.WINDOW: "W301"}
WORDS = {"pad_or_paper": "pad", "per_window": "paper", "screen": "screen"}
ADULT, CHILD = date(1986, 2, 3), date(2015, 6, 12)
NUMBERS = {
    "hmt_permit": "H{:08}",
    "passport": "E1{:07}",
    "military_officer": "字第{:08}号",
}


@dataclass(frozen=True)
class Resident:
    """Somebody of the town; `card` is their card's number."""

    number: str
    name: str
    card: str | None = None

    def shows(self, paper):
        number = self.card if paper == "ss_card" else self.number
        return {"paper": paper, "number": number, "name": self.name}


class Town:
    """Makes people, cards, units and batches in a centre's store."""

    CHILD = CHILD

    def __init__(self, centre):
        self.centre = centre
        self.count = itertools.count(1)

    def person(self, paper="resident_id", birth=ADULT, card=None, **more):
        """Somebody whose number is that of a paper, with a card in a state."""
        n = next(self.count)
        number = NUMBERS[paper].format(n) if paper in NUMBERS else self._id_number(birth, n)
        someone = Resident(number, f"王{chr(0x4E00 + n)}")
        with self.centre.database.write() as session:
            session.add(
                Person(
                    id_number=number,
                    name=someone.name,
                    insured=True,
                    phone="13800138000",
                    address="重庆市渝中区示例路1号",
                )
            )
        return self.card(someone, card, **more) if card else someone

    def card(self, someone, state, **more):
        """The person with one card more."""
        n = next(self.count)
        with self.centre.database.write() as session:
            session.add(
                Card(
                    number=f"T{n:08}",
                    identifier=f"{n:032X}",
                    id_number=someone.number,
                    state=state,
                    bank="重庆银行",
                    since=self.centre.clock().isoformat(),
                    **{"state_before": CardState.ACTIVE, **more},
                )
            )
        return replace(someone, card=f"T{n:08}")

    def unit(self, *clerks):
        """A unit these may act for; its code."""
        code = f"UNIT{next(self.count):04}"
        with self.centre.database.write() as session:
            session.add(Unit(code=code, name="示例单位"))
            session.flush()
            session.add_all(Clerk(unit=code, id_number=clerk.number) for clerk in clerks)
        return code

    def batch(self, unit, state, members, member_state=MemberState.LISTED):
        """A batch of a unit with these people."""
        seq, at = next(self.count), self.centre.clock()
        batch = Batch(
            batch_no=voucher_number("W301", date(2026, 11, 2), seq), service="new_batch", channel="window", state=state, unit=unit,
            state_at=at.isoformat(), version=1, outlet="W301", taken_by="TOWN", seq=seq,
            day=at.date().isoformat(), submitted_at=at.isoformat(), fee_fen=0, material=Material.PICTURES,
        )  # fmt: skip
        with self.centre.database.write() as session:
            session.add(batch)
            session.flush()
            for line, member in enumerate(members, 1):
                session.add(
                    BatchMember(
                        batch_no=batch.batch_no, line=line, id_number=member.number,
                        name=member.name, state=member_state, since=at.isoformat(), data={},
                        card_number=member.card,
                    )
                )  # fmt: skip

    def state_of(self, someone):
        """The state of the person's card."""
        with self.centre.database.read() as session:
            return session.scalar(select(Card.state).where(Card.number == someone.card))

    @staticmethod
    def _id_number(birth, n):
        digits = f"500103{birth:%Y%m%d}{n:03}"
        return digits + check_character(digits)


@pytest.fixture
def town(centre):
    return Town(centre)


@pytest.fixture
def ready(town, body, take, centre):
    """Somebody for whom a cell can be done: their card, batch or case stands as it must."""

    def ready(cell, paper):
        birth = CHILD if cell.applicant is Applicant.AGENT_MINOR else ADULT
        on_paper = "resident_id" if paper == "ss_card" else paper
        online = cell.service is Service.ACTIVATE and cell.agent_papers
        someone = town.person(on_paper, birth, None if online else READY.get(cell.service))
        if cell.service is Service.BATCH_TO_INDIVIDUAL:
            town.batch(town.unit(), BatchState.DATA_GENERATED, [someone])
        if online:  # an agent activates what was applied for online (reading A4)
            new = centre.rules.cell(Service.NEW_INDIVIDUAL, Applicant.SELF, Channel.ONLINE)
            taken = take(
                body(
                    new,
                    someone.shows("resident_id" if on_paper == "household_register" else on_paper),
                )
            )
            someone = town.card(someone, CardState.SEALED, voucher_no=taken.json()["voucher_no"])
        return someone

    return ready


READY = {
    Service.ACTIVATE: CardState.SEALED,
    Service.REPLACE_INDIVIDUAL: CardState.ACTIVE,
    Service.INFO_CHANGE: CardState.ACTIVE,
    Service.PIN_CHANGE: CardState.ACTIVE,
    Service.PIN_RESET: CardState.ACTIVE,
    Service.LOSS_REPORT: CardState.ACTIVE,
    Service.LOSS_CANCEL: CardState.LOSS,
    Service.UNLOCK: CardState.LOCKED,
    Service.STATUS_QUERY: CardState.ACTIVE,
    Service.CANCEL: CardState.ACTIVE,
    Service.ROLLBACK: CardState.CANCELLED,
}


@pytest.fixture
def body(order):
    """An order that holds what its service needs, by the row that allows it."""
    portrait, signature = order()["images"]

    def body(cell, applicant, agent=None, **changes):
        pages = [portrait | {"kind": "applicant_page"}, portrait | {"kind": "agent_page"}]
        online = cell.channel is Channel.ONLINE
        needs = {
            Service.NEW_INDIVIDUAL: {"bank": "重庆银行"}
            | ({"delivery": {"kind": "outlet", "outlet": "W301"}} if online else {}),
            Service.REPLACE_INDIVIDUAL: {"reason": "damaged"},
            Service.INFO_CHANGE: {"phone": "13900139000"},
            Service.LOSS_REPORT: {"marks": ["card_in_hand_confirmed"]},
        }
        return {
            "service": cell.service,
            "applicant_kind": cell.applicant,
            "channel": cell.channel,
            "kiosk_id": PLACES.get(cell.channel),
            "taken_at": "2026-11-23T09:59:00+08:00",
            "applicant": applicant,
            "agent": agent,
            "signature": WORDS.get(cell.sign, "none"),
            "images": [portrait, signature, *(pages if online else [])],
            **needs.get(cell.service, {}),
            **changes,
        }

    return body


@pytest.fixture
def take(client, pictures):
    """Sends an order under a key; gives the answer."""

    def take(order, key=None, **headers):
        headers["Idempotency-Key"] = key or str(uuid.uuid4())
        return client.post("/v1/applications", json=order, headers=headers)

    return take


@pytest.fixture
def cell(centre):
    """A cell of the table by names."""

    def cell(service, applicant="self", channel="window"):
        return centre.rules.cell(Service(service), Applicant(applicant), Channel(channel))

    return cell
