"""挂失: who may, what is asked, and what the centre is told (规程 6)."""

from dataclasses import replace

import pytest

from central.applications.schemas import Order
from kiosk.application import application, question
from kiosk.crawl.answers import ADULT, CHILD, GROWN_UP, IN_USE, LOST_CARD, NOW, SEALED_CARD
from kiosk.services import cards, people
from kiosk.services.answers import (
    Agreed,
    Eligible,
    NoPicture,
    OtherPaper,
    PaperRead,
    SignAtWindow,
    Strokes,
)
from kiosk.services.catalogue import begin, catalogue
from kiosk.visit import Said, Visit, advance, refusal, standing
from regulation.papers import Paper
from regulation.reasons import Reason
from regulation.rules import Applicant, Service

LOSS = Service.LOSS_REPORT
CARD = PaperRead(Paper.SS_CARD, "A00000011", "张三", social_number=ADULT.number)
SIGNED = Strokes((((0.1, 0.5), (0.9, 0.5)),))


@pytest.fixture
def hears(rules):
    """A visit of this service that has heard these answers, one after the other."""

    def hears(*answers):
        start = begin(catalogue(rules), rules, LOSS, NOW.date())
        visit = Visit(start.service, start.facts)
        for answer in answers:
            visit = advance(visit, Said(answer))
        return visit

    return hears


def at(visit):
    return standing(visit).name


def told(rules, visit):
    return application(rules, LOSS, "0017", visit.facts, NOW).body


def test_the_holder_answers_four_questions(hears):
    """Issue: at most four touches. 规程 6.1(1)."""
    steps = [
        at(hears(*answers))
        for answers in (
            (),
            (Applicant.SELF,),
            (Applicant.SELF, ADULT),
            (Applicant.SELF, ADULT, Eligible("张三", cards=(IN_USE,))),
            (Applicant.SELF, ADULT, Eligible("张三", cards=(IN_USE,)), Agreed()),
        )
    ]
    assert steps == ["who", "applicant", "eligibility", "confirm", "signature"]


def test_the_holder_shows_the_id_card_alone(hears):
    """规程 6.1(1): 身份证 only; a card in the hand is not lost."""
    assert hears(Applicant.SELF, CARD).overlay.code == "F08"


@pytest.mark.parametrize("who", list(Applicant)[:3])
def test_whoever_has_no_such_paper_is_told_at_once(hears, who):
    """Reading A6: the dead end of the text is named, and the window is the way out."""
    visit = hears(who, OtherPaper())
    assert refusal(visit.facts).code == "paper_lacking"
    assert refusal(visit.facts).clause.startswith("6.1")
    assert at(visit) == "refusal"


def test_an_agent_shows_the_holders_card_or_id(hears):
    """规程 6.1(2)."""
    for paper in (ADULT, CARD):
        assert at(hears(Applicant.AGENT_ADULT, paper)) == "agent"
    again = hears(Applicant.AGENT_ADULT, CARD, ADULT)
    assert again.overlay.code == "F06", "the same person by another paper"


def test_of_several_cards_the_lost_one_is_chosen(hears, rules):
    known = Eligible("张三", cards=(IN_USE, SEALED_CARD))
    visit = hears(Applicant.SELF, ADULT, known)
    assert at(visit) == "card_choice"
    chosen = hears(Applicant.SELF, ADULT, known, SEALED_CARD, Agreed(), SIGNED, NoPicture())
    assert told(rules, chosen)["card"] == SEALED_CARD.card


def test_a_card_that_is_lost_for_good_is_not_offered():
    gone = replace(IN_USE, card="f" * 16, state="LOSS")
    facts = {"eligibility": Eligible("张三", cards=(IN_USE, gone, LOST_CARD))}
    assert cards.fitting(LOSS, facts) == (IN_USE, LOST_CARD)


def test_an_agent_with_the_very_card_is_asked_whether_it_is_meant(hears, rules):
    """Reading A13."""
    known = Eligible("张三", cards=(IN_USE,), in_hand=True)
    asked = hears(Applicant.AGENT_ADULT, CARD, GROWN_UP, known)
    assert at(asked) == "in_hand"
    sure = hears(
        Applicant.AGENT_ADULT, CARD, GROWN_UP, known, Agreed(), Agreed(), SIGNED, NoPicture()
    )
    assert "card_in_hand_confirmed" in told(rules, sure)["marks"]


def test_of_several_cards_the_one_shown_is_known_by_its_number(hears):
    """Reading A13: the centre's word is of the card it would have taken."""
    known = Eligible("张三", cards=(SEALED_CARD, replace(IN_USE, number="*****0011")))
    way = (Applicant.AGENT_ADULT, CARD, GROWN_UP, known)
    assert at(hears(*way, known.cards[0])) == "confirm"
    assert at(hears(*way, known.cards[1])) == "in_hand"


def test_the_card_that_was_shown_is_the_one_that_is_named(hears, rules):
    """What the person confirmed on the page is what the centre is told."""
    known = Eligible("张三", cards=(IN_USE,))
    visit = hears(Applicant.SELF, ADULT, known, Agreed(), SignAtWindow(), NoPicture())
    body = told(rules, visit)
    assert (body["card"], body["signature"]) == (IN_USE.card, "window")
    assert Order.model_validate(body).service == LOSS


def test_a_card_shown_as_the_paper_goes_by_its_number(rules, hears):
    visit = hears(Applicant.AGENT_ADULT, CARD, GROWN_UP)
    asked = question(rules, LOSS, visit.facts)
    assert asked["applicant"] == {"paper": "ss_card", "number": "A00000011", "name": "张三"}


def test_why_a_card_is_replaced_is_not_told_of_a_loss(rules, hears):
    """Who came for a replacement carries the reason along; the centre is asked about a loss."""
    visit = hears(Applicant.SELF, ADULT)
    assert "reason" not in question(rules, LOSS, {**visit.facts, "why": Reason.LOST})


def test_a_minor_is_told_from_the_number(rules, hears):
    """规程 6.1(2): an agent's choice is corrected by the age."""
    visit = hears(Applicant.AGENT_ADULT, CHILD, GROWN_UP)
    assert people.kind(visit.facts) is Applicant.AGENT_MINOR
    assert at(visit) == "eligibility"
