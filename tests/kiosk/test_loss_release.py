"""解挂: with which paper, which card, and what the centre is told (规程 6)."""

import pytest

from central.applications.schemas import Order
from kiosk.application import application
from kiosk.crawl.answers import ADULT, GROWN_UP, NOW
from kiosk.crawl.cards import GONE, IN_USE, LOST_CARD
from kiosk.services.answers import (
    Agreed,
    Eligible,
    NoPicture,
    OtherPaper,
    PaperRead,
    Strokes,
)
from kiosk.services.catalogue import begin, catalogue
from kiosk.services.loss_release import found_card_demanded
from kiosk.visit import Said, Visit, advance, refusal, standing
from regulation.papers import Paper
from regulation.rules import Applicant, Channel, Service

RELEASE = Service.LOSS_CANCEL
CARD = PaperRead(Paper.SS_CARD, "A00000011", "张三", social_number=ADULT.number)
SIGNED = Strokes((((0.1, 0.5), (0.9, 0.5)),))


def heard(rules, *answers):
    start = begin(catalogue(rules), rules, RELEASE, NOW.date())
    visit = Visit(start.service, start.facts)
    for answer in answers:
        visit = advance(visit, Said(answer))
    return visit


def at(visit):
    return standing(visit).name


@pytest.mark.parametrize("paper", [ADULT, CARD])
def test_the_id_card_or_the_found_card_serves(rules, paper):
    """规程 6.1(1)."""
    assert at(heard(rules, Applicant.SELF, paper)) == "eligibility"


@pytest.mark.parametrize("paper", [ADULT, CARD])
def test_an_agent_shows_one_of_them_and_their_own(rules, paper):
    """规程 6.1(2)."""
    visit = heard(rules, Applicant.AGENT_ADULT, paper)
    assert at(visit) == "agent"
    assert at(advance(visit, Said(GROWN_UP))) == "eligibility"


def test_whoever_has_neither_is_told_at_once(rules):
    """Reading A6."""
    visit = heard(rules, Applicant.SELF, OtherPaper())
    assert refusal(visit.facts).code == "paper_lacking"


def test_only_lost_cards_are_offered_and_the_one_confirmed_is_named(rules):
    known = Eligible("张三", cards=(IN_USE, LOST_CARD, GONE))
    visit = heard(rules, Applicant.SELF, ADULT, known)
    assert at(visit) == "card_choice"
    alone = Eligible("张三", cards=(IN_USE, GONE))
    done = heard(rules, Applicant.SELF, ADULT, alone, Agreed(), SIGNED, NoPicture())
    body = application(rules, RELEASE, "0017", done.facts, NOW).body
    assert body["card"] == GONE.card
    assert Order.model_validate(body).service == RELEASE


def test_by_policy_the_found_card_alone_serves(rules):
    strict = found_card_demanded(rules)
    assert heard(strict, Applicant.SELF, ADULT).overlay.code == "F08"
    assert at(heard(strict, Applicant.SELF, CARD)) == "eligibility"
    assert at(heard(strict, Applicant.AGENT_ADULT, CARD, GROWN_UP)) == "eligibility"


def test_the_policy_changes_these_rows_of_the_kiosk_alone(rules):
    strict = found_card_demanded(rules)
    changed = [
        (new.service, new.channel)
        for old, new in zip(rules.cells(), strict.cells(), strict=True)
        if old != new
    ]
    assert changed == [(RELEASE, Channel.KIOSK)] * 3
