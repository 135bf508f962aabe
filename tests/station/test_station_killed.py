"""The station's process killed with kill -9 at every point that counts, and started anew.

A real process, a real server, and a motorised reader at the end of a pty.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from hardware.card_transport.simulator import Card, CardTransportSimulator, Mechanism

ROOT = Path(__file__).parents[2]
PLAIN = (sys.executable, "-m", "station")
DYING = (sys.executable, "-m", "tests.station.dies_at")


class Watched:
    """A card whose commands are counted: at the n-th, `strike` is called, before or after it."""

    def __init__(self, card):
        self.card = card
        self.at, self.after, self.strike = 0, False, lambda: None
        self.power_on, self.power_off = card.power_on, card.power_off

    def transmit(self, command):
        self.at -= 1
        if self.at == 0 and not self.after:
            self.strike()
            return b""  # never carried out
        reply = self.card.transmit(command)
        if self.at == 0:
            self.strike()
        return reply


class Process:
    def __init__(self, settings, command=PLAIN):
        self.of = subprocess.Popen(
            [*command, "--config", settings, "--port", "0"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def kill(self):
        os.kill(self.of.pid, signal.SIGKILL)

    def status(self):
        line = json.loads(self.of.stdout.readline())
        return line["status"]

    def end(self, number=signal.SIGTERM):
        self.of.send_signal(number)
        _, errors = self.of.communicate(timeout=20)
        return self.of.returncode, errors.decode()

    def died(self):
        _, errors = self.of.communicate(timeout=30)
        assert self.of.returncode == -signal.SIGKILL, errors.decode()


@pytest.fixture
def reader(tmp_path):
    with CardTransportSimulator(tmp_path / "reader", 115200, Mechanism(motion_s=0.0)) as made:
        made.mechanism.takes = True
        yield made.mechanism


@pytest.fixture
def settings(tmp_path, centre, reader):
    path = tmp_path / "station.toml"
    path.write_text(
        f'[station]\ndata_dir = "{tmp_path}/data"\ninsert_s = 20\n'
        f'[central]\nurl = "{centre.url}"\n'
        f'[social_card]\ndriver = "crt591"\nport = "{tmp_path}/reader"\nbaudrate = 115200\n'
    )
    return path


@pytest.fixture
def inserted(reader, blank):
    """A blank a hand holds before the gate."""
    watched = Watched(blank())
    reader.offer(Card(watched))
    return watched


def settles(centre, write_id, card, reader, settings):
    """Started anew it comes to one end, and the card is where it belongs."""
    process = Process(settings)
    try:
        process.status()
        assert centre.writes[write_id].ended.wait(30)
        polls = centre.polled
        while polls.acquire(blocking=False):
            pass
        assert polls.acquire(timeout=30)  # it goes on: nothing is open, and the slot is free
    finally:
        code, errors = process.end()
    assert code == 0, errors
    write = centre.writes[write_id]
    assert write.confirms == (write.state == "confirmed")
    begun = any(card._files[5][1:])
    assert len(reader.bin) == bool(write.blank)  # what may have been written to goes to nobody
    if write.state == "confirmed":
        assert card.personalised
    elif begun:
        assert write.blank == card.person.card_id.hex().upper()
    assert card.person.card_id.hex().upper() not in errors
    return write


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("before:1", "confirmed"),  # plan: nobody knows of it yet, the next one takes the job
        ("after:1", "reversed"),
        ("before:2", "reversed"),  # writing
        ("after:2", "reversed"),
        ("before:3", "confirmed"),  # written: the card is whole and says so
        ("after:3", "confirmed"),
        ("before:4", "confirmed"),  # acknowledged: the centre is told once more
        ("after:4", "confirmed"),
    ],
)
def test_at_each_word_of_the_journal(centre, settings, reader, inserted, moment, state):
    write_id = centre.offer()
    Process(settings, (*DYING, moment)).died()
    write = settles(centre, write_id, inserted.card, reader, settings)
    assert write.state == state


@pytest.mark.parametrize("moment", ["before:2", "after:2", "before:3", "after:3"])
def test_at_each_word_of_a_reversal(centre, settings, reader, moment):
    reader.offer(Card())  # mute: not blank
    write_id = centre.offer()
    Process(settings, (*DYING, moment)).died()
    process = Process(settings)
    process.status()
    assert centre.writes[write_id].ended.wait(30)
    assert process.end()[0] == 0
    assert centre.writes[write_id].state == "reversed"


STEPS = ("start", "authentication", "pin-authentication", "initial-pin", "confirm")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_while_the_centre_answers(centre, settings, reader, inserted, step, moment):
    write_id = centre.offer()
    process = Process(settings)
    struck = threading.Event()

    def strike(asked, when):
        if (asked, when) == (step, moment) and not struck.is_set():
            struck.set()
            process.kill()

    centre.hook = strike
    process.died()
    write = settles(centre, write_id, inserted.card, reader, settings)
    assert write.state == ("confirmed" if step == "confirm" else "reversed")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [13, 20, 40, 52, 60])
def test_while_the_card_is_spoken_to(centre, settings, reader, inserted, at, after):
    write_id = centre.offer()
    process = Process(settings)
    inserted.at, inserted.after, inserted.strike = at, after, process.kill
    process.died()
    write = settles(centre, write_id, inserted.card, reader, settings)
    assert (write.state == "confirmed") == inserted.card.personalised


def test_it_ends_when_told_and_says_so(centre, settings, reader, inserted):
    write_id = centre.offer()
    process = Process(settings)
    with httpx.Client(base_url=process.status(), trust_env=False) as lamp:
        assert lamp.get("/status").json()["detail"]
        assert centre.writes[write_id].ended.wait(30)
        assert lamp.get("/status").json()["state"] in ("idle", "settling", "take_card")
    code, errors = process.end(signal.SIGINT)
    assert code == 0
    assert "confirmed" in errors
    assert "买买提" not in errors


def test_two_stations_do_not_share_a_journal(settings):
    one = Process(settings)
    one.status()
    other = Process(settings)
    _, errors = other.of.communicate(timeout=20)
    assert other.of.returncode == 2
    assert "is a station running" in errors.decode()
    assert one.end()[0] == 0
