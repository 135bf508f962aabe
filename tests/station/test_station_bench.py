"""The station's bench beside a station: blanks go in and come out by the dock."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
PCSCD = Path("/usr/sbin/pcscd")
DRIVERS = [
    "crt591",
    pytest.param(
        "pcsc",
        marks=pytest.mark.skipif(os.geteuid() != 0 or not PCSCD.exists(), reason="needs root"),
    ),
]


class Program:
    def __init__(self, module, *arguments):
        command = [sys.executable, "-m", module, *arguments]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        self.said = json.loads(self._process.stdout.readline())

    def end(self):
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=30)
        return self._process.returncode


@pytest.fixture(params=DRIVERS)
def bench(request, tmp_path):
    rate = ("--baudrate", "115200") if request.param == "crt591" else ()
    folder = ("--driver", request.param, "--state-dir", str(tmp_path / "bench"))
    program = Program("hardware.bench.station", *folder, *rate)
    program.driver = request.param
    yield program
    assert program.end() == 0


@pytest.fixture
def dock(bench):
    with httpx.Client(base_url=bench.said["dock"], timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
def lamp(bench, centre, tmp_path):
    key = "port" if bench.driver == "crt591" else "reader"
    rate = "baudrate = 115200\n" if bench.driver == "crt591" else ""
    path = tmp_path / "station.toml"
    path.write_text(
        f'[station]\ndata_dir = "{tmp_path}/data"\n[central]\nurl = "{centre.url}"\n'
        f'[social_card]\ndriver = "{bench.driver}"\n{key} = "{bench.said["social_card"]}"\n{rate}'
    )
    program = Program("station", "--config", str(path), "--port", "0")
    with httpx.Client(base_url=program.said["status"], trust_env=False) as client:
        yield client
    assert program.end() == 0


def until(lamp, *states):
    """Asks until the lamp shows one of these; the test's own time-out is its end."""
    while (shown := lamp.get("/status").json())["state"] not in states:
        pass
    return shown


def insert(dock):
    """Push a blank in as soon as the slot takes it."""
    while dock.post("/api/social_card/insert", json={}).status_code != 200:
        pass


def test_cards_are_written_and_taken(bench, dock, lamp, centre):
    for number in range(2):
        write_id = centre.offer(card_number=f"D{number:08}")
        assert until(lamp, "insert")["write_id"] == write_id
        insert(dock)
        assert centre.writes[write_id].ended.wait(30)
        assert centre.writes[write_id].state == "confirmed"
        until(lamp, "take_card")
        assert dock.get("/api/state").json()["social_card"]["personalised"]
        while until(lamp, "take_card", "idle")["state"] == "take_card":  # it may still be moving
            dock.post("/api/social_card/take", json={}).raise_for_status()


@pytest.mark.parametrize(("pull", "state"), [(False, "confirmed"), (True, "reversed")])
def test_a_card_breaks_in_the_middle(bench, dock, lamp, centre, pull, state):
    write_id = centre.offer()

    def breaks(step, moment):
        if (step, moment) == ("authentication", "before") and centre.asked.count(step) == 1:
            order = {"at": 5, "pull": pull or bench.driver == "pcsc"}
            dock.post("/api/social_card/break", json=order).raise_for_status()

    centre.hook = breaks
    until(lamp, "insert")
    insert(dock)
    assert centre.writes[write_id].ended.wait(30)
    write = centre.writes[write_id]
    expected = "reversed" if bench.driver == "pcsc" else state
    assert write.state == expected
    assert write.reason == ("card_pulled" if expected == "reversed" else "")


def test_orders_that_cannot_be_carried_out(dock):
    assert dock.post("/api/social_card/break", json={"at": 3}).status_code == 409
    assert dock.post("/api/social_card/break", json={"at": 0}).status_code == 400
    assert dock.post("/api/social_card/fault", json={"kind": "nonsense"}).status_code == 400
    assert dock.post("/api/social_card/dance", json={}).status_code == 404
    dock.post("/api/social_card/fault", json={"kind": "silence"}).raise_for_status()
    dock.post("/api/social_card/fault", json={"kind": "none"}).raise_for_status()
