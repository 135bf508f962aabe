"""What a paper on the reader shows at once: every service, its reason, and what is on its way."""

import dataclasses

import pytest
from sqlalchemy import text

from central.audit.records import SYSTEM
from central.cards.ledger import Act, befall, digest
from central.cards.records import Card
from central.cards.states import CardEvent, CardState
from regulation.rules import Service

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)

HERE = {"new_individual", "replace_individual", "pin_change", "pin_reset", "loss_report"}
HERE |= {"loss_cancel", "new_batch"}


@pytest.fixture
def look(client):
    """The overview of who shows a paper."""

    def look(paper):
        answer = client.post("/v1/eligibility/overview", json={"applicant": paper})
        assert answer.status_code == 200, answer.text
        return answer.json()

    return look


@pytest.fixture
def befalls(centre):
    """Lets an event befall somebody's card."""

    def befalls(someone, event, **changes):
        with centre.database.write() as session:
            card = session.get(Card, someone.card)
            befall(session, card, event, Act(SYSTEM, centre.clock()))
            for name, value in changes.items():
                setattr(card, name, value)

    return befalls


def by_service(told):
    return {each["service"]: each for each in told["services"]}


def failures(told):
    return {
        name: each["failure"] or each["outcome"]
        for name, each in by_service(told).items()
        if each["allowed"]
    }


CARDS = {
    CardState.ACTIVE: ("F12", "eligible", "eligible", "eligible", "not_lost"),
    CardState.SEALED: ("F12", "eligible", "F20", "eligible", "not_lost"),
    CardState.LOSS: ("F12", "eligible", "F16", "F16", "eligible"),
    CardState.TEMPORARY_LOSS: ("F12", "eligible", "F16", "eligible", "eligible"),
    CardState.LOCKED: ("F12", "eligible", "card_locked", "card_locked", "card_locked"),
    CardState.CANCELLED: ("eligible", "no_card", "no_card", "no_card", "no_card"),
    None: ("eligible", "no_card", "no_card", "no_card", "no_card"),
}


@pytest.mark.parametrize("state", CARDS)
def test_what_can_be_done_now_goes_by_the_card(look, town, state):
    someone = town.person(card=state)
    told = look(someone.shows("resident_id"))
    new, replace, pin, report, release = CARDS[state]
    assert failures(told) == {
        "new_individual": new,
        "new_batch": "F43",
        "replace_individual": replace,
        "pin_change": pin,
        "pin_reset": pin,
        "loss_report": report,
        "loss_cancel": release,
    }
    assert told["known"] is True
    assert told["phone_masked"] == "138****8000"
    assert [card["card"] for card in told["cards"]] == (
        [digest(someone.card)] if state and state is not CardState.CANCELLED else []
    )


def test_all_fifteen_are_told_in_the_order_of_the_table_and_the_rest_sends_on(look, town, centre):
    told = look(town.person(card=CardState.ACTIVE).shows("resident_id"))
    assert [each["service"] for each in told["services"]] == list(centre.rules.words)
    assert len(told["services"]) == len(Service)
    for name, each in by_service(told).items():
        assert each["allowed"] is (name in HERE), name
        assert each["clause"]
        assert each["route"]
        if not each["allowed"]:
            assert (each["outcome"], each["failure"]) == ("not_allowed", "F49")
            assert "可以：" in each["reason_zh"]


@pytest.mark.parametrize("state", CARDS)
def test_it_says_what_a_question_about_each_service_says(look, town, client, state):
    someone = town.person(card=state)
    for paper in ("resident_id", "ss_card") if state else ("resident_id",):
        for each in look(someone.shows(paper))["services"]:
            question = {
                "service": each["service"],
                "applicant_kind": each["applicant_kind"],
                "applicant": someone.shows(paper),
            }
            answer = client.post("/v1/eligibility", json=question).json()
            if "outcome" in answer:
                assert (each["outcome"], each["clause"]) == (answer["outcome"], answer["clause"])
            else:
                urn = f"urn:social-card:problem:{each['outcome'].replace('_', '-')}"
                assert (urn, each["failure"]) == (answer["type"], answer["citizen_message_key"])
                assert each["reason_zh"] == answer["reason_zh"]


def test_a_found_card_is_its_holders_paper_to_release_it_alone_6_1(look, town):
    someone = town.person(card=CardState.LOSS)
    told = failures(look(someone.shows("ss_card")))
    assert told["loss_cancel"] == told["replace_individual"] == "eligible"
    assert told["pin_reset"] == "F16"
    assert told["loss_report"] == "F08"


def test_nobody_unknown_is_told_anything_but_the_table(look, town, who):
    someone = town.person(card=CardState.ACTIVE)
    strangers = [
        who("830000199001010012", "不在"),
        someone.shows("resident_id") | {"name": "王五"},
    ]
    for stranger in strangers:
        told = look(stranger)
        assert told["known"] is False
        assert (told["cards"], told["cases"], told["phone_masked"]) == ([], [], None)
        keys = {each["failure"] for each in told["services"]}
        assert keys == {"F15", "F43", "F49"}
        assert not any(each["card"] for each in told["services"])
    told = look(someone.shows("ss_card") | {"number": "Z99999999"})
    assert (told["known"], failures(told)["pin_change"]) == (False, "card_unknown")


def test_nothing_eligible_tells_neither_cards_nor_phone(look, town, centre):
    someone = town.person(card=CardState.CANCELLED)
    with centre.database.write() as session:
        session.execute(
            text("UPDATE person SET insured = false WHERE id_number = :it"), {"it": someone.number}
        )
    told = look(someone.shows("resident_id"))
    assert (told["known"], told["cards"], told["phone_masked"]) == (True, [], None)
    assert failures(told)["new_individual"] == "F15"


def test_a_case_on_its_way_is_told_with_its_voucher(look, town, take, body, cell):
    someone = town.person(card=CardState.ACTIVE)
    paper = someone.shows("resident_id")
    row = cell("replace_individual", channel="kiosk")
    taken = take(body(row, paper, reason="damaged")).json()
    told = look(paper)
    (case,) = told["cases"]
    assert (case["voucher_no"], case["state"]) == (taken["voucher_no"], "SUBMITTED")
    assert case["progress_zh"] == taken["progress_zh"]
    open_ = by_service(told)["replace_individual"]
    assert (open_["outcome"], open_["failure"]) == ("application_open", "application_open")
    assert open_["voucher_no"] == taken["voucher_no"]


def test_a_clerk_sees_the_units_batch_1_2(look, town):
    someone = town.person()
    town.unit(someone)
    assert failures(look(someone.shows("resident_id")))["new_batch"] == "eligible"


def test_it_changes_nothing(look, town, centre):
    someone = town.person(card=CardState.ACTIVE)
    counted = "SELECT (SELECT count(*) FROM audit_entry), (SELECT count(*) FROM notice)"

    def count():
        with centre.database.read() as session:
            return session.execute(text(counted)).one()

    before = count()
    look(someone.shows("resident_id"))
    assert count() == before


@pytest.mark.parametrize(
    ("device", "problem_"),
    [("app:x", "device-forbidden"), ("phone:x", "device-forbidden"), ("station:W", None)],
)
def test_it_is_for_kiosks_alone(client, town, problem, device, problem_):
    body = {"applicant": town.person().shows("resident_id")}
    answer = client.post("/v1/eligibility/overview", json=body, headers={"X-Device": device})
    assert (answer.status_code, problem(answer)) == (403, problem_ or "device-forbidden")


def test_a_loss_that_ended_is_told_apart_from_one_that_never_was_6_1(look, town, befalls):
    def release(someone):
        return by_service(look(someone.shows("resident_id")))["loss_cancel"]

    never, lapsed, released = (town.person(card=CardState.ACTIVE) for _ in range(3))
    befalls(lapsed, CardEvent.REPORT_TEMPORARY_LOSS, loss_expires_at="2026-11-23T09:59:00+08:00")
    befalls(released, CardEvent.REPORT_LOSS)
    befalls(released, CardEvent.RELEASE_LOSS)
    assert release(never)["failure"] == "not_lost"
    assert release(lapsed)["failure"] == "F17"
    assert release(released)["failure"] == "loss_released"
    befalls(lapsed, CardEvent.LAPSE)
    assert release(lapsed)["failure"] == "F17"


def test_who_has_a_new_card_cannot_release_the_old_one_6_1(look, town, befalls, centre):
    someone = town.person(card=CardState.ACTIVE)
    befalls(someone, CardEvent.REPORT_LOSS)
    befalls(someone, CardEvent.REPLACE)
    old = by_service(look(someone.shows("ss_card")))
    assert (old["loss_cancel"]["failure"], old["pin_change"]["failure"]) == ("F18", "F19")
    town.card(someone, CardState.ACTIVE, replaces=someone.card)
    new = by_service(look(someone.shows("resident_id")))
    assert (new["loss_cancel"]["failure"], new["pin_change"]["outcome"]) == ("F18", "eligible")


def test_a_release_while_another_card_is_made_says_so_6_1(look, town, take, body, cell):
    someone = town.person(card=CardState.LOSS)
    paper = someone.shows("resident_id")
    taken = take(body(cell("replace_individual", channel="kiosk"), paper, reason="lost")).json()
    told = by_service(look(paper))["loss_cancel"]
    assert (told["failure"], told["voucher_no"]) == ("F18", taken["voucher_no"])


def test_the_card_of_another_is_another_persons_5_1(client, town):
    someone, other = (town.person(card=CardState.ACTIVE) for _ in range(2))
    question = {
        "service": "pin_change",
        "applicant_kind": "self",
        "applicant": someone.shows("resident_id"),
        "card": digest(other.card),
    }
    assert client.post("/v1/eligibility", json=question).json()["citizen_message_key"] == "F05"


@pytest.mark.parametrize(("policy", "needed"), [("allow", False), ("otp", True)])
def test_an_agent_is_told_that_a_code_is_needed_a10(client, town, centre, policy, needed):
    centre.rules.switches = dataclasses.replace(
        centre.rules.switches, pin_reset_by_agent_at_kiosk=policy
    )
    someone, agent = (town.person(card=CardState.ACTIVE) for _ in range(2))
    question = {
        "service": "pin_reset",
        "applicant_kind": "agent_adult",
        "applicant": someone.shows("ss_card"),
        "agent": agent.shows("resident_id"),
    }
    assert client.post("/v1/eligibility", json=question).json()["code_needed"] is needed
