"""The program begins anew in its place; the visit passes through memory, and through it alone."""

import subprocess
import sys

import pytest

PROGRAM = """
import os, sys, threading
from kiosk import revival
from kiosk.crawl.answers import ADULT, NOW
from kiosk.services.answers import Agreed
from kiosk.services.new_card import new_card
from kiosk.services.reprint import REPRINT
from kiosk.visit import TAKE_BACK, Overlay, Visit, standing
from regulation.rules import Applicant, load_rules
from pathlib import Path

rules = load_rules(Path("config/rules.toml"))
services = {row.name: row for row in (new_card(rules), REPRINT, TAKE_BACK)}
left = revival.kept(services)
if left is None:
    facts = {"today": NOW.date(), "who": Applicant.SELF, "notice": Agreed(), "applicant": ADULT}
    visits = {
        "reading": Visit(new_card(rules), facts, Overlay("F36"), 1),
        "binding": Visit(REPRINT, {"reprint": None}),
        "take_back": Visit(TAKE_BACK, {}, Overlay("F37")),
        "nobody": None,
    }
    kept = revival.Kept(visits[sys.argv[1]], True, "en")
    assert revival.rested()
    print("pid", os.getpid(), flush=True)
    worker = threading.Thread(target=revival.restart, args=(kept,))  # as the watchdog does
    worker.start()
    worker.join()
visit = left.visit
print("pid", os.getpid())
print(left.large, left.language, revival.rested())
if visit is None:
    print("none")
else:
    name = visit.facts["applicant"].number if "applicant" in visit.facts else ""
    over = visit.overlay.code if visit.overlay else ""
    print(visit.service.name, standing(visit).name, name, over, visit.tries)
"""


def lives(what):
    program = [sys.executable, "-c", PROGRAM, what]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("what", "goes_on"),
    [
        ("reading", "new_individual person_check 11010519491231002X F36 1"),
        ("take_back", "take_back take_back  F37 0"),
        ("binding", "none"),
        ("nobody", "none"),
    ],
)
def test_a_visit_goes_on_in_the_same_process(what, goes_on):
    before, after, wishes, visit = lives(what)
    assert before == after
    assert wishes == "True en False"
    assert visit == goes_on
