"""What stands in the way of reporting a card lost, releasing it, or replacing it (规程 3.1, 6).

Each is made to happen at a real centre, and where a card is the paper, in a real reader.
"""

from dataclasses import replace

import pytest

from central.cards.records import Card
from central.cards.states import CardState
from central.centre import Settings
from screens.failure_words import FAILURES
from tests.faults.at_slot import AtSlot

DAY_S = 86_400


@pytest.fixture
def central():
    """A loss is temporary, for a week (reading A14)."""
    return Settings(loss_kind="temporary", loss_days=7, hsm="demo")


@pytest.fixture
def settings(settings, bench):
    port = bench.addresses(0)["social_card"]
    return replace(settings, social_card_driver="crt591", social_card_port=port)


@pytest.fixture
def at_slot(citizen):
    """Somebody before the slot, who takes the card along in the end."""
    slot = AtSlot(citizen)
    yield slot
    if citizen.view.step != "home":
        citizen.press("home")
        slot.takes()


def wants(citizen, service, person, to):
    """Somebody asks for a service with their ID card."""
    return citizen.begin(person, to=to, service=service)


def done(citizen, service, person):
    wants(citizen, service, person, "done")
    view = citizen.view
    citizen.go_home()
    return view


# ---- reporting


def test_a_temporary_loss_says_when_it_ends(citizen):
    """Reading A14: the kind and the end are the centre's words."""
    view = done(citizen, "loss_report", "has_card")
    assert view.rows[0].value.startswith("*****0002　**临时挂失**，到 11月30日 10:00 自动解除")
    assert view.rows[1].value == "须另向中国工商银行挂失：**95588**"


@pytest.mark.parametrize(
    ("person", "code"), [("zhang_san", "no_card"), ("card_locked", "card_locked")]
)
def test_there_is_no_card_that_could_be_lost(citizen, applications, person, code):
    wants(citizen, "loss_report", person, "refusal")
    citizen.refused(code)
    assert applications() == []
    citizen.served()


@pytest.mark.parametrize("service", ["loss_report", "loss_cancel"])
def test_paper_lacking_is_said_at_once(citizen, applications, service):
    """Reading A6: one screen after it was said, with the window as the way out."""
    citizen.press(service, "agent_minor")
    citizen.wait("applicant")
    citizen.press("other_paper")
    citizen.refused("paper_lacking")
    assert applications() == []
    citizen.served()


# ---- releasing


def test_f17_the_loss_has_lapsed(citizen):
    done(citizen, "loss_report", "has_card")
    citizen.silence(8 * DAY_S)
    wants(citizen, "loss_cancel", "has_card", "refusal")
    citizen.refused("F17")
    citizen.served()


def test_loss_released_before(citizen):
    done(citizen, "loss_report", "has_card")
    view = done(citizen, "loss_cancel", "has_card")
    assert view.rows[0].value == "*****0002　**正常**"
    wants(citizen, "loss_cancel", "has_card", "refusal")
    citizen.refused("loss_released")


def test_not_lost_at_all(citizen):
    wants(citizen, "loss_cancel", "has_card", "refusal")
    citizen.refused("not_lost")


def test_f18_another_card_is_being_made(citizen):
    """Found again after all: the replacement has to be withdrawn at the window first."""
    replaces(citizen, "card_lost", "lost")
    citizen.to("done")
    citizen.go_home()
    wants(citizen, "loss_cancel", "card_lost", "refusal")
    citizen.refused("F18")


def test_f05_another_card_than_the_lost_one(at_slot, citizen, centre):
    """The one in the slot is the holder's, too, and was not reported."""
    with centre.database.write() as session:
        holder = session.query(Card).filter_by(number="A00000011").one().id_number
        lost = Card(
            number="A00000098",
            identifier="500000D15600000500000098FFFFFFFF",
            id_number=holder,
            state=CardState.LOSS,
            state_before=CardState.ACTIVE,
        )
        session.add(lost)
    citizen.press("loss_cancel", "self")
    citizen.wait("applicant")
    at_slot.puts_in("card_sealed")
    assert citizen.to("refusal").title == FAILURES["F05"].text


def test_the_found_card_releases_its_own_loss(at_slot, citizen, applications):
    """规程 6.1(1): 身份证 or 社保卡."""
    citizen.press("loss_cancel", "self")
    citizen.wait("applicant")
    at_slot.puts_in("card_lost")
    citizen.to("give_card")
    at_slot.takes()
    citizen.wait("done")
    citizen.press("finish")
    citizen.wait("home")
    (row,) = applications()
    assert (row["service"], row["applicant"]["paper"]) == ("loss_cancel", "ss_card")


# ---- replacing


def replaces(citizen, person, why, to="portrait_choice"):
    citizen.wait("home")
    citizen.press("replace_individual", why, "self", "primary")
    citizen.wait("applicant")
    citizen.place(person)
    view = citizen.to(to)
    if to == "portrait_choice":
        citizen.press("keep")
    return view


def test_report_loss_first_and_whoever_will_not_goes_with_a_slip(citizen, applications):
    """规程 3.1, 6: declined kindly, with where to go."""
    view = replaces(citizen, "has_card", "lost", to="refusal")
    assert (view.primary.name, view.primary.text) == ("onward", "现在挂失")
    citizen.refused("report_loss_first")
    assert applications() == []
    citizen.served()


def test_report_loss_first_and_then_the_new_card(citizen, applications):
    replaces(citizen, "has_card", "lost", to="refusal")
    citizen.press("onward")
    citizen.to("done")
    assert citizen.view.primary.text == "接着补领新卡"
    citizen.press("replace_now")
    citizen.to("portrait_choice")
    citizen.press("keep")
    citizen.to("done")
    citizen.voucher()
    assert [row["service"] for row in applications()] == ["loss_report", "replace_individual"]


def test_loss_needs_id_which_this_person_has_not(citizen, centre, applications):
    """Reading A6: a passport replaces a card, and reports none lost."""
    with centre.database.write() as session:
        session.add(
            Card(
                number="A00000097",
                identifier="500000D15600000500000097FFFFFFFF",
                id_number="L898902C3",
                state=CardState.ACTIVE,
            )
        )
    citizen.press("replace_individual", "lost", "self", "primary", "other_paper", "passport")
    citizen.press("take_picture")
    citizen.wait("page_keep")
    citizen.press("primary")
    for text in ("L898902C3", "ERIKSSON ANNA MARIA", "20300501"):
        citizen.type(text)
    citizen.press("primary")
    citizen.wait("refusal")
    assert "onward" not in citizen.buttons()
    citizen.refused("loss_needs_id")
    assert applications() == []


def test_f19_a_cancelled_card_as_the_paper(at_slot, citizen):
    citizen.press("replace_individual", "damaged", "self", "primary")
    citizen.wait("applicant")
    at_slot.puts_in("card_cancelled")
    assert citizen.to("refusal").title == FAILURES["F19"].text


def test_f20_an_agents_card_that_was_never_activated(at_slot, citizen):
    citizen.press("loss_report", "agent_adult")
    citizen.wait("applicant")
    citizen.place("has_card")
    citizen.wait("agent")
    citizen.take()
    at_slot.puts_in("card_sealed")
    assert citizen.to("refusal").title == FAILURES["F20"].text


def test_card_unknown_is_nobodys(at_slot, citizen, centre):
    """A card of the region that the centre has never heard of."""
    with centre.database.write() as session:
        session.delete(session.query(Card).filter_by(number="A00000011").one())
    citizen.press("loss_cancel", "self")
    citizen.wait("applicant")
    at_slot.puts_in("card_sealed")
    assert citizen.to("refusal").title == FAILURES["card_unknown"].text
