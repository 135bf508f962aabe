"""F46: the kiosk is opened: nobody is served, the visit is forgotten, and it is locked until shut."""

import pytest

from kiosk.visit import PAUSED, Visit
from tests.faults.test_f37_left_behind import asked


@pytest.fixture
def citizen(open_kiosk, bench):
    """Somebody before a kiosk with a board that knows its door."""
    door(bench, "closed")
    person = open_kiosk(
        auxiliaries_driver="modbus", auxiliaries_port=bench.addresses(0)["auxiliaries"]
    )
    person.wait("home")
    yield person
    door(bench, "closed")


def door(bench, word):
    bench.do("auxiliaries", "contact", contact="cabinet_door", word=word)


def paused(citizen):
    view = citizen.wait("paused")
    assert view.title == "暂停服务"
    assert "张" not in str(view)
    assert not {"home", "back", "primary"} & set(citizen.buttons())
    assert citizen.kiosk.house.desk.visit == Visit(PAUSED)
    return view


def test_whoever_stands_there_is_forgotten_and_gets_their_paper_back(citizen, applications):
    citizen.begin("zhang_san", to="review")
    door(citizen.bench, "open")
    paused(citizen)
    citizen.silence(10_000)
    paused(citizen)
    door(citizen.bench, "closed")
    asked(citizen, "take_paper")
    citizen.take()
    citizen.wait("home")
    assert applications() == []
    citizen.served()


def test_nobody_can_begin_while_it_is_open(citizen):
    door(citizen.bench, "open")
    paused(citizen)
    citizen.place("zhang_san")
    citizen.silence(5)
    paused(citizen)
    citizen.take()
    door(citizen.bench, "closed")
    citizen.wait("home")
    citizen.served()


def test_a_board_whose_wire_is_cut_keeps_it_locked(citizen):
    door(citizen.bench, "open")
    paused(citizen)
    citizen.fault("auxiliaries", "unplug")
    citizen.silence(60)
    paused(citizen)
    citizen.fault("auxiliaries")
    door(citizen.bench, "closed")
    citizen.wait("home", within=30)
    citizen.served()


def test_what_was_handed_in_is_not_lost(citizen, applications):
    citizen.begin("zhang_san", to="signature")
    citizen.bench.do("printer", "state", bytes_per_s=2000)
    citizen.sign()
    citizen.until(lambda: citizen.view.step == "voucher")
    door(citizen.bench, "open")
    paused(citizen)
    citizen.bench.do("printer", "state", bytes_per_s=0)
    citizen.take()
    door(citizen.bench, "closed")
    citizen.wait("home", within=60)
    (row,) = applications()
    citizen.tap("zhang_san", "reprint")
    assert row["voucher_no"]


def test_it_is_open_when_the_kiosk_starts(open_kiosk, bench):
    door(bench, "open")
    try:
        person = open_kiosk(
            auxiliaries_driver="modbus", auxiliaries_port=bench.addresses(0)["auxiliaries"]
        )
        person.until(lambda: not person.kiosk.house.recovering)
        paused(person)
    finally:
        door(bench, "closed")
    person.wait("home")
    person.served()
