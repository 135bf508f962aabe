"""What operators ask a kiosk for: answered once, by that kiosk, in time, and kept for a while."""

from base64 import b64encode
from datetime import timedelta

import pytest

from central.audit.records import AuditEntry
from central.fleet import asks
from central.fleet.asks import AskKind, AskState
from central.problems import ProblemError
from tests.central.fleet.conftest import ANNA, BERT

ON_BOTH = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

PNG, SEALED = b"\x89PNG\r\n\x1a\n picture", b"KIOSKLOG1\n sealed"


@pytest.fixture
def ask(centre):
    """Asks kiosk 0017; gives the number of the ask."""

    def ask(kind, approved_by=None, number="0017"):
        with centre.database.write() as session:
            return asks.ask(session, number, kind, ANNA, centre.clock(), approved_by).id

    return ask


def answer(kiosk, which, data=b"", state="answered", number="0017", **more):
    told = {"state": state, "data": b64encode(data).decode()} | more
    return kiosk("PUT", f"asks/{which}", number, json=told)


def state(centre, which):
    with centre.database.read() as session:
        return session.get_one(asks.Ask, which).state


def audit(centre):
    with centre.database.read() as session:
        return [row.action for row in session.query(AuditEntry).order_by(AuditEntry.seq)]


@ON_BOTH
def test_a_kiosk_hears_of_it_by_its_report_answers_and_is_not_asked_again(
    centre, kiosk, report, ask
):
    assert report()["asks"] == 0
    which = ask(AskKind.SCREENSHOT)
    assert ask(AskKind.SCREENSHOT) == which
    assert report()["asks"] == 1
    told = kiosk("GET", "asks").json()["asks"]
    assert told == [{"id": which, "kind": "screenshot", "seconds": 3600}]
    assert answer(kiosk, which, state="busy").status_code == 204
    assert state(centre, which) is AskState.BUSY
    assert answer(kiosk, which, PNG).status_code == 204
    assert answer(kiosk, which, PNG).status_code == 204
    assert answer(kiosk, which, PNG + b"x").status_code == 409
    assert report()["asks"] == 0
    with centre.database.write() as session:
        found, data = asks.look(session, "0017", which, BERT, centre.clock())
    assert (data, found.size) == (PNG, len(PNG))
    wanted = ["fleet.asked", "fleet.ask_busy", "fleet.ask_answered", "fleet.answer_seen"]
    assert [each for each in audit(centre) if "ask" in each or "answer" in each] == wanted


def test_another_kiosk_neither_sees_nor_answers_it(kiosk, ask):
    which = ask(AskKind.SCREENSHOT)
    assert kiosk("GET", "asks", "0018").json()["asks"] == []
    assert answer(kiosk, which, PNG, number="0018").status_code == 404


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (AskKind.SCREENSHOT, b"<html>"),
        (AskKind.SCREENSHOT, SEALED),
        (AskKind.LOGS, b'{"event": "started"}\n'),  # a log that is not sealed
        (AskKind.LOGS, b""),
        (AskKind.SCREENSHOT, PNG + bytes(asks.MOST)),
    ],
)
def test_what_was_not_asked_for_is_not_kept(centre, kiosk, ask, kind, data):
    which = ask(kind, BERT)
    assert answer(kiosk, which, data).status_code in {413, 422}
    told = {"state": "answered", "data": "no base64"}
    assert kiosk("PUT", f"asks/{which}", json=told).status_code == 422
    assert state(centre, which) is AskState.OPEN


def test_why_it_cannot_is_told(centre, kiosk, ask):
    which = ask(AskKind.LOGS, BERT)
    assert answer(kiosk, which, state="failed", reason="no_key").status_code == 204
    assert state(centre, which) is AskState.FAILED
    assert kiosk("GET", "asks").json()["asks"] == []


@pytest.mark.parametrize("second", [None, ANNA])
def test_a_log_needs_another_person(ask, second):
    with pytest.raises(ProblemError, match="SECOND_PERSON_NEEDED"):
        ask(AskKind.LOGS, second)


@ON_BOTH
def test_it_lapses_and_what_was_answered_goes_after_two_weeks(centre, kiosk, ask, clock):
    late, kept = ask(AskKind.SCREENSHOT), ask(AskKind.LOGS, BERT)
    answer(kiosk, kept, SEALED)
    clock.now += timedelta(hours=1)
    assert answer(kiosk, late, PNG).status_code == 409
    asks.run_due(centre)
    assert state(centre, late) is AskState.LAPSED
    clock.now += asks.KEPT
    asks.run_due(centre)
    asks.run_due(centre)
    with pytest.raises(ProblemError), centre.database.write() as session:
        asks.look(session, "0017", kept, BERT, clock.now)
    assert audit(centre)[-2:] == ["fleet.ask_lapsed", "fleet.answer_removed"]
