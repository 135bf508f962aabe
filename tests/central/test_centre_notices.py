"""Notices: put down with their effect, delivered at least once, forgotten then."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from central.notices import outbox
from central.notices.gateway import NotDelivered
from central.notices.kinds import NoticeKind
from central.notices.outbox import deliver_due, queue
from central.notices.records import Notice, NoticeState

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

HOLDER = "11010519491231002X"
PHONE = "13912345678"
READY = {"voucher_no": "CQ-0017-20261123-0001-K", "window": "3号窗口"}


class Gateway:
    """Takes messages, or not; knows the ids it has had."""

    def __init__(self, *, fails=0):
        self.fails, self.had, self.tries = fails, {}, 0

    def send(self, message):
        self.tries += 1
        if self.fails:
            self.fails -= 1
            raise NotDelivered
        self.had[message.id] = message


@pytest.fixture
def tell(centre, clock):
    def tell(kind=NoticeKind.CARD_READY, phone=PHONE, **parameters):
        with centre.database.write() as session:
            return queue(session, clock(), kind, HOLDER, phone=phone, **(parameters or READY)).id

    return tell


def rows(centre):
    with centre.database.read() as session:
        return list(session.scalars(select(Notice)))


def test_a_notice_is_delivered_and_whom_it_went_to_is_forgotten(tell, centre):
    message_id = tell()
    assert [deliver_due(centre) for _ in range(2)] == [1, 0]
    line = json.loads((centre.folder / "sms" / f"{message_id}.json").read_text("utf-8"))
    assert (line["id"], line["to"]) == (message_id, PHONE)
    assert READY["voucher_no"] in line["text"]
    (row,) = rows(centre)
    assert (row.state, row.recipient, row.parameters) == (NoticeState.DELIVERED, None, {})


def test_no_effect_no_notice(centre, clock):
    with pytest.raises(ValueError, match="the effect"), centre.database.write() as session:
        queue(session, clock(), NoticeKind.CARD_READY, HOLDER, phone=PHONE, **READY)
        raise ValueError("the effect")
    assert rows(centre) == []


def test_the_registered_phone_is_taken_where_none_is_given(tell, centre):
    tell(phone=None)
    gateway = Gateway()
    assert deliver_due(centre, gateway) == 1
    assert [message.to for message in gateway.had.values()] == ["13800138000"]


def test_who_has_no_phone_is_not_told(centre, clock):
    with centre.database.write() as session:
        queue(session, clock(), NoticeKind.LOSS_REPORTED, "nobody")
    assert deliver_due(centre, Gateway()) == 0
    assert [row.state for row in rows(centre)] == [NoticeState.NO_PHONE]


def test_a_gateway_that_is_away_is_asked_later_and_later(tell, centre, clock):
    tell()
    gateway, start, waits = Gateway(fails=9), clock().timestamp(), []
    while deliver_due(centre, gateway) == 0:
        (row,) = rows(centre)
        waits.append(int(row.next_at - clock().timestamp()))
        assert deliver_due(centre, gateway) == 0  # not before its time
        clock.now = clock.now.fromtimestamp(row.next_at, clock.now.tzinfo)
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert gateway.tries == 10
    assert clock().timestamp() - start == sum(waits)


def test_the_last_try_is_the_last(tell, centre, clock, monkeypatch):
    monkeypatch.setattr(outbox, "TRIES", 2)
    tell()
    gateway = Gateway(fails=99)
    for _ in range(4):
        deliver_due(centre, gateway)
        (row,) = rows(centre)
        clock.now = clock.now.fromtimestamp(row.next_at, clock.now.tzinfo)
    assert gateway.tries == 2
    assert (row.state, row.recipient) == (NoticeState.GIVEN_UP, None)


def test_one_bad_number_does_not_hold_up_the_others(tell, centre):
    for _ in range(4):
        tell()
    assert deliver_due(centre, Gateway(fails=1)) == 3


def test_a_round_ends_when_the_gateway_is_away(tell, centre):
    for _ in range(9):
        tell()
    gateway = Gateway(fails=99)
    assert (deliver_due(centre, gateway), gateway.tries) == (0, outbox.FAILURES)


def test_a_crash_between_sending_and_writing_sends_the_same_id_again(
    tell, centre, clock, monkeypatch
):
    message_id = tell()
    gateway = Gateway()

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(outbox, "_end", crash)
        deliver_due(centre, gateway)
    assert deliver_due(centre, gateway) == 0
    clock.now = clock.now.fromtimestamp(rows(centre)[0].next_at, clock.now.tzinfo)
    assert deliver_due(centre, gateway) == 1
    assert (gateway.tries, list(gateway.had)) == (2, [message_id])


def test_many_senders_send_each_once(tell, centre, at_once):
    ids = {tell() for _ in range(20)}
    gateway = Gateway()
    assert at_once(4, lambda _: deliver_due(centre, gateway)) == []
    assert (gateway.tries, set(gateway.had)) == (20, ids)


def test_a_notice_of_another_version_holds_up_no_other(tell, centre, clock):
    unknown, known = tell(), tell()
    with centre.database.write() as session:
        row = session.get_one(Notice, unknown)
        row.kind, row.next_at = "UNHEARD_OF", row.next_at - 1
    gateway = Gateway()
    assert deliver_due(centre, gateway) == 1
    assert list(gateway.had) == [known]
    with centre.database.write() as session:
        row = session.get_one(Notice, unknown)
        assert (row.state, row.attempts) == (NoticeState.WAITING, 1)
        row.kind = NoticeKind.CARD_READY.name
    clock.now += timedelta(hours=1)
    assert deliver_due(centre, gateway) == 1
