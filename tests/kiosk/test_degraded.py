"""For each thing that is broken, the home screen offers exactly what can still be finished."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from kiosk.services.catalogue import HERE, catalogue
from kiosk.services.needs import NEEDED, Need, finishable, offered
from kiosk.work import Hands, jobs
from regulation.rules import Applicant, Channel
from screens.views import view
from tests.crawled import RULES, SCENE
from tests.kiosk.degraded_page import NOTHING, USES, ends, page

PAUSED = {"暂停，请到窗口", "网络不通，请到窗口"}
EACH = [frozenset[Need](), *(frozenset({need}) for need in Need)]
PAIRS = [frozenset(pair) for pair in combinations(Need, 2)]


class Anybody:
    """Stands where nobody works: only whose row a piece of work is, is asked."""

    def __getattr__(self, _name):
        return self

    def __call__(self, *_args, **_named):
        return self


def test_every_piece_of_work_says_what_it_needs():
    rows = jobs(Hands(*[Anybody()] * 9))
    assert {str(name) for name in rows} == {*USES, *NOTHING}


def test_every_service_that_is_done_here_says_what_it_needs():
    assert {*NEEDED} == {*HERE}


@pytest.mark.parametrize("lost", [*EACH, *PAIRS], ids=lambda lost: "+".join(sorted(lost)) or "none")
def test_what_is_offered_is_what_can_be_finished(lost):
    assert {*offered(finishable(RULES, lost))} == {name for name in HERE if ends(name, lost)}


@pytest.mark.parametrize("lost", EACH, ids=lambda lost: "+".join(lost) or "none")
def test_the_tiles_say_so(lost):
    rules = finishable(RULES, lost)
    scene = replace(SCENE, rules=rules, services=catalogue(rules), lost=lost)
    tiles = {each.name: each for each in view(scene).choices}
    can = {name for name in HERE if tiles[name].subtitle not in PAUSED}
    assert can == {*offered(rules)}
    if Need.CENTRE in lost:
        assert "网络" in view(scene).notice


@pytest.mark.parametrize("lost", [*EACH, *PAIRS], ids=lambda lost: "+".join(sorted(lost)) or "none")
def test_home_speaks_of_what_cannot_be_done_only_where_a_tile_does(lost):
    rules = finishable(RULES, lost)
    home = view(replace(SCENE, rules=rules, services=catalogue(rules), lost=lost))
    paused = any(each.subtitle in PAUSED for each in home.choices)
    assert paused or "写着" not in home.notice
    assert paused or "办不了" not in home.lead
    if lost == {Need.ID_READER}:
        assert not paused
        assert "别的证件" in home.notice


def test_nothing_lost_changes_nothing_and_no_other_channel_ever_does():
    assert finishable(RULES, frozenset()) is RULES
    other = {cell for cell in RULES.cells() if cell.channel is not Channel.KIOSK}
    left = finishable(RULES, frozenset(Need))
    assert other == {cell for cell in left.cells() if cell.channel is not Channel.KIOSK}
    assert not any(
        left.cell(name, who, Channel.KIOSK).allowed for name in HERE for who in Applicant
    )


def test_the_page_is_what_the_tests_find():
    assert Path("docs/degraded.md").read_text("utf-8") == page()
