"""Each answer of the eligibility question."""

import pytest
from sqlalchemy import update

from central.cards.records import Card
from central.cards.states import CardState

CHILD = ("500103201011230033", "李小明")
NEARLY_ADULT = ("500103200811240040", "陈雨")
AGENT = ("50010319850612019X", "刘强")


def test_an_insured_person_without_a_card_is_eligible_1_1_1(ask):
    answer = ask()
    assert answer.status_code == 200
    assert answer.json() == {
        "outcome": "eligible",
        "name": "张三",
        "address": "重庆市渝中区示例路1号",
        "phone_masked": "138****8000",
        "ready_on": None,
        "voucher_no": None,
        "clause": "1.1.1(1),1.1.2(2),1.1.3(1)",
        "cards": [],
        "card_in_hand": False,
        "fee_fen": 0,
        "photo": "required",
        "sign": "screen",
        "voucher": "yes",
        "code_needed": False,
    }


def test_a_lower_case_x_is_the_same_person(ask, who):
    assert ask(who("11010519491231002x")).json()["outcome"] == "eligible"


@pytest.mark.parametrize("name", ["阿依古丽·买买提", "阿依古丽•买买提"])
def test_a_cancelled_card_is_no_card_and_any_dot_is_the_dot(ask, who, name):
    assert ask(who("50010319490315001X", name)).json()["outcome"] == "eligible"


@pytest.mark.parametrize(
    ("number", "name", "outcome", "clause"),
    [
        ("50010319850612019X", "刘强", "has_card", "3.1"),
        ("500103200002290021", "赵敏", "not_insured", "1.1.1(1),1.1.2(2),1.1.3(1)"),
        ("810000199001010019", "周立", "in_batch_data_generated", "1.3"),
        ("820000199001010010", "吴霞", "in_batch_in_production", "1.2.3"),
        ("830000199001010012", "不在", "unknown_person", "1.1.1(1),1.1.2(2),1.1.3(1)"),
        ("50010319850612019X", "刘强强", "unknown_person", "1.1.1(1),1.1.2(2),1.1.3(1)"),
    ],
)
def test_what_stands_in_the_way_and_nothing_more(ask, who, number, name, outcome, clause):
    body = ask(who(number, name)).json()
    assert (body["outcome"], body["clause"], body["name"]) == (outcome, clause, name)
    assert body["address"] is body["phone_masked"] is body["voucher_no"] is None


def test_a_card_in_production_is_ready_after_ten_working_days_1_2_3(ask, who):
    body = ask(who("820000199001010010", "吴霞")).json()
    assert body["ready_on"] == "2026-12-07"  # from Monday 23 November, without holidays


@pytest.mark.parametrize("state", ["SEALED", "TEMPORARY_LOSS", "LOSS", "LOCKED"])
def test_a_lost_or_locked_card_is_replaced_not_applied_for_3_1(centre, ask, who, state):
    with centre.database.write() as session:
        session.execute(update(Card).values(state=CardState(state)))
    assert ask(who(*AGENT)).json()["outcome"] == "has_card"


def test_an_open_application_tells_its_voucher_alone(ask, submit):
    voucher_no = submit().json()["voucher_no"]
    body = ask().json()
    assert (body["outcome"], body["voucher_no"]) == ("application_open", voucher_no)
    assert body["address"] is body["phone_masked"] is None


def test_a_passport_holder_is_found_by_its_number_1_1_1(ask, who):
    answer = ask(who("L898902C3", "Eriksson Anna Maria", "passport"))
    assert answer.json()["outcome"] == "eligible"


def test_an_agent_for_a_minor_1_1_1_2(ask, who):
    for paper in ("resident_id", "household_register"):
        answer = ask(who(*CHILD, paper), who(*AGENT), "agent_minor")
        assert answer.json()["outcome"] == "eligible"


@pytest.mark.parametrize("kind", ["agent_adult", "agent_minor"])
def test_on_the_18th_birthday_both_ways_are_right_a17(ask, who, clock, kind):
    clock.now = clock.now.replace(day=24)
    assert ask(who(*NEARLY_ADULT), who(*AGENT), kind).json()["outcome"] == "eligible"


@pytest.mark.parametrize(
    ("day", "kind", "expected"),
    [(23, "agent_adult", "applicant-not-adult"), (25, "agent_minor", "applicant-not-minor")],
)
def test_a_day_off_the_18th_birthday_one_way_is_wrong_a17(
    ask, who, clock, problem, day, kind, expected
):
    clock.now = clock.now.replace(day=day)
    answer = ask(who(*NEARLY_ADULT), who(*AGENT), kind)
    assert answer.status_code == 422
    assert problem(answer) == expected
    assert answer.json()["reason_zh"]


def test_an_agents_daily_limit_is_told_before_anything_else(ask, submit, who, clock):
    agent = who(*AGENT)
    for number, name in (("11010519491231002X", "张三"), ("50010319490315001X", "阿依古丽·买买提")):
        done = submit(applicant_kind="agent_adult", applicant=who(number, name), agent=agent)
        assert done.status_code == 201
    assert ask(who(*CHILD), agent, "agent_minor").json()["outcome"] == "agent_limit"
    assert ask(who(*CHILD)).json()["outcome"] == "eligible"
    clock.now = clock.now.replace(day=24)
    assert ask(who(*CHILD), agent, "agent_minor").json()["outcome"] == "eligible"


def test_an_agents_two_papers_count_together(ask, submit, who):
    card = who("A00000001", "刘强", "ss_card")
    for number, name, agent in (
        ("11010519491231002X", "张三", card),
        ("50010319490315001X", "阿依古丽·买买提", who(*AGENT)),
    ):
        done = submit(applicant_kind="agent_adult", applicant=who(number, name), agent=agent)
        assert done.status_code == 201
    assert ask(who(*CHILD), card, "agent_minor").json()["outcome"] == "agent_limit"
