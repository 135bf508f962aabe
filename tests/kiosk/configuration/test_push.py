"""Asking for a new configuration: at once when it waits, patiently when it fails, and ended at once."""

import io
import json
import ssl
import threading
import time

import pytest

from deploy.certificates import own
from kiosk.configuration.line import Line, StatusError
from kiosk.configuration.reporting import Reporting
from kiosk.identity import Identity
from kiosk.link import Centre, Unknown, Unreachable
from kiosk.log import Log
from kiosk.pace import local_now
from kiosk.push import POLLS_BEFORE_WAITING, Push, Rhythm
from tests.kiosk.configuration.repository import Server


class Asked:
    """Answers as it is told, and notes how it was asked; it waits as long as it may."""

    honest = True

    def __init__(self, *answers):
        self.answers, self.waits, self.passed_s = list(answers), [], 0.0

    def clock(self):
        return self.passed_s

    def desired(self, known, wait_s=0.0):
        self.waits.append(wait_s)
        self.passed_s += wait_s if self.honest else 0.1
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def hang_up(self):
        """Nothing waits."""


class Taker:
    def __init__(self, *takes):
        self.takes, self.received, self.freshened, self.looked = list(takes), [], 0, 0

    def receive(self, revision):
        self.received.append(revision)
        return self.takes.pop(0) if self.takes else True

    def freshen(self):
        self.freshened += 1

    def note_age(self):
        self.looked += 1


def push(asked, taker=None, log=None, **rhythm):
    given = {"spread_s": 0.0, "chance": lambda: 1.0, "clock": asked.clock, **rhythm}
    rhythm = Rhythm(**given)
    return Push(asked, taker or Taker(), lambda: 12, log or Log(io.StringIO(), local_now), rhythm)


def test_it_waits_long_and_asks_again_at_once():
    asked, taker = Asked(None, 13, None), Taker()
    one = push(asked, taker, chance=lambda: 0.0)
    assert [one.once() for _ in range(3)] == [0.0, 0.0, 0.0]
    assert (asked.waits, taker.received, taker.freshened) == ([50.0] * 3, [13], 2)


def test_whatever_fails_is_asked_again_after_a_while_that_grows_to_a_minute():
    asked = Asked(*[Unreachable("desired")] * 6, None, Unreachable("desired"))
    one = push(asked)
    assert [one.once() for _ in range(6)] == [15.0, 30.0, 60.0, 60.0, 60.0, 60.0]
    one.once()
    assert one.once() == 15.0  # after an answer it begins anew


def test_every_time_it_is_seen_whether_what_there_is_has_expired():
    taker = Taker(False)
    one = push(Asked(Unreachable("desired"), Unknown("ReadTimeout"), 13, None), taker)
    for _ in range(4):
        one.once()
    assert taker.looked == 4


def test_a_thousand_kiosks_do_not_ask_together():
    rhythm = Rhythm()
    rests = [rhythm.back_off(1) for _ in range(1000)]
    seconds = [sum(second <= rest < second + 1 for rest in rests) for second in range(15)]
    assert max(rests) <= 15.0
    assert min(seconds) > 20
    assert max(seconds) < 140


def test_after_years_of_failures_no_number_is_too_large():
    assert Rhythm(chance=lambda: 1.0).back_off(100_000_000) == 60.0


def test_what_is_not_taken_is_asked_for_again_later():
    one = push(Asked(13, 13, 13), Taker(False, False, True))
    assert [one.once(), one.once()] == [15.0, 30.0]
    assert one.once() == 1.0


def test_where_a_wait_is_cut_it_is_polled_and_later_tried_again():
    asked = Asked(Unknown("ReadTimeout"))
    one = push(asked)
    for _ in range(POLLS_BEFORE_WAITING + 2):
        one.once()
    assert asked.waits == [50.0, *[0.0] * POLLS_BEFORE_WAITING, 50.0]


def test_who_does_not_wait_is_polled():
    asked = Asked()
    asked.honest = False
    one = push(asked)
    assert [one.once() for _ in range(3)] == [60.0] * 3
    assert asked.waits == [50.0, 0.0, 0.0]


def test_polls_are_a_minute_apart():
    one = push(Asked(Unknown("ReadTimeout")))
    one.once()
    assert one.once() == 60.0


def test_what_nobody_expected_is_told_and_asking_goes_on():
    out, times, thrice = io.StringIO(), [], threading.Event()

    class Breaks(Asked):
        def desired(self, known, wait_s=0.0):
            times.append(known)
            if len(times) > 2:
                thrice.set()
            raise ZeroDivisionError

    one = push(Breaks(), log=Log(out, local_now), first_s=0.01, poll_s=0.01)
    one.start()
    assert thrice.wait(10)
    one.close()
    assert json.loads(out.getvalue().splitlines()[0])["error"] == "ZeroDivisionError"


def test_a_centre_that_fails_is_written_down_once():
    out = io.StringIO()
    one = push(Asked(*[Unreachable("desired")] * 3), log=Log(out, local_now))
    for _ in range(3):
        one.once()
    (row,) = map(json.loads, out.getvalue().splitlines())
    assert (row["event"], row["request"], row["problem"]) == (
        "centre_failed",
        "desired",
        "unreachable",
    )


@pytest.fixture
def over_tls(repository, tmp_path):
    """The same server and line, over TLS."""
    files, context = own(tmp_path), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    server = Server(repository, tls=context)
    identity = Identity(tmp_path / "identity", str(files.certificate))
    centre = Centre(server.url, 5.0, identity)
    yield server, Line(centre)
    centre.close()
    server.close()


@pytest.mark.parametrize("way", ["plain", "tls"])
def test_a_long_wait_ends_at_once_when_the_kiosk_ends(way, request, server, line):
    if way == "tls":
        server, line = request.getfixturevalue("over_tls")
    one = Push(line, Taker(), lambda: 0, Log(io.StringIO(), local_now), Rhythm(spread_s=0.0))
    one.start()
    with server.told:
        server.told.wait_for(lambda: server.asked, 10)
    assert server.asked == [("desired", "wait=50")]
    began = time.monotonic()
    one.close()
    assert time.monotonic() - began < 20
    assert not one._thread.is_alive()


def test_a_push_arrives_while_it_is_waited_for(server, line):
    threading.Timer(0.2, server.push, [13]).start()
    began = time.monotonic()
    assert line.desired(0, wait_s=50) == 13
    assert time.monotonic() - began < 20


def test_the_known_one_is_no_news(server, line):
    server.desired = 13
    assert line.desired(13) is None
    assert line.desired(12) == 13


def test_a_report_is_answered_with_when_to_speak_again(server, line):
    assert line.report({"state": "none"}) == (60.0, 20.0, False)
    assert server.reports == [{"state": "none"}]


@pytest.mark.parametrize("path", ["desired", "reported", "metadata/timestamp.json"])
def test_a_status_that_is_no_success(server, line, path):
    server.broken.add(path)
    act = {"desired": lambda: line.desired(0), "reported": lambda: line.report({})}
    with pytest.raises(StatusError) as caught:
        act.get(path, lambda: line.fetch(path))()
    assert (caught.value.status, caught.value.after_s) == (503, 0.0)


@pytest.mark.parametrize(
    ("later", "after_s"),
    [("7", 7.0), ("0", 0.0), ("-1", 0.0), ("1e9", 0.0), ("99999", 0.0),
     ("Wed, 25 Nov 2026 07:28:00 GMT", 0.0)],
)  # fmt: skip
def test_the_centre_says_when_to_come_again(server, line, later, after_s):
    server.broken.add("reported")
    server.later = later
    with pytest.raises(StatusError) as caught:
        line.report({})
    assert caught.value.after_s == after_s


def test_who_is_sent_away_comes_when_it_was_told_to(line):
    one = push(Asked(StatusError(503, "7"), StatusError(503, "9999"), Unknown("ReadTimeout")))
    assert [one.once() for _ in range(3)] == [8.0, 601.0, 60.0]


def test_a_report_too(server, line):
    server.broken.add("reported")
    rhythm = Rhythm(chance=lambda: 1.0)
    one = Reporting(line, lambda: {"state": "none"}, Log(io.StringIO(), local_now), rhythm)
    assert one._once() == 15.0
    server.later = "7"
    assert one._once() == 8.0
    server.broken.clear()
    assert one._once() == 80.0


def test_whatever_the_centre_answers_it_is_there_and_without_an_answer_it_is_not(server, line):
    one = Reporting(line, lambda: {"state": "none"}, Log(io.StringIO(), local_now))
    server.broken.add("reported")
    one._once()
    assert one.heard == 1
    server.mute = True
    one._once()
    assert one.heard == 1
    server.broken.clear()
    server.mute = False
    one._once()
    assert one.heard == 2


def test_nobody_there_is_unreachable(server):
    server.close()
    centre = Centre(server.url, 1.0)
    with pytest.raises(Unreachable):
        Line(centre).desired(0)
    centre.close()


def test_after_it_was_hung_up_nothing_is_asked(server, line):
    line.hang_up()
    with pytest.raises(Unreachable):
        line.desired(0)
    assert server.asked == []
