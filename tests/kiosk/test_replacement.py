"""补领、换领、换发: what is asked, the loss that comes first, and what the centre is told (规程 3.1)."""

import pytest

from central.applications.schemas import Order
from deploy.pictures import jpeg
from kiosk.application import application, question
from kiosk.crawl.answers import ADULT, CHILD, GROWN_UP, NOW
from kiosk.crawl.cards import GONE, IN_USE
from kiosk.services import people
from kiosk.services.answers import (
    Agreed,
    Eligible,
    KnownPhone,
    NoPicture,
    OtherPaper,
    PaperRead,
    PhotoWish,
    Picture,
    Ready,
    Strokes,
)
from kiosk.services.catalogue import begin, catalogue
from kiosk.services.onward import onward
from kiosk.visit import Refusal, Said, Visit, advance, refusal, standing
from regulation.papers import Paper
from regulation.reasons import Reason
from regulation.rules import Applicant, Service

REPLACE, LOSS = Service.REPLACE_INDIVIDUAL, Service.LOSS_REPORT
KNOWN = Eligible("张三", phone="138****8000", cards=(IN_USE,), fee_fen=2500)
FIRST = Refusal("report_loss_first", "6.1")
SIGNED = Strokes((((0.1, 0.5), (0.9, 0.5)),))
OWN = (Applicant.SELF, Agreed(), ADULT, Agreed())
BY_AGENT = (Applicant.AGENT_MINOR, Agreed(), CHILD, GROWN_UP, Agreed())


@pytest.fixture
def services(rules):
    return catalogue(rules)


@pytest.fixture
def hears(rules, services):
    """A visit of this service that has heard these answers, one after the other."""

    def hears(*answers, start=None):
        start = start or begin(services, rules, REPLACE, NOW.date())
        visit = Visit(start.service, start.facts)
        for answer in answers:
            visit = advance(visit, Said(answer))
        return visit

    return hears


def at(visit):
    return standing(visit).name


def told(rules, visit):
    return application(rules, REPLACE, "0017", visit.facts, NOW).body


def test_the_reason_comes_first_and_is_asked_with(rules, hears):
    """It decides whether the card must be reported lost (services.md 2.3 R1)."""
    assert at(hears()) == "why"
    visit = hears(Reason.DAMAGED, *OWN)
    assert at(visit) == "eligibility"
    assert question(rules, REPLACE, visit.facts)["reason"] == "damaged"


def test_a_kept_photo_is_the_shortest_way(rules, hears):
    """规程 3.1.1(1): a photo only if it changes; the known telephone need not be typed."""
    answers = (Reason.RENEWED, *OWN, KNOWN, PhotoWish.KEEP, KnownPhone(), Agreed(), SIGNED)
    body = told(rules, hears(*answers, NoPicture()))
    assert (body["portrait"], body["reason"], body["phone"]) == ("keep", "renewed", None)
    assert body["card"] == IN_USE.card
    assert [image["kind"] for image in body["images"]] == ["signature"]
    assert Order.model_validate(body).service == REPLACE


def test_a_changed_photo_is_taken_and_sent(rules, hears):
    """规程 3.1.1."""
    photo = (PhotoWish.TAKE, Ready(), Picture(jpeg(b"portrait")), Agreed())
    visit = hears(Reason.DATA_CHANGED, *OWN, KNOWN, *photo, "13800138000", Agreed(), SIGNED)
    body = told(rules, advance(visit, Said(NoPicture())))
    assert (body["portrait"], body["phone"]) == ("change", "13800138000")
    assert "portrait" in [image["kind"] for image in body["images"]]


def test_neither_bank_nor_address_is_asked(hears):
    """The account stays where it is; another bank is a matter of the window."""
    names = {step.name for step in hears().service.steps}
    assert not names & {"bank", "address"}


@pytest.mark.parametrize(
    ("who", "paper"),
    [
        (Applicant.SELF, Paper.PASSPORT),
        (Applicant.SELF, Paper.SS_CARD),
        (Applicant.AGENT_MINOR, Paper.HOUSEHOLD_REGISTER),
        (Applicant.AGENT_MINOR, Paper.RESIDENT_ID),
        (Applicant.AGENT_ADULT, Paper.SS_CARD),
    ],
)
def test_the_papers_of_the_row_serve(rules, who, paper):
    """规程 3.1.1, and reading A5 for a minor's own ID card."""
    assert paper in people.chosen_row(rules, REPLACE, {"who": who}).papers


# ---- the loss that comes first


@pytest.mark.parametrize("who", [OWN, BY_AGENT])
def test_a_loss_is_reported_first_and_the_replacement_goes_on(rules, services, hears, who):
    """规程 3.1, 6: nothing is shown or asked twice."""
    refused = hears(Reason.LOST, *who, FIRST)
    assert at(refused) == "refusal"
    there = onward(services, rules, refused)
    assert there.service.name == LOSS
    loss = hears(start=there)
    assert at(loss) == "eligibility"
    for answer in (KNOWN, Agreed(), SIGNED, NoPicture()):
        loss = advance(loss, Said(answer))
    assert at(loss) == "seal"
    known = people.carried(loss.facts, why=Reason.LOST, notice=Agreed(), person_check=Agreed())
    back = hears(start=begin(services, rules, REPLACE, NOW.date(), known))
    assert at(back) == "eligibility"
    again = advance(back, Said(Eligible("张三", cards=(GONE,))))
    assert at(again) == "portrait_choice"


def test_who_has_no_paper_for_a_loss_is_told_so_at_once(rules, services, hears):
    """Reading A6: not sent on to be refused there."""
    without = (OtherPaper(), Paper.PASSPORT, Ready(), Picture(jpeg(b"page")), Agreed())
    typed = ("E12345678", "ZHANG SAN", "20300501")
    visit = hears(Reason.LOST, Applicant.SELF, Agreed(), *without, *typed, Agreed(), FIRST)
    assert refusal(visit.facts).code == "loss_needs_id"
    assert onward(services, rules, visit) is None


def test_the_holder_with_the_card_in_hand_is_not_sent_to_report_it(rules, services, hears):
    """规程 6.1(1): 身份证 only."""
    card = PaperRead(Paper.SS_CARD, "A00000011", "张三", social_number=ADULT.number)
    visit = hears(Reason.LOST, Applicant.SELF, Agreed(), card, Agreed(), FIRST)
    assert refusal(visit.facts).code == "loss_needs_id"
    assert onward(services, rules, visit) is None


def test_who_has_a_card_already_goes_on_from_a_new_one(rules, services):
    """F12: 补领或换领, with the paper that was read."""
    start = begin(services, rules, Service.NEW_INDIVIDUAL, NOW.date())
    visit = Visit(start.service, start.facts)
    for answer in (*OWN, Refusal("F12", "3.1")):
        visit = advance(visit, Said(answer))
    there = onward(services, rules, visit)
    assert (there.service.name, there.facts["applicant"]) == (REPLACE, ADULT)
    assert at(Visit(there.service, there.facts)) == "why"


def test_of_several_cards_a_lost_one_is_meant_by_who_lost_one(hears):
    known = Eligible("张三", cards=(IN_USE, GONE))
    assert at(hears(Reason.LOST, *OWN, known)) == "portrait_choice"
    assert at(hears(Reason.DAMAGED, *OWN, known)) == "card_choice"
