"""The crawler's report: every reachable state has what it must have (show 6 of the issue)."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.crawl import ENGLISH, ground, read_catalogue
from kiosk.crawl.answers import ADULT, JPEG, NOW
from kiosk.crawl.checks import gaps
from kiosk.crawl.late import LATEST, pages, refusals
from kiosk.crawl.pages import write
from kiosk.crawl.walk import Walk
from kiosk.services import people
from kiosk.services.answers import AddressSays, Agreed, NoPhone, Picture, Ready
from kiosk.services.catalogue import BESIDE, HERE
from kiosk.services.failures import FAILURES
from kiosk.visit import Visit, refusal, standing
from regulation.rules import Applicant, Channel, Service
from tests.crawled import crawled

STATES = Path("docs/states")


@pytest.fixture(scope="module")
def here():
    return ground(read_catalogue(ENGLISH))


@pytest.fixture(scope="module")
def found():
    return crawled()


@pytest.fixture(scope="module")
def lacking(found, here):
    return gaps(found, here)


def test_no_reachable_state_lacks_anything(lacking):
    assert lacking == []


def test_every_service_of_the_table_is_visited(found):
    services = {place.service for place, _, _ in found.visits}
    assert services == {*Service, *(each.name for each in BESIDE)}


def test_every_step_of_every_service_is_reached(found):
    reached = {(place.service, place.step) for place, _, _ in found.visits}
    rows = {
        (visit.service.name, step.name)
        for visit in found.visits.values()
        for step in (*visit.service.steps, *visit.service.refused)
    }
    assert rows - reached == set()


def test_nobody_gets_far_with_a_paper_that_does_not_serve_them(found, here):
    """Whatever was pressed before, the paper is one of the row that rules the visit (1.1.1)."""
    seen = set()
    for visit in found.visits.values():
        told = people.ELIGIBLE.of(visit.facts) and visit.service.name in HERE
        if told and not refusal(visit.facts):
            cell = people.row(here.scene.rules, Service(visit.service.name), visit.facts)
            shown = people.applicant_paper(visit.facts)
            assert shown is not None
            paper = shown.paper
            assert paper in cell.papers, (cell.applicant, paper)
            assert (people.AGENT.of(visit.facts) is not None) == bool(cell.agent_papers)
            seen.add((cell.service, cell.applicant, paper))
    others = {Service.PIN_CHANGE, Service.PIN_RESET, Service.NEW_BATCH}  # by the card, by units
    shown = HERE.keys() - others
    rows = (here.scene.rules.cell(name, who, Channel.KIOSK) for name in shown for who in Applicant)
    assert seen >= {(row.service, row.applicant, paper) for row in rows for paper in row.papers}


def test_every_failure_of_the_table_is_met(found):
    over = {place.code for place, _, _ in found.visits}
    ends = {code for moves in found.moves.values() for heard in moves.values() for _, code in heard}
    begun = {known[0] for _place, _tries, known in found.visits if len(known) == 2}
    assert over | ends | begun >= set(FAILURES)


def test_no_refusal_comes_late(found):
    """services.md 9.1: two pages after the fact that decides it at most."""
    told = refusals(found)
    assert [each for each in told if each.pages > LATEST] == []
    assert max(each.pages for each in told) > 0, "what is counted at all"
    assert {"F12", "F40", "report_loss_first"} <= {each.code for each in told}


def test_a_question_put_before_what_decides_makes_a_refusal_late(here):
    """The count would see it: who asks the bank and the photo first, and then the centre."""
    service = here.scene.services[Service.NEW_INDIVIDUAL]
    steps = {step.name: step for step in service.steps}
    asked = steps.pop("eligibility")
    order = list(steps.values())
    order.insert(list(steps).index("review"), asked)
    slow = replace(service, steps=tuple(order))
    facts = {
        "today": NOW.date(),
        "who": Applicant.SELF,
        "notice": Agreed(),
        "applicant": ADULT,
        "person_check": Agreed(),
        "phone": NoPhone(),
        "address": AddressSays.AT_WINDOW,
        "bank": "重庆银行",
        "portrait_ready": Ready(),
        "portrait": Picture(JPEG),
        "portrait_keep": Agreed(),
    }
    visit = Visit(slow, facts)
    assert standing(visit).name == "eligibility"
    assert pages(visit, "F12") == 6
    assert pages(visit, "F34") == 0, "nobody could have known"


def test_a_sentence_without_english_is_a_gap(found, here):
    english = {text: words for text, words in here.english.items() if text != "您还在吗？"}
    some = {here: visit for here, visit in found.visits.items() if here[0].service == "loss_report"}
    lacks = gaps(Walk(some, found.moves), ground(english))
    assert {(gap.check, gap.what) for gap in lacks} == {("words", "您还在吗？")}


def test_the_committed_pages_are_what_a_fresh_run_draws(found, lacking, here):
    fresh = write(found, lacking, here)
    committed = {path.name: path.read_text("utf-8") for path in STATES.glob("*.md")}
    assert committed == fresh, "run `python -m kiosk states`"


def test_every_arrow_of_a_diagram_joins_steps_of_its_page(here):
    for page in STATES.glob("*.md"):
        text = page.read_text("utf-8")
        rows = set(re.findall(r"^\| (\w+) \|", text, re.MULTILINE)) | {"[*]", "take_paper"}
        services = {*here.scene.services}
        for step, to in re.findall(r"^    (\S+) --> (\S+)", text, re.MULTILINE):
            assert step in rows
            assert to in rows | services | {"take_card", "take_stick"}


def test_all_240_cells_are_answered_with_a_clause(here):
    cells = here.scene.rules.cells()
    assert len(cells) == 240
    assert all(cell.clause for cell in cells)
    report = (STATES / "README.md").read_text("utf-8")
    assert "240 of 240 cells of the regulation's table are answered with a clause" in report


def test_the_crawler_needs_no_kivy():
    code = "import sys, kiosk.crawl; raise SystemExit('kivy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
