"""The program begins anew in its place; the visit passes through memory, and through it alone."""

import os
import pickle
import subprocess
import sys

import pytest

from kiosk import revival
from kiosk.crawl.answers import SUBMITTED
from kiosk.crawl.walk import key
from kiosk.services import answers
from kiosk.visit import Visit
from regulation.papers import Paper
from regulation.rules import Service
from tests.crawled import SERVICES, crawled

PROGRAM = """
import os, sys, threading, time
from kiosk import revival
from kiosk.crawl.answers import ADULT, NOW
from kiosk.services.answers import Agreed
from kiosk.services.catalogue import catalogue
from kiosk.services.reprint import REPRINT
from kiosk.visit import TAKE_BACK, Overlay, Visit, standing
from regulation.rules import Applicant, load_rules
from pathlib import Path

rules = load_rules(Path("config/rules.toml"))
services = catalogue(rules)
left = revival.kept(services)
if left is None:
    facts = {"today": NOW.date(), "who": Applicant.SELF, "notice": Agreed(), "applicant": ADULT}
    visits = {
        "reading": Visit(services["new_individual"], facts, Overlay("F36"), 1),
        "binding": Visit(REPRINT, {"reprint": None}),
        "take_back": Visit(TAKE_BACK, {}, Overlay("F37")),
        "nobody": None,
    }
    kept = revival.Kept(visits[sys.argv[1]], True, "en")
    assert revival.rested()
    if "soon" in sys.argv:  # a restart was a short time ago
        os.environ[revival._WHEN] = str(time.monotonic())
    os.set_inheritable(os.open("/dev/zero", os.O_RDONLY), True)  # as a library in C opens its device
    print("pid", os.getpid(), flush=True)
    worker = threading.Thread(target=revival.restart, args=(kept,))  # as the watchdog does
    worker.start()
    worker.join()
visit = left.visit
assert "/dev/zero" not in [os.path.realpath(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")]
print("pid", os.getpid())
print(left.large, left.language, revival.rested())
if visit is None:
    print("none")
else:
    name = visit.facts["applicant"].number if "applicant" in visit.facts else ""
    over = visit.overlay.code if visit.overlay else ""
    print(visit.service.name, standing(visit).name, name, over, visit.tries)
"""


def lives(*what):
    program = [sys.executable, "-c", PROGRAM, *what]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("what", "goes_on"),
    [
        ("reading", "new_individual person_check 11010519491231002X F36 1"),
        ("take_back", "take_back take_paper  F37 0"),
        ("binding", "none"),
        ("nobody", "none"),
    ],
)
def test_a_visit_goes_on_in_the_same_process(what, goes_on):
    before, after, wishes, visit = lives(what)
    assert before == after
    assert wishes == "True en False"
    assert visit == goes_on


def test_soon_after_a_restart_the_visit_is_not_kept_for_it_may_be_the_cause():
    assert lives("reading", "soon")[-1] == "take_back take_paper   0"


NEW_CARD = SERVICES[Service.NEW_INDIVIDUAL]


def passed_on(visit):
    row = pickle.dumps(revival._packed(revival.Kept(visit, large=False, language="zh_CN")))
    return revival._unpacked(pickle.loads(row), SERVICES).visit


def test_every_state_of_every_service_passes_whole():
    visits = crawled().visits
    kept = {place: passed_on(visit) for place, visit in visits.items()}
    kept = {place: visit for place, visit in kept.items() if visit is not None}
    assert len(kept) > len(visits) / 2
    for place, visit in kept.items():
        assert key(visit) == place
        assert dict(visit.facts) == dict(visits[place].facts)


@pytest.mark.parametrize(
    "fact",
    [
        answers.Strokes((((0.1, 0.2), (0.3, 0.4)),)),
        answers.PaperRead(Paper.RESIDENT_ID, "11010519491231002X", "张三"),
        answers.Picture(b"jpeg", "blurred"),
        *(answers.BadPicture("blurred"), answers.NoPicture(), answers.Held(), answers.OnScreen()),
        *(answers.Sealed("key"), answers.Unread(), answers.WrongPaper(), answers.Done()),
        *(SUBMITTED, answers.Drawn(b"png")),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_every_kind_of_fact_passes_whole(fact):
    visit = passed_on(Visit(NEW_CARD, {"who": fact}))
    assert visit.facts == {"who": fact}


def read(monkeypatch, data):
    fd = os.memfd_create("visit")
    os.write(fd, data)
    monkeypatch.setenv(revival._KEPT, str(fd))
    return revival.kept(SERVICES)


def test_what_cannot_be_read_keeps_no_program_from_its_start(monkeypatch):
    assert read(monkeypatch, b"") is None
    assert read(monkeypatch, b"no pickle") is None
    unknown = {"service": "gone", "facts": {}, "overlay": None, "tries": 0}
    assert read(monkeypatch, pickle.dumps(unknown)) is None
    assert revival._KEPT not in os.environ


def test_a_fact_without_bytes_costs_the_visit_and_not_the_restart(monkeypatch):
    visit = Visit(NEW_CARD, {"who": lambda: None})
    kept = read(monkeypatch, revival._written(revival.Kept(visit, large=True, language="en")))
    assert (kept.visit.service.name, kept.large) == ("take_back", True)
