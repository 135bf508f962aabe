"""A unit's people and list, its clerk at a kiosk and at the window."""

import uuid
from types import SimpleNamespace

import pytest

from central.audit.records import Actor, Kind
from central.batches import maker, pick_up, production
from central.batches.ledger import load
from central.batches.pick_up import Collector
from central.batches.records import members_of
from central.batches.units import Identified
from central.cards.ledger import Act
from central.people.records import Person
from regulation.people import check_character

UNIT, CLERK = "91990001MA0000001R", ("50010319850612019X", "刘强")
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"


def person(i):
    digits = f"500103{1950 + i // 250:04}0115{i % 250 * 2 + 1:03}"
    name = FAMILY[i % 20] + FAMILY[i // 20 % 20] + FAMILY[i // 400 % 20]
    return digits + check_character(digits), name


def row_of(i, picture):
    number, name = person(i)
    return {
        "name": name,
        "number": number,
        "sex": "1",
        "ethnicity": "汉族",
        "valid_to": "长期",
        "phone": "13800138000",
        "address": "重庆市渝北区示例路1号",
        "bank": "重庆银行",
        "pictures": {"portrait": picture, "id_front": picture, "id_back": picture},
    }


@pytest.fixture
def picture(order, pictures):
    """The address of a portrait that arrived."""
    return order()["images"][0]["sha256"]


@pytest.fixture
def people(centre, picture):
    """The first so many people of the unit, as rows; the centre knows and insures them."""
    known = set()

    def people(count):
        fresh = [person(i) for i in range(count) if i not in known]
        known.update(range(count))
        with centre.database.write() as session:
            for number, name in fresh:
                session.merge(
                    Person(id_number=number, name=name, insured=True, phone=None, address=None)
                )
        return [row_of(i, picture) for i in range(count)]

    return people


@pytest.fixture
def pages(picture):
    """The pictures of a minor."""
    return {"household_page": picture, "household_changes": picture}


@pytest.fixture
def a_list(who, order):
    """A list of rows, as a kiosk sends it."""

    def a_list(rows, **changes):
        return {
            "service": "new_batch",
            "kiosk_id": "0017",
            "unit": UNIT,
            "clerk": who(*CLERK),
            "rows": rows,
            "signature": "screen",
            "pictures": {"signature": order()["images"][1]["sha256"]},
            "partial": False,
            **changes,
        }

    return a_list


@pytest.fixture
def send(client):
    def send(told, key=None, headers=None):
        key = str(uuid.uuid4()) if key is None else key
        return client.post(
            "/v1/batches", json=told, headers={"Idempotency-Key": key, **(headers or {})}
        )

    return send


@pytest.fixture
def check(client):
    def check(told):
        told = {k: v for k, v in told.items() if k not in {"signature", "pictures", "partial"}}
        return client.post("/v1/batches/check", json=told)

    return check


@pytest.fixture
def window(centre):
    """The acts of a clerk at the outlet's window, each in a turn of its own."""

    def act(clause=None):
        return Act(Actor(Kind.USER, "li.na"), centre.clock(), clause)

    def at(batch_no, do, *arguments, outlet="W301"):
        with centre.database.write() as session:
            return do(session, load(session, batch_no, outlet), *arguments, act())

    def produce(batch_no):
        at(batch_no, production.accept)
        at(batch_no, maker.generate, centre.settings.region)
        at(batch_no, production.produce)

    def results(batch_no, failed=()):
        """What the maker says of those still to be made; each blank is its number's."""
        with centre.database.read() as session:
            rows = [each for each in members_of(session, batch_no) if each.state in maker.TO_MAKE]
        return [
            maker.Result(each.line, maker.FAILED, reason="E7")
            if each.line in failed or each.card_number is None
            else maker.Result(
                each.line, maker.MADE, each.card_number, f"500000{each.card_number[1:]:0>26}"
            )
            for each in rows
        ]

    def make(batch_no, failed=()):
        produce(batch_no)
        at(batch_no, maker.take_results, results(batch_no, failed))
        at(batch_no, production.finish)

    def collect(batch_no, clerk=CLERK, outlet="W301", **letter):
        collector = Collector(Identified(*clerk), **letter)
        return at(batch_no, pick_up.pick_up, collector, outlet=outlet)

    def members(batch_no):
        with centre.database.read() as session:
            return members_of(session, batch_no)

    return SimpleNamespace(
        act=act,
        at=at,
        produce=produce,
        results=results,
        make=make,
        collect=collect,
        members=members,
    )
