"""One step, several devices: the first that answers is heard, the others are called off."""

import io
import threading
from collections import deque
from datetime import UTC, datetime

import pytest

from hardware.worker import Cancelled
from kiosk.crawl.answers import ADULT, GROWN_UP, beginnings
from kiosk.desk import REST_S, Desk, Job
from kiosk.log import Log
from kiosk.services.answers import Agreed
from kiosk.visit import Said, standing
from regulation.rules import Applicant
from tests.properties.desks import WAITS

DEVICES = ("id_reader", "social_card")
TO_READER = (Said(Applicant.SELF), Said(Agreed()))


class Hand:
    """A worker turned by the test: its commands wait until it is told what they found."""

    def __init__(self):
        self.commands = deque()

    def submit(self, command, done):
        cancel = threading.Event()
        self.commands.append((command, done, cancel))
        return cancel

    def begin(self):
        """The oldest command begins; gives what it was asked, its answer and its cancel."""
        command, done, cancel = self.commands.popleft()
        return command(cancel), done, cancel


class Race:
    def __init__(self):
        self.now, self.posted = 0.0, deque()
        self.hands = {name: Hand() for name in DEVICES}
        jobs = tuple(Job(name, lambda ask: ask) for name in DEVICES)
        self.desk = Desk(
            jobs={Desk.AT_HOME: jobs, "read_applicant": jobs},
            workers=self.hands,
            post=self.posted.append,
            clock=lambda: self.now,
            waits=lambda: WAITS,
            painted=lambda: None,
            log=Log(io.StringIO(), lambda: datetime(2026, 11, 23, tzinfo=UTC)),
        )

    def begun(self, device):
        return self.hands[device].begin()

    def answer(self, done, answer):
        done(answer)
        while self.posted:
            self.posted.popleft()()


@pytest.fixture
def race():
    race = Race()
    race.desk.start()
    return race


@pytest.fixture
def begin(rules):
    return next(beginnings(rules))


def at(desk):
    return standing(desk.visit).name if desk.visit else "home"


def test_at_home_every_reader_waits(race):
    assert all(race.begun(device) for device in DEVICES)


def test_the_first_answer_is_heard_and_calls_the_others_off(race, begin):
    (_, first, _), (_, _, other) = (race.begun(device) for device in DEVICES)
    race.answer(first, begin)
    assert at(race.desk) == "who"
    assert other.is_set()


@pytest.mark.parametrize("winner", DEVICES)
def test_the_loser_is_not_heard_however_late_it_answers(race, begin, winner):
    loser = next(name for name in DEVICES if name != winner)
    for event in (begin, *TO_READER):
        race.desk.say(event)
    for hand in race.hands.values():  # the work at home, called off before it began
        with pytest.raises(Cancelled):
            hand.begin()
    (_, won, _), (_, lost, _) = race.begun(winner), race.begun(loser)
    race.answer(won, Said(ADULT))
    step = at(race.desk)
    race.answer(lost, Said(GROWN_UP))
    assert at(race.desk) == step
    assert race.desk.visit.facts["applicant"] is ADULT


def test_whoever_found_nothing_looks_again_and_leaves_the_other_alone(race):
    (_, first, _), (_, _, other) = (race.begun(device) for device in DEVICES)
    race.answer(first, None)
    assert race.begun(DEVICES[0])
    assert not other.is_set()
    assert not race.hands[DEVICES[1]].commands


def test_what_a_device_says_stays_while_the_other_looks_again(race):
    (ask, first, _), (_, second, _) = (race.begun(device) for device in DEVICES)
    ask.progress("unread")
    race.answer(second, None)
    assert race.desk.progress == "unread"
    race.answer(first, None)
    assert race.desk.progress == "unread"


def test_a_device_that_broke_at_home_rests_and_the_other_does_not(race):
    (_, first, _), (_, second, _) = (race.begun(device) for device in DEVICES)
    race.answer(first, RuntimeError())
    race.answer(second, None)
    race.desk.tick()
    assert not race.hands[DEVICES[0]].commands
    assert race.begun(DEVICES[1])
    race.now += REST_S
    race.desk.tick()
    assert race.begun(DEVICES[0])
