"""A use of a key is written down before it and after; too many wrong cards close a kiosk's keys."""

import threading
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from central.centre import Settings
from central.hsm import records
from central.hsm.port import HsmRefused
from central.problems import Kind

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

CARD = "330300D15600000599110145FFFFFFFF"
BOTH = {"factor": "B1B2B3B4B5B6B7B8", "source": "A1A2A3A4A5A6A7A8"}
WHO = {"kiosk_id": "0017", "card_id": CARD, "algorithm": "03"}
UNBLOCK = WHO | {"challenge": "C1C2C3C4C5C6C7C8"}
WRONG = WHO | {"internal": BOTH | {"answer": "0" * 16}, "external": BOTH}
RIGHT = WHO | {"internal": BOTH | {"answer": "7AEFF48771CBD5A2"}, "external": BOTH}


@pytest.fixture
def settings():
    return Settings(hsm="demo", wrong_cards_an_hour=3)


@pytest.fixture
def step(client):
    def step(name, body, key=None):
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return client.post(f"/v1/card-keys/{name}", json=body, headers=headers)

    return step


def rows(centre):
    with centre.database.read() as session:
        return [(row.function, row.key, row.outcome) for row in records.every(session)]


class Watched:
    """The centre's own HSM, and what is done just before and after each UNBLOCK it makes."""

    def __init__(self, hsm, before=lambda: None, after=lambda: None):
        self._hsm, self._before, self._after = hsm, before, after

    def __getattr__(self, name):
        return getattr(self._hsm, name)

    def unblock(self, card, challenge):
        self._before()
        made = self._hsm.unblock(card, challenge)
        self._after()
        return made


@pytest.fixture
def watch(served, centre):
    """Puts a watched HSM into the centre that is served."""

    def watch(**when):
        served[0].state.centre = replace(centre, hsm=Watched(centre.hsm, **when))

    return watch


def test_the_intention_is_in_the_store_before_the_key_is_used(step, centre, watch):
    seen = []
    watch(before=lambda: seen.append(rows(centre)))
    assert step("unblock", UNBLOCK).status_code == 200
    assert seen == [[("unblock", "PUK-SM4", "begun")]]
    assert rows(centre) == [("unblock", "PUK-SM4", "done")]


def test_a_slow_hsm_holds_up_no_other_writer(step, centre, watch):
    """While one request waits in the HSM, another is answered, which writes."""
    inside, go_on = threading.Event(), threading.Event()

    def wait():
        if not inside.is_set():
            inside.set()
            assert go_on.wait(20)

    watch(before=wait)
    slow = threading.Thread(target=step, args=("unblock", UNBLOCK))
    slow.start()
    assert inside.wait(20)
    assert step("holder", RIGHT).status_code == 200
    go_on.set()
    slow.join()
    assert [outcome for _, _, outcome in rows(centre)] == ["done"] * 3


def test_a_step_that_died_in_the_hsm_stays_begun(step, centre, watch):
    """What the process did after the key was used is lost: the row says that it may have been."""

    def die():
        raise RuntimeError

    watch(after=die)
    assert step("unblock", UNBLOCK).status_code == 500
    assert rows(centre) == [("unblock", "PUK-SM4", "begun")]


def test_the_answer_of_the_process_that_was_faster_counts(step, centre, client, served, watch):
    """Two processes hold no common lock on a key: the second finds the first one's answer."""
    key, answers = str(uuid.uuid4()), []

    def other_process():
        served[0].state.centre = replace(centre, running=type(centre.running)())
        answers.append(step("unblock", UNBLOCK, key))

    watch(before=other_process)
    answers.append(step("unblock", UNBLOCK, key))
    assert [answer.headers.get("Idempotency-Replayed") for answer in answers] == [None, "true"]
    assert answers[0].json() == answers[1].json()
    assert [outcome for _, _, outcome in rows(centre)] == ["done", "done"]


def test_what_the_hsm_refuses_leaves_the_key_free(step, centre, watch, problem):
    def away():
        raise HsmRefused(Kind.HSM_UNAVAILABLE)

    key = str(uuid.uuid4())
    watch(before=away)
    answer = step("unblock", UNBLOCK, key)
    assert (answer.status_code, problem(answer)) == (503, "hsm-unavailable")
    assert answer.json()["retryable"] is True
    watch()
    assert step("unblock", UNBLOCK, key).status_code == 200
    assert [outcome for _, _, outcome in rows(centre)] == ["hsm-unavailable", "done"]


def test_after_three_wrong_cards_in_an_hour_a_kiosk_gets_no_keys(step, centre, clock, problem):
    kept = str(uuid.uuid4())
    assert step("unblock", UNBLOCK, kept).status_code == 200
    for _ in range(3):
        assert problem(step("holder", WRONG)) == "card-not-genuine"
        clock.now += timedelta(minutes=10)
    for name, body in (("holder", RIGHT), ("unblock", UNBLOCK)):
        answer = step(name, body)
        assert (answer.status_code, problem(answer)) == (429, "too-many-wrong-cards")
        assert answer.headers["Retry-After"] == str(30 * 60)
    assert step("unblock", UNBLOCK, kept).headers["Idempotency-Replayed"] == "true"
    assert step("holder", RIGHT | {"kiosk_id": "0018"}).status_code == 200
    clock.now += timedelta(minutes=30)
    assert step("holder", RIGHT).status_code == 200
    assert [outcome for _, _, outcome in rows(centre)].count("card-not-genuine") == 3


def test_genuine_cards_and_other_refusals_do_not_count(step, problem):
    for _ in range(5):
        assert step("holder", RIGHT).status_code == 200
        other = step("holder", RIGHT | {"algorithm": "02"})
        assert problem(other) == "card-algorithm-not-taken"
    assert step("unblock", UNBLOCK).status_code == 200
