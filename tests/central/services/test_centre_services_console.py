"""The window's services at the console: looked at, done, told; two persons where it hurts."""

import re
import uuid

import pytest
from sqlalchemy import select

from central.applications.records import Application
from central.audit.records import AuditEntry
from central.cards.states import CardState
from central.people.records import find_person
from regulation.rules import Service

PATH = "/console/services"


@pytest.fixture
def form():
    """What a clerk types for somebody."""

    def form(service, someone, agent=None, paper="resident_id", **more):
        shown = someone.shows(paper)
        told = {
            "service": service,
            "kind": "agent_adult" if agent else "self",
            "paper": paper,
            "number": shown["number"],
            "name": shown["name"],
        }
        if agent:
            told |= {"agent_number": agent.number, "agent_name": agent.name}
        return told | more

    return form


@pytest.fixture
def window(sign_in, form):
    """A clerk looks, then does it with the key of the page; gives both pages."""
    browser = sign_in("clerk")

    def window(service, someone, agent=None, paper="resident_id", **more):
        told = form(service, someone, agent, paper)
        looked = browser.post(f"{PATH}/look", told, back=PATH)
        key = re.search(r'name="key" value="([0-9a-f-]{36})"', looked.text)
        assert key, looked.text
        return looked, browser.post(PATH, told | more | {"key": key[1]}, back=PATH)

    return window


DONE = [
    (Service.ACTIVATE, CardState.SEALED, CardState.ACTIVE),
    (Service.LOSS_REPORT, CardState.ACTIVE, CardState.LOSS),
    (Service.LOSS_CANCEL, CardState.LOSS, CardState.ACTIVE),
    (Service.UNLOCK, CardState.LOCKED, CardState.ACTIVE),
    (Service.CANCEL, CardState.ACTIVE, CardState.CANCELLED),
    (Service.STATUS_QUERY, CardState.LOSS, CardState.LOSS),
    (Service.PIN_CHANGE, CardState.ACTIVE, CardState.ACTIVE),
    (Service.PIN_RESET, CardState.ACTIVE, CardState.ACTIVE),
]


@pytest.mark.parametrize(("service", "before", "after"), DONE)
def test_a_service_is_done_at_the_window(window, town, centre, service, before, after):
    someone = town.person(card=before)
    looked, done = window(service, someone)
    assert "办好了" in done.text
    assert town.state_of(someone) is after
    with centre.database.read() as session:
        case = session.scalars(select(Application)).one()
        assert done.url.path == f"{PATH}/{case.voucher_no}"
        assert (case.channel, case.kiosk_id, case.state) == ("window", "W301", "DONE")
        acts = session.execute(select(AuditEntry.action, AuditEntry.actor)).all()
    assert {actor for _, actor in acts} == {"user:li.na"}
    assert "person.looked_at" in {action for action, _ in acts}
    for page in (looked, done):
        assert someone.number not in str(page.url)
    assert someone.number not in done.text


def test_address_and_phone_are_changed_at_the_window_4(window, town, centre):
    someone = town.person(card=CardState.ACTIVE)
    looked, _ = window("info_change", someone, phone="139 0013 9000")
    assert "138****8000" in looked.text
    with centre.database.read() as session:
        assert find_person(session, someone.number).phone == "13900139000"


def test_a_replacement_goes_on_as_a_case_3_1(window, town):
    _, done = window("replace_individual", town.person(card=CardState.ACTIVE), reason="damaged")
    assert "待窗口受理" in done.text
    assert 'href="/console/cases/CQ-W301-' in done.text


def test_a_refusal_says_why_with_its_clause(sign_in, form, town):
    told = form("unlock", town.person(card=CardState.ACTIVE))
    page = sign_in("clerk").post(f"{PATH}/look", told, back=PATH)
    assert "这张卡状态正常，不需要办理这项业务" in page.text
    assert "7.1(1),7.2(1)" in page.text
    told = form("pin_change", town.person(card=CardState.ACTIVE), town.person())
    page = sign_in("clerk").post(f"{PATH}/look", told, back=PATH)
    assert "密码修改不能这样办理" in page.text
    assert "5.1(2)" in page.text


def test_an_agent_who_is_the_applicant_is_told_in_chinese(sign_in, form, town):
    someone = town.person(card=CardState.ACTIVE)
    told = form(Service.LOSS_REPORT, someone, agent=someone)
    page = sign_in("clerk").post(f"{PATH}/look", told, back=PATH)
    assert "代办人和申办人是同一个人" in page.text


def test_an_agent_with_the_very_card_is_asked_at_the_window_a13(window, town):
    someone, agent = town.person(card=CardState.ACTIVE), town.person()
    looked, done = window("loss_report", someone, agent, "ss_card")
    assert "代办人手中正是这张卡" in looked.text
    assert "仍要挂失吗" in done.text
    _, done = window("loss_report", someone, agent, "ss_card", in_hand="true")
    assert town.state_of(someone) is CardState.LOSS


def test_a_form_sent_twice_is_done_once(sign_in, form, town, centre):
    someone, browser = town.person(card=CardState.ACTIVE), sign_in("clerk")
    told = form("status_query", someone, key=str(uuid.uuid4()))
    pages = [browser.post(PATH, told, back=PATH) for _ in range(2)]
    assert pages[0].url == pages[1].url
    with centre.database.read() as session:
        assert len(session.scalars(select(Application)).all()) == 1


def test_a_roll_back_needs_two_persons_9(window, town, sign_in, centre):
    someone = town.person(card=CardState.CANCELLED)
    looked, done = window("rollback", someone)
    assert "要两个人" in looked.text
    assert "双人复核" in done.text
    assert town.state_of(someone) is CardState.CANCELLED
    second = sign_in("supervisor", login="wang.wei")
    page = second.get("/console/approvals").text
    action = re.search(r'action="(/console/approvals/\d+/approve)"', page)[1]
    assert someone.number not in page
    second.post(action, back="/console/approvals")
    assert town.state_of(someone) is CardState.ACTIVE
    with centre.database.read() as session:
        case = session.scalars(select(Application)).one()
        assert case.state == "DONE"
        done = select(AuditEntry.actor).where(AuditEntry.action == "card.roll_back")
        assert session.scalars(done).all() == ["user:wang.wei"]


def test_what_changed_before_the_second_person_is_judged_anew_9(window, town, sign_in, problem):
    someone = town.person(card=CardState.CANCELLED)
    window("rollback", someone)
    town.card(someone, CardState.SEALED)
    second = sign_in("supervisor", login="wang.wei")
    page = second.get("/console/approvals").text
    action = re.search(r'action="(/console/approvals/\d+/approve)"', page)[1]
    answer = second.post(action, back="/console/approvals")
    assert "您名下已有另一张有效的社保卡" in answer.text
    assert town.state_of(someone) is CardState.CANCELLED


@pytest.mark.parametrize(
    "change", [{"number": ""}, {"name": "\x07"}, {"service": "tea"}, {"key": "x"}]
)
def test_what_is_typed_wrongly_is_told_and_nothing_is_done(sign_in, form, town, centre, change):
    told = form("cancel", town.person(card=CardState.ACTIVE), key=str(uuid.uuid4())) | change
    page = sign_in("clerk").post(PATH, told, back=PATH)
    assert "填写不完整或格式不对" in page.text
    with centre.database.read() as session:
        assert session.scalars(select(Application)).all() == []


@pytest.mark.parametrize("role", ["operator", "auditor"])
def test_others_than_the_windows_people_have_no_such_page(sign_in, role):
    assert sign_in(role).get(PATH).status_code == 403
