"""Lamps and sounds that go with a visit: the table, and a board and speaker that show it."""

import io
import json
import queue
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from hardware.auxiliaries.driver import Alarm, Auxiliaries, Flash, Light, read_profile
from hardware.auxiliaries.simulator import AuxiliariesSimulator
from hardware.sound.driver import Chime, Sound
from hardware.sound.simulator import SoundSimulator
from hardware.wire.faults import parse
from hardware.worker import Worker
from kiosk.crawl.answers import ADULT, NOW
from kiosk.log import Log
from kiosk.signals import WORK_LIGHTS, Signals, signal
from kiosk.visit import (
    CALLED,
    HELP,
    KEPT,
    LEFT,
    MORE_TIME,
    PAUSED,
    REMINDED,
    TAKE_BACK,
    Overlay,
    Taken,
    Visit,
)
from regulation.rules import Applicant
from tests.crawled import SERVICES, crawled

NEW_CARD = SERVICES["new_individual"]
PROFILE = read_profile(Path("config/profiles/auxiliaries.toml"))
WITHIN_S = 20.0


def at_reader(overlay=None):
    return Visit(NEW_CARD, {"today": NOW.date(), "who": Applicant.SELF, "notice": "yes"}, overlay)


@pytest.mark.parametrize(
    ("visit", "lights", "alarm", "chime"),
    [
        (None, {Light.ID_READER: Flash.SLOW}, Alarm.OFF, None),
        (at_reader(), {Light.ID_READER: Flash.MEDIUM}, Alarm.OFF, None),
        (at_reader(MORE_TIME), {Light.ID_READER: Flash.MEDIUM}, Alarm.OFF, Chime.EXCLAMATION),
        (at_reader(Overlay("F02")), {}, Alarm.OFF, Chime.WARNING),
        (
            at_reader(HELP),
            {Light.ID_READER: Flash.MEDIUM, Light.HELP: Flash.SLOW},
            Alarm.EXCLAMATION,
            Chime.KEYPRESS,
        ),
        (Visit(TAKE_BACK), {Light.ID_READER: Flash.MEDIUM}, Alarm.OFF, None),
        (
            Visit(TAKE_BACK, overlay=REMINDED),
            {Light.ID_READER: Flash.MEDIUM},
            Alarm.OFF,
            Chime.EXCLAMATION,
        ),
        (
            Visit(TAKE_BACK, overlay=LEFT),
            {Light.ID_READER: Flash.QUICK},
            Alarm.WARNING,
            Chime.EXCLAMATION,
        ),
        (
            Visit(TAKE_BACK, overlay=CALLED),
            {Light.ID_READER: Flash.QUICK, Light.HELP: Flash.SLOW},
            Alarm.CRITICAL,
            Chime.EXCLAMATION,
        ),
        (
            Visit(TAKE_BACK, overlay=KEPT),
            {Light.ID_READER: Flash.QUICK, Light.HELP: Flash.SLOW},
            Alarm.ERROR,
            Chime.EXCLAMATION,
        ),
        (
            Visit(TAKE_BACK, {"take_paper": Taken()}, LEFT),
            {Light.CARD_READER: Flash.QUICK},
            Alarm.WARNING,
            Chime.EXCLAMATION,
        ),
        (
            Visit(TAKE_BACK, {"take_paper": Taken(), "take_card": Taken()}, LEFT),
            {},
            Alarm.WARNING,
            Chime.EXCLAMATION,
        ),
        (Visit(PAUSED), {}, Alarm.OFF, None),
    ],
)
def test_what_a_moment_shows(visit, lights, alarm, chime):
    shown = signal(visit)
    assert (shown.lights, shown.alarm, shown.chime) == (lights, alarm, chime)


def test_help_at_home_is_seen_in_the_hall():
    shown = signal(None, helping=True)
    assert shown.lights == {Light.ID_READER: Flash.SLOW, Light.HELP: Flash.SLOW}
    assert shown.alarm is Alarm.EXCLAMATION


@pytest.mark.parametrize("over", [None, MORE_TIME, Overlay("F35")])
def test_who_called_for_help_is_seen_in_the_hall_whatever_comes_over_the_page(over):
    assert signal(at_reader(over), helping=True).lights[Light.HELP] is Flash.SLOW


def test_every_state_has_a_signal_and_every_lamp_its_moment():
    lit = {light for visit in crawled().visits.values() for light in signal(visit).lights}
    assert lit == {*WORK_LIGHTS.values(), Light.HELP}


@pytest.fixture
def board(tmp_path):
    with AuxiliariesSimulator(tmp_path / "board", PROFILE) as simulator:
        yield simulator


@pytest.fixture
def shown(board, tmp_path):
    """Signals over a real board and speaker, and what was written down."""
    out, called, doors = io.StringIO(), queue.SimpleQueue(), queue.SimpleQueue()
    driver, worker = Auxiliaries(str(board.link), 1, PROFILE), Worker("auxiliaries")
    with SoundSimulator(tmp_path / "sound", pace=20) as speaker:
        sound = Sound("speaker", "headset", alsa_config=speaker.config)
        log = Log(out, lambda: datetime.fromisoformat("2026-11-23T10:00:00+08:00"))
        made = Signals(
            driver, sound, worker, log, called=lambda: called.put("called"), door=doors.put
        )
        made.doors = doors
        made.settle = lambda: settle(worker)
        made.speaker, made.sound, made.out, made.called = speaker, sound, out, called
        yield made
        driver.close()
        worker.stop()
        sound.close()


def settle(worker):
    """Wait until all that was ordered of the worker is done."""
    done = threading.Event()
    worker.submit(lambda _cancel: None, lambda _answer: done.set())
    assert done.wait(6 * WITHIN_S)


def until(truth):
    end = time.monotonic() + WITHIN_S
    while not truth():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_lamps_alarm_and_chimes_follow_the_visit(shown, board):
    shown.show(at_reader())
    until(lambda: board.lit("id_reader"))
    shown.show(Visit(TAKE_BACK, overlay=LEFT))
    until(lambda: board.lit("audible_alarm"))
    assert shown.sound.wait(WITHIN_S)
    shown.speaker.drain()
    assert shown.speaker.played("speaker").any()
    shown.show(None)
    until(lambda: not board.lit("audible_alarm"))
    shown.show(at_reader(HELP))
    until(lambda: board.lit("help"))


def test_each_rung_of_the_alarm_is_louder_and_what_is_taken_is_quiet_at_once(shown, board):
    """M5: voice and lamp, then the alarm, then the attendant; and silence with the hand."""
    shown.show(Visit(TAKE_BACK, overlay=REMINDED))
    until(lambda: board.lit("id_reader"))
    assert not board.lit("audible_alarm")
    heard = 0
    for rung in (LEFT, CALLED):
        shown.show(Visit(TAKE_BACK, overlay=rung))
        until(lambda: board.lit("audible_alarm"))
        assert shown.sound.wait(WITHIN_S)
        shown.speaker.drain()
        played = shown.speaker.played("speaker")
        assert len(played) > heard, "each is heard anew"
        heard = len(played)
    until(lambda: board.lit("help"))
    shown.show(None)
    shown.settle()
    until(lambda: not board.lit("audible_alarm") and not board.lit("help"))
    for _ in range(120):  # an alarm of CRITICAL would come round again
        assert not board.lit("audible_alarm")
        time.sleep(0.01)


def test_the_call_button_the_door_and_the_headset_are_felt(shown, board):
    board.set("operator_call_button", "on")
    assert shown.called.get(timeout=WITHIN_S) == "called"
    board.set("cabinet_door", "open")
    until(lambda: '"open"' in shown.out.getvalue())
    assert [shown.doors.get(timeout=WITHIN_S) for _ in range(2)] == [False, True]
    assert shown.called.empty(), "one press, one call, whatever changes meanwhile"
    board.set("enhanced_audio", "present")
    until(lambda: shown.sound._plugged)
    shown.speak("请把身份证放在亮灯处", "zh_CN")
    assert shown.sound.wait(WITHIN_S)
    shown.speaker.drain()
    assert shown.speaker.played("headset").any()
    assert not shown.speaker.played("speaker").any(), "nobody else hears it"


def state(shown):
    """What was written of the board last."""
    rows = [json.loads(line) for line in shown.out.getvalue().splitlines()]
    return [row["event"] for row in rows if row["device"] == "auxiliaries"][-1:]


def until_lost(shown):
    """Wait until the watch, too, has missed the board: an order may fail alone on a busy machine."""
    until(lambda: shown._board._watching._lost and state(shown) == ["device_fault"])


def test_a_board_that_was_away_shows_the_present_moment_and_not_the_one_before(shown, board):
    shown.show(at_reader(HELP))
    until(lambda: board.lit("id_reader") and board.lit("help"))
    board.go_wrong(parse("silence"))
    until_lost(shown)
    shown.show(at_reader(Overlay("F02")))
    shown.settle()
    board.go_right()
    until(lambda: state(shown) == ["device_state"])
    time.sleep(0.2)
    for _ in range(120):  # what flashes comes round meanwhile
        assert not board.lit("id_reader")
        assert not board.lit("help")
        time.sleep(0.01)


def test_a_board_that_is_lost_is_written_down_and_nothing_stops(shown, board):
    shown.show(at_reader())
    until(lambda: board.lit("id_reader"))
    board.go_wrong(parse("silence"))
    shown.show(Visit(TAKE_BACK, overlay=LEFT))
    until_lost(shown)
    shown.settle()  # what the order that failed writes does not come after the board is back
    board.go_right()
    until(lambda: state(shown) == ["device_state"])
    rows = [json.loads(line) for line in shown.out.getvalue().splitlines()]
    assert {row["device"] for row in rows} <= {"auxiliaries", "cabinet_door"}
    assert ADULT.name not in shown.out.getvalue()
