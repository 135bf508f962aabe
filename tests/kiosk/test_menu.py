"""What is offered to whom, in which order, and what choosing it begins (services.md 9.1)."""

from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.crawl.answers import ADULT, CHILD, EXPIRED, GROWN_UP, NOW, SS_CARD
from kiosk.crawl.overviews import overviews
from kiosk.overview import by_table, overview_of
from kiosk.services import menu, people
from kiosk.services.catalogue import HERE, begin, catalogue
from kiosk.services.menu import Turn
from kiosk.services.people import WHO
from kiosk.services.referral import REASON, not_here
from kiosk.visit import Back, Begin, Refusal, Said, Visit, advance, refusal, standing
from regulation.rules import Applicant, Channel, Service, load_rules
from screens.scene import Scene
from screens.views import view

RULES = load_rules(Path("config/rules.toml"))
SERVICES = catalogue(RULES)
SEEN = overviews(RULES)
SCENE = Scene(
    visit=None,
    now=NOW,
    site="渝北区社保服务大厅",
    window="3",
    banks=("重庆银行",),
    rules=RULES,
    services=SERVICES,
    tr=lambda text: text,
)
SLOTS = {*Service, "mending", "reprint"}


def at_menu(seen, paper=GROWN_UP, **known):
    facts = {"today": NOW.date(), "tapped": paper, "overview": seen} | known
    return Visit(SERVICES[menu.MENU], facts)


def shown(visit):
    return view(replace(SCENE, visit=visit))


def names(visit):
    return [choice.name for choice in shown(visit).choices]


def pressed(visit, name):
    choices = {choice.name: choice for choice in shown(visit).choices}
    return advance(visit, choices[name].say)


@pytest.mark.parametrize("seen", SEEN)
def test_each_service_is_offered_once_or_its_refusal_is_reachable(seen):
    """Nobody comes to a dead end: everything of the table is on one of the pages."""
    visit = at_menu(seen)
    offered = names(visit)[:-2]
    others = names(pressed(visit, "others"))
    further = names(pressed(pressed(visit, "others"), "elsewhere"))
    assert len(set(offered)) == len(offered)
    assert not set(offered) & set(others)
    assert set(offered) | set(others[:-1]) | set(further) >= {*Service} - (
        set() if seen.asked else {Service.NEW_BATCH}
    )
    assert set(offered) <= SLOTS


@pytest.mark.parametrize("seen", SEEN)
def test_what_is_offered_can_be_done_and_what_is_not_is_refused_at_once(seen):
    visit = at_menu(seen)
    for name in names(visit)[:-2]:
        begun = pressed(visit, name)
        done_here = name in HERE or name in ("mending", "reprint")
        assert (refusal(begun.facts) is None) == done_here, name
    for name in names(pressed(visit, "others"))[:-1]:
        step = standing(pressed(pressed(visit, "others"), name))
        assert step.name == "refusal"


@pytest.mark.parametrize("seen", SEEN)
def test_every_tile_has_a_line_that_says_why(seen):
    for page in (at_menu(seen), pressed(at_menu(seen), "others")):
        lines = [choice.subtitle for choice in shown(page).choices]
        assert all(lines)
        assert not any("{" in line or GROWN_UP.number in line for line in lines)


def test_a_blocked_pin_is_the_first_thing_to_mend():
    holder = next(seen for seen in SEEN if seen.cards and seen.cards[0].state == "ACTIVE")
    assert names(at_menu(holder, SS_CARD, pin_blocked=True))[0] == Service.PIN_RESET
    assert names(at_menu(holder, SS_CARD, pin_blocked=False))[0] == Service.LOSS_REPORT


def test_the_slip_of_today_comes_before_anything_new():
    seen = next(seen for seen in SEEN if seen.claim and seen.asked)
    assert names(at_menu(seen))[0] == "reprint"


def test_what_was_sent_back_comes_before_all():
    seen = next(seen for seen in SEEN if seen.mendable and seen.mendable.here)
    assert names(at_menu(seen))[0] == "mending"


def test_the_clerk_of_a_unit_is_offered_the_list_1_2():
    seen = next(each for each in SEEN if each.asked and each.can(Service.NEW_BATCH))
    begun = pressed(at_menu(seen), Service.NEW_BATCH)
    assert WHO.of(begun.facts) is Applicant.UNIT_CLERK


@pytest.mark.parametrize("name", sorted(HERE))
def test_a_paper_that_serves_is_not_asked_for_again(name):
    """Whoever laid it down has said for whom, and shown it: 规程 1.1.1, 3.1.1, 5.1, 6.1."""
    clerk = name is Service.NEW_BATCH
    who = Applicant.UNIT_CLERK if clerk else Applicant.SELF
    known = {"tapped": GROWN_UP, "who": who}
    begun = begin(SERVICES, RULES, name, NOW.date(), known)
    if any(step.name == "applicant" for step in begun.service.steps):
        assert begun.facts["applicant"] is GROWN_UP


def test_one_that_does_not_serve_there_is_asked_for_anew_6_1():
    """A loss is reported with the ID card: the social card that was put in does not do."""
    known = {"tapped": SS_CARD, "who": Applicant.SELF}
    begun = begin(SERVICES, RULES, Service.LOSS_REPORT, NOW.date(), known)
    assert "tapped" not in begun.facts
    assert standing(Visit(begun.service, begun.facts)).name == "applicant"


def test_an_expired_one_is_refused_at_once_1_1_1():
    known = {"tapped": EXPIRED, "who": Applicant.SELF}
    begun = begin(SERVICES, RULES, Service.NEW_INDIVIDUAL, NOW.date(), known)
    assert refusal(begun.facts).code == "F03"


def test_for_somebody_else_the_paper_stays_with_the_agent_1_1_1_2():
    visit = pressed(pressed(at_menu(SEEN[0]), "for_another"), Service.NEW_INDIVIDUAL)
    assert standing(visit).name == "who"
    assert visit.facts["tapped"] is GROWN_UP
    assert "applicant" not in visit.facts


def test_back_from_the_first_question_shows_again_what_can_be_done():
    visit = pressed(at_menu(SEEN[0], ADULT), Service.NEW_INDIVIDUAL)
    assert standing(visit).name == "notice"
    visit = advance(visit, Back())
    assert standing(visit).name == "who"
    (back,) = [button for button in shown(visit).foot if button.name == "back"]
    assert isinstance(back.say, Begin)
    visit = advance(visit, back.say)
    assert (visit.service.name, standing(visit).name) == ("menu", "menu")


def test_no_name_or_number_is_in_what_is_kept_of_the_look():
    for seen in SEEN:
        assert CHILD.number not in repr(seen)
        assert GROWN_UP.name not in repr(at_menu(seen))


def test_without_the_centre_the_table_alone_answers():
    seen = by_table(RULES)
    assert not seen.asked
    for name in Service:
        clerk = name in (Service.NEW_BATCH, Service.REPLACE_BATCH)
        who = Applicant.UNIT_CLERK if clerk else Applicant.SELF
        allowed = RULES.cell(name, who, Channel.KIOSK).allowed
        assert seen.can(name) == allowed
        assert seen.stands(name) == not_here(RULES, name, who)


def test_a_no_without_words_of_ours_is_told_in_the_centres():
    rows = [
        {"service": name, "outcome": "new_kind", "failure": "unheard_of", "clause": "9",
         "reason_zh": "明天再来"}
        for name in Service
    ]  # fmt: skip
    seen = overview_of({"services": rows, "cards": [], "cases": [], "mendable": None})
    assert seen.stands(Service.PIN_CHANGE) == Refusal("F34", "9", "：明天再来")
    lines = {choice.name: choice.subtitle for choice in _others(seen)}
    assert lines[Service.PIN_CHANGE] == "明天再来"


def _others(seen):
    return shown(advance(at_menu(seen), Said(Turn.OTHERS))).choices


def test_a_refusal_of_the_table_says_whose_it_is_and_the_clause():
    told = {
        (name, who): not_here(RULES, name, who)
        for name in Service
        for who in Applicant
        if not RULES.cell(name, who, Channel.KIOSK).allowed
    }
    assert len(told) == 43
    assert all(why.clause for why in told.values())
    assert told[Service.PIN_CHANGE, Applicant.AGENT_ADULT] == Refusal(
        "not_this_way", "5.1(2)", "self"
    )
    assert told[Service.NEW_BATCH, Applicant.SELF] == Refusal(
        "not_this_way", "1.2.2(2)", "unit_clerk"
    )
    assert told[Service.UNLOCK, Applicant.AGENT_ADULT] == Refusal("F49", "7.2")


@pytest.mark.parametrize(
    ("asked", "who", "instead"),
    [
        (Service.PIN_CHANGE, Applicant.AGENT_ADULT, Service.PIN_RESET),
        (Service.PIN_CHANGE, Applicant.AGENT_MINOR, Service.PIN_RESET),
        (Service.PIN_CHANGE, Applicant.UNIT_CLERK, None),
        (Service.NEW_INDIVIDUAL, Applicant.UNIT_CLERK, Service.NEW_BATCH),
        (Service.NEW_BATCH, Applicant.SELF, Service.NEW_INDIVIDUAL),
        (Service.REPLACE_BATCH, Applicant.AGENT_MINOR, Service.REPLACE_INDIVIDUAL),
        (Service.UNLOCK, Applicant.AGENT_ADULT, Service.PIN_RESET),
        (Service.CANCEL, Applicant.SELF, None),
    ],
)
def test_who_is_refused_goes_on_to_what_is_for_them_and_is_asked_nothing_twice(asked, who, instead):
    """5.1(2): an agent may not change a PIN, but have it reset; A15 for what is called unlocking."""
    visit = advance(Visit(SERVICES[asked], {"today": NOW.date()}), Said(who))
    page = shown(visit)
    buttons = {button.name: button for button in (page.primary, page.secondary) if button}
    assert "print_referral" in buttons
    assert ("onward" in buttons) == (instead is not None)
    if instead:
        after = advance(visit, buttons["onward"].say)
        assert after.service.name == instead
        assert WHO.of(after.facts) is who
        assert standing(after).name != "who"


@pytest.mark.parametrize("who", Applicant)
def test_the_page_and_the_slip_are_for_whoever_asked_5_1_2(who):
    visit = advance(Visit(SERVICES[Service.UNLOCK], {"today": NOW.date()}), Said(who))
    bring = {row.label: row.value for row in shown(visit).rows}["请带"]
    agent = who in {Applicant.AGENT_ADULT, Applicant.AGENT_MINOR}
    assert ("代办人" in bring) == agent
    assert people.kind(visit.facts) is who


def test_a_service_that_is_refused_to_whoever_is_known_begins_with_why():
    known = {"who": Applicant.AGENT_ADULT}
    begun = begin(SERVICES, RULES, Service.PIN_CHANGE, NOW.date(), known)
    assert begun.facts[REASON].clause == "5.1(2)"
