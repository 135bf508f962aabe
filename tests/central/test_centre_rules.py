"""The centre enforces the rules table itself, and every refusal of a rule has its clause."""

import pytest

from regulation.rules import load_rules

AGENT = ("50010319850612019X", "刘强")
CHILD = ("500103201011230033", "李小明")


class TestSwitchedOff:
    @pytest.fixture
    def rules_text(self, rules_text):
        name = "minor_agent_new_card_at_kiosk"
        text = rules_text.replace(f"{name} = true", f"{name} = false")
        assert not load_rules(text).switches.minor_agent_new_card_at_kiosk
        return text

    def test_an_agent_for_a_minor_is_refused_at_the_kiosk_a1(self, ask, submit, who, problem):
        people = {"applicant": who(*CHILD), "agent": who(*AGENT)}
        for answer in (
            ask(kind="agent_minor", **people),
            submit(applicant_kind="agent_minor", **people),
        ):
            assert (answer.status_code, problem(answer)) == (403, "not-allowed")
            assert answer.json()["clause"].startswith("1.1.1(2)")


BOTH = pytest.mark.parametrize("way", ["ask", "submit"])


@pytest.fixture
def refused(request, problem):
    """Sends the same people by both ways and gives the problem and the failure's code."""

    def refused(way, kind, applicant, agent=None):
        send = request.getfixturevalue(way)
        name = "kind" if way == "ask" else "applicant_kind"
        answer = send(**{name: kind}, applicant=applicant, agent=agent)
        assert 400 <= answer.status_code < 500
        return problem(answer), answer.json()["citizen_message_key"], answer.json()["clause"]

    return refused


@BOTH
def test_a_social_card_is_no_paper_for_a_new_card_1_1_1(refused, who, way):
    kind, code, clause = refused(way, "self", who("A00000001", "刘强", "ss_card"))
    assert (kind, code) == ("paper-not-accepted", "F08")
    assert clause


@BOTH
def test_a_household_register_serves_minors_alone_1_1_1(refused, who, way):
    paper = who("11010519491231002X", "张三", "household_register")
    assert refused(way, "self", paper)[0] == "paper-not-accepted"
    assert refused(way, "agent_adult", paper, who(*AGENT))[0] == "paper-not-accepted"
    assert refused(way, "agent_minor", paper, who(*AGENT))[0] == "applicant-not-minor"


@BOTH
@pytest.mark.parametrize("number", ["110105194912310021", "11010519491331002X", "110105491231002"])
def test_an_impossible_number_is_refused_gb_11643(refused, who, way, number):
    assert refused(way, "self", who(number))[:2] == ("number-impossible", "F04")


@BOTH
def test_an_agent_is_another_person_1_1_1_2(refused, who, way):
    for number in ("11010519491231002X", "11010519491231002x"):
        kind, code, clause = refused(way, "agent_adult", who(), who(number))
        assert (kind, code) == ("agent-is-applicant", "F06")
        assert clause


@BOTH
def test_an_agent_is_18_a23(refused, who, way):
    assert refused(way, "agent_adult", who(), who(*CHILD))[:2] == ("agent-too-young", "F07")


@BOTH
def test_an_agents_paper_is_an_id_or_a_social_card_1_1_1_2(refused, who, way):
    agent = who("L898902C3", "ERIKSSON ANNA MARIA", "passport")
    assert refused(way, "agent_adult", who(), agent)[:2] == ("paper-not-accepted", "F08")


@BOTH
def test_an_agent_is_there_when_there_must_be_one_1_1_1_2(refused, who, way):
    assert refused(way, "agent_adult", who())[0] == "agent-missing"
    assert refused(way, "self", who(), who(*AGENT))[0] == "agent-not-expected"


@BOTH
@pytest.mark.parametrize(
    ("number", "name", "key"),
    [
        ("A00000001", "别人", "card_unknown"),
        ("A00000002", "刘强", "card_unknown"),
        ("A00000009", "阿依古丽·买买提", "F19"),
    ],
)
def test_an_agents_card_must_prove_something_1_1_1_2(refused, who, way, number, name, key):
    agent = who(number, name, "ss_card")
    assert refused(way, "agent_adult", who(), agent)[:2] == ("agent-card-unusable", key)


@BOTH
def test_an_agents_card_may_not_be_the_applicants_1_1_1_2(refused, who, way):
    agent = who("A00000001", "刘强", "ss_card")
    assert refused(way, "agent_adult", who(*AGENT), agent)[0] == "agent-is-applicant"
