"""F47: the kiosk's clock is not the centre's: nobody is told here that their paper has expired."""

from datetime import timedelta

import pytest

from tests.faults.proxy import Wire
from tests.logged import rows

COMPARED_S = 80.0
"""The clocks are compared every minute, when the journal is settled."""


class Wrong:
    """A clock that can be set wrong."""

    def __init__(self, time):
        self.time, self.off = time, timedelta()

    def now(self):
        return self.time.now() + self.off


@pytest.fixture
def clock(time):
    return Wrong(time)


@pytest.fixture
def pace(time, clock):
    return time.pace(now=clock.now)


def states(citizen):
    found = rows(citizen.kiosk.settings.data_dir)
    return [row["state"] for row in found if row.get("device") == "clock"]


def compared(citizen):
    """Wait until the link has done everything it was asked for before."""
    heard = []
    citizen.kiosk.house.beside.do("link", lambda: None, heard.append)
    citizen.until(lambda: heard)


@pytest.fixture(params=[timedelta(days=4000), timedelta(seconds=301)], ids=["years", "5 min"])
def wrong(request, clock, citizen):
    """A citizen whose kiosk is so far ahead of the centre."""
    clock.off = request.param
    citizen.silence(COMPARED_S)
    citizen.until(lambda: states(citizen) == ["off"])
    return citizen


def test_a_paper_that_seems_expired_is_checked_at_the_window(wrong, applications):
    wrong.begin("expired_id", to="refusal")
    assert wrong.view.title == "现在核对不了证件的有效期"
    wrong.refused("F47")
    assert applications() == []


def test_put_down_at_home_it_is_said_too(wrong):
    wrong.tap("expired_id")
    assert wrong.view.notice.startswith("现在核对不了证件的有效期")
    wrong.press("home")
    wrong.take()
    wrong.wait("home")


def test_a_passport_by_its_typed_day_too(wrong):
    wrong.press("new_individual", "self", "primary", "other_paper", "passport", "take_picture")
    wrong.wait("page_keep")
    wrong.press("primary")
    for text in ("L898902C3", "ERIKSSON ANNA MARIA", "20261122"):
        wrong.type(text)
    wrong.refused("F47")


def test_a_good_paper_is_taken_and_the_centre_judges_it(wrong):
    wrong.served("zhang_san")


def test_five_minutes_are_no_matter_and_the_day_is_judged(clock, citizen):
    compared(citizen)  # else time would go on while the centre is asked
    clock.off = timedelta(seconds=280)  # the answer is under way for a while
    citizen.silence(COMPARED_S)
    compared(citizen)
    assert states(citizen) == []
    citizen.begin("expired_id", to="refusal")
    citizen.refused("F03", "2026-09-09")


def test_set_right_again_the_day_is_judged(clock, wrong):
    clock.off = timedelta()
    wrong.silence(COMPARED_S)
    wrong.until(lambda: states(wrong) == ["off", "ok"])
    wrong.begin("expired_id", to="refusal")
    wrong.refused("F03", "2026-09-09")


def test_a_centre_that_is_away_changes_nothing(wrong, wire):
    wire.set(Wire.REFUSED)
    wrong.silence(COMPARED_S)
    wrong.silence(COMPARED_S)
    assert states(wrong) == ["off"]
    assert wrong.kiosk.house.clocks.off
