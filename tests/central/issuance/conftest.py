"""Cases at the window, a card station that speaks the contract, and blanks that are programs."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from central.applications.records import find
from central.applications.states import CaseEvent, move
from central.audit.records import Actor, Kind
from central.cards.ledger import Act
from central.cards.records import Card, find_card
from central.centre import Settings
from central.fees.records import fee_of
from central.issuance import making, personalisation
from central.issuance.records import find_write
from hardware.secret import Secret
from hardware.social_card.blank_card import BlankCard
from hardware.social_card.card import SocialCard
from hardware.social_card.outcomes import Card as CardSays
from hardware.social_card.outcomes import Holder
from hardware.social_card.personalisation import Personalisation
from hardware.social_card.profile import read_profile
from station.keys import CentralKeys
from station.link import Centre as Link

PROFILE = read_profile(Path("config/profiles/social_card.toml"), "reference")
WANG, LI = Actor(Kind.USER, "wang"), Actor(Kind.USER, "li")
ATR = "3B6D000000815443435086330102030405"
STATION = "W301-1"


@pytest.fixture
def settings():
    return Settings(hsm="demo")


@pytest.fixture
def act(clock):
    """An act of a clerk, now."""

    def act(actor=WANG):
        return Act(actor, clock())

    return act


@pytest.fixture
def turn(centre):
    """One function in the writer's turn, with the session first."""

    def turn(function, *arguments, **more):
        with centre.database.write() as session:
            return function(session, *arguments, **more)

    return turn


@pytest.fixture
def look(centre):
    """One function at a look."""

    def look(function, *arguments):
        with centre.database.read() as session:
            return function(session, *arguments)

    return look


@pytest.fixture
def accepted(submit, turn, clock):
    """A case that was taken and accepted; its voucher's number."""

    def accepted(**changes):
        answer = submit(**changes)
        assert answer.status_code == 201, answer.text
        voucher_no = answer.json()["voucher_no"]

        def accept(session):
            case = find(session, voucher_no)
            for event in (CaseEvent.TAKE_UP, CaseEvent.ACCEPT):
                move(session, case, event, WANG, clock())

        turn(accept)
        return voucher_no

    return accepted


@pytest.fixture
def replacing(accepted, who):
    """An accepted replacement for the holder of card A00000001."""

    def replacing(**changes):
        return accepted(
            service="replace_individual",
            applicant=who("50010319850612019X", "刘强", sex="1", valid_to="长期"),
            reason="damaged",
            portrait="keep",
            **changes,
        )

    return replacing


@pytest.fixture
def prepare(centre, turn, act):
    """Has a station make a case's card; the write's id."""

    def prepare(voucher_no, write_id=None, station=STATION):
        wanted = making.Wanted(write_id or str(uuid.uuid4()), voucher_no, station)
        return turn(making.prepare, centre, wanted, act()).id

    return prepare


class Station:
    """Says what a station says, with fresh keys unless told otherwise."""

    def __init__(self, client, name):
        self.client, self.headers = client, {"X-Device": f"station:{name}"}
        self.link = Link(str(client.base_url), name, 5)

    def job(self):
        return self.client.get("/v1/stations/self/card-write", headers=self.headers)

    def post(self, write_id, step, body, key=None):
        headers = self.headers | {"Idempotency-Key": key or str(uuid.uuid4())}
        return self.client.post(f"/v1/card-writes/{write_id}/{step}", json=body, headers=headers)

    def start(self, write_id, identifier, key=None):
        return self.post(write_id, "start", {"identifier": identifier}, key)

    def confirm(self, write_id, identifier, sha256, key=None):
        body = {"identifier": identifier, "atr": ATR, "data_sha256": sha256}
        return self.post(write_id, "confirm", body, key)

    def reverse(self, write_id, identifier=None, key=None, reason="operator"):
        return self.post(write_id, "reverse", {"reason": reason, "identifier": identifier}, key)

    def keys(self, write_id):
        return CentralKeys(self.link, write_id)

    def write(self, job, card):
        """Write the job's texts to a blank card, as the station's program does."""
        texts = Personalisation(**job["personalisation"])
        return SocialCard(Powered(card), PROFILE).personalise(texts, self.keys(job["write_id"]))

    def read(self, job, card):
        """What the card holds, by the names of the job's texts."""
        says = SocialCard(Powered(card), PROFILE)
        basic, holder = says.identify(), says.read_holder(self.keys(job["write_id"]))
        assert isinstance(basic, CardSays)
        assert isinstance(holder, Holder)
        names = job["personalisation"]
        return {name: getattr(basic, name, None) or getattr(holder, name, "") for name in names}


class Powered:
    """A card in a reader, from power on."""

    def __init__(self, card):
        self._card, self.atr = card, card.power_on()

    def transmit(self, command):
        return self._card.transmit(bytes(command))


@pytest.fixture
def verify():
    """Asks a card whether this is its PIN."""

    def verify(card, digits):
        with Secret(bytearray(digits)) as pin:
            return SocialCard(Powered(card), PROFILE).verify(pin)

    return verify


@pytest.fixture
def station(client):
    it = Station(client, STATION)
    yield it
    it.link.close()


@pytest.fixture
def other_station(client):
    it = Station(client, "W301-2")
    yield it
    it.link.close()


@pytest.fixture
def wang():
    return WANG


@pytest.fixture
def li():
    return LI


@pytest.fixture
def blank():
    """A fresh blank: its 卡识别码, and the card."""
    numbers = iter(range(0x100, 0xFFF))

    def blank():
        identifier = f"500000D15600000500000{next(numbers):03X}FFFFFFFF"
        return identifier, BlankCard(bytes.fromhex(identifier))

    return blank


@pytest.fixture
def made(prepare, station, blank):
    """Makes a case's card, without a chip; what the centre was told."""

    def made(voucher_no):
        write_id, (identifier, _) = prepare(voucher_no), blank()
        job = station.job().json()
        assert job["write_id"] == write_id
        assert station.start(write_id, identifier).status_code == 200
        sha256 = personalisation.digest(job["personalisation"], identifier)
        answer = station.confirm(write_id, identifier, sha256)
        assert answer.json() == {"state": "confirmed"}, answer.text
        return {"write_id": write_id, "identifier": identifier, "sha256": sha256} | job

    return made


@pytest.fixture
def state_of(look):
    """Where a case, a card, a write or a fee stands."""

    def case(session, voucher_no):
        return find(session, voucher_no).state

    def card(session, number):
        found = find_card(session, number)
        return found and found.state.name

    def write(session, write_id):
        return find_write(session, write_id).state.name

    def fee(session, voucher_no):
        return fee_of(session, voucher_no).state.name

    kinds = {"case": case, "card": card, "write": write, "fee": fee}
    return lambda kind, name: look(kinds[kind], name)


@pytest.fixture
def later(clock):
    """Lets minutes pass."""

    def later(minutes):
        clock.now += timedelta(minutes=minutes)

    return later


@pytest.fixture
def card_row(look):
    """A card's row by its number."""
    return lambda number: look(lambda session: session.get(Card, number))
