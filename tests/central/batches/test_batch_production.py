"""From the window to the maker and back: who may do what when (规程 1.2.2, 1.3, 3.2.2)."""

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy import select

from central.audit.chain import broken_at
from central.audit.records import AuditEntry
from central.batches import maker, production, service
from central.batches.records import Batch, count_members, live_membership
from central.batches.states import BatchState, MemberState
from central.centre import Settings
from central.problems import Kind, ProblemError

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def settings():
    return Settings(outlets={"0017": "W301"})


@pytest.fixture
def batch_no(a_list, people, send):
    """Three people's batch, submitted."""
    return send(a_list(people(3))).json()["batch_no"]


def state_of(centre, batch_no):
    with centre.database.read() as session:
        return session.get(Batch, batch_no).state


@pytest.fixture
def refused():
    """The kind of the problem that a piece of work raises."""

    def refused(work, *arguments, **more):
        with pytest.raises(ProblemError) as error:
            work(*arguments, **more)
        assert error.value.problem.reason_zh or error.value.kind is Kind.IN_BATCH_IN_PRODUCTION
        return error.value.kind

    return refused


def test_a_batch_goes_its_way_and_every_step_is_in_the_audit(window, batch_no, centre):
    window.make(batch_no)
    assert state_of(centre, batch_no) is BatchState.READY
    assert {each.state for each in window.members(batch_no)} == {MemberState.MADE}
    with centre.database.read() as session:
        rows = list(session.scalars(select(AuditEntry).order_by(AuditEntry.seq)))
    ours = [row.action for row in rows if row.target == batch_no]
    assert ours == [
        f"batch.{verb}" for verb in ("submit", "accept", "generate", "produce", "results", "finish")
    ]
    assert broken_at(rows) is None
    for each in window.members(batch_no):
        assert all(each.id_number not in row.details for row in rows)


def test_another_outlet_moves_nothing(window, batch_no, centre, refused):
    for do in (production.accept, production.withdraw):
        assert refused(window.at, batch_no, do, outlet="W999") is Kind.BATCH_OTHER_OUTLET
    assert state_of(centre, batch_no) is BatchState.SUBMITTED


def test_two_clerks_accept_once(window, batch_no, refused):
    window.at(batch_no, production.accept)
    assert refused(window.at, batch_no, production.accept) is Kind.BATCH_STATE_FORBIDS


def test_a_rejected_batch_lets_its_people_go(window, batch_no, centre, a_list, people, send):
    window.at(batch_no, production.reject, "照片不清楚")
    assert {each.state for each in window.members(batch_no)} == {MemberState.DROPPED}
    with centre.database.read() as session:
        assert session.get(Batch, batch_no).reason == "照片不清楚"
    assert send(a_list(people(3))).status_code == 201


def test_the_list_for_the_maker_holds_what_a_card_shows(window, batch_no, centre):
    window.produce(batch_no)
    text = window.at(batch_no, maker.production_list, centre.settings.region)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["序号"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["卡号"] == window.members(batch_no)[0].card_number
    assert rows[0]["证件号码"] == window.members(batch_no)[0].id_number
    assert len(rows[0]["照片SHA256"]) == 64
    assert "13800138000" not in text
    assert "示例路" not in text


def test_more_than_fifty_need_a_second_person(window, a_list, people, send, centre, refused):
    big = send(a_list(people(51))).json()["batch_no"]
    window.produce(big)
    out = (big, maker.production_list, centre.settings.region)
    assert refused(window.at, *out) is Kind.SECOND_PERSON_NEEDED
    window.at(big, maker.let_out)
    assert window.at(*out).count("\r\n") == 52
    assert refused(window.at, *out) is Kind.SECOND_PERSON_NEEDED  # for one list


def test_a_failed_card_is_made_again_under_another_number(window, batch_no, centre, refused):
    window.produce(batch_no)
    window.at(batch_no, maker.take_results, window.results(batch_no, failed={2}))
    before = window.members(batch_no)[1]
    assert (before.state, before.problem, before.card_number) == (MemberState.FAILED, "E7", None)
    text = window.at(batch_no, maker.production_list, centre.settings.region)
    assert [row["序号"] for row in csv.DictReader(io.StringIO(text))] == ["2"]
    window.at(batch_no, maker.take_results, window.results(batch_no))
    numbers = [each.card_number for each in window.members(batch_no)]
    assert len(set(numbers)) == 3
    window.at(batch_no, production.finish)


def test_a_batch_is_ready_without_the_card_that_failed(window, batch_no, centre, a_list, people):
    window.make(batch_no, failed={2})
    with centre.database.read() as session:
        assert count_members(session, batch_no) == {MemberState.MADE: 2, MemberState.NOT_MADE: 1}
        assert live_membership(session, people(2)[1]["number"]) is None


def test_results_come_whole_or_not_at_all(window, batch_no, refused):
    window.produce(batch_no)
    good = window.results(batch_no)
    for broken in (
        [*good, replace(good[0], line=9)],
        [replace(good[0], outcome="?"), *good[1:]],
        [replace(good[0], card_number="Z99999999"), *good[1:]],
        [replace(good[0], identifier="00"), *good[1:]],
        [replace(good[0], identifier=good[1].identifier), *good[1:]],
        [replace(good[0], outcome=maker.FAILED, reason="?"), *good[1:]],
        [*good, good[0]],
    ):
        assert refused(window.at, batch_no, maker.take_results, broken) is Kind.BATCH_ROWS_WRONG
        assert {each.state for each in window.members(batch_no)} == {MemberState.LISTED}
    assert window.at(batch_no, maker.take_results, good) == 3
    assert window.at(batch_no, maker.take_results, good) == 0  # again is nothing


def test_a_blank_is_one_card(window, batch_no, a_list, people, send, refused):
    other = send(a_list(people(5)[3:])).json()["batch_no"]
    window.produce(batch_no)
    window.produce(other)
    first = window.results(batch_no)
    window.at(batch_no, maker.take_results, first)
    stolen = [replace(each, identifier=first[0].identifier) for each in window.results(other)[:1]]
    assert refused(window.at, other, maker.take_results, stolen) is Kind.BATCH_ROWS_WRONG
    used = [replace(stolen[0], identifier="500000D15600000500000001FFFFFFFF")]  # in people.toml
    assert refused(window.at, other, maker.take_results, used) is Kind.BATCH_ROWS_WRONG


def test_it_is_not_ready_while_a_result_is_missing(window, batch_no, refused):
    window.produce(batch_no)
    window.at(batch_no, maker.take_results, window.results(batch_no)[:2])
    assert refused(window.at, batch_no, production.finish) is Kind.BATCH_MEMBERS_FORBID
    assert refused(window.at, batch_no, production.reject, "x") is Kind.BATCH_MEMBERS_FORBID


def test_where_no_card_could_be_made_the_batch_is_sent_back(window, batch_no, refused):
    window.produce(batch_no)
    window.at(batch_no, maker.take_results, window.results(batch_no, failed={1, 2, 3}))
    assert refused(window.at, batch_no, production.finish) is Kind.BATCH_MEMBERS_FORBID
    window.at(batch_no, production.reject, "制卡失败")
    assert {each.state for each in window.members(batch_no)} == {MemberState.DROPPED}


class TestLeaving:
    """规程 1.3: 已产生制卡数据但未在制卡中."""

    @pytest.fixture
    def leave(self, centre, window):
        def leave(number):
            with centre.database.write() as session:
                service.leave(session, number, window.act(service.CLAUSE))

        return leave

    def test_only_between_data_and_production(self, window, batch_no, people, leave, refused):
        number = people(3)[1]["number"]
        assert refused(leave, number) is Kind.BATCH_STATE_FORBIDS
        window.at(batch_no, production.accept)
        assert refused(leave, number) is Kind.BATCH_STATE_FORBIDS
        window.at(batch_no, maker.generate, "500000")
        leave(number)
        assert refused(leave, number) is Kind.NOT_IN_BATCH
        window.at(batch_no, production.produce)
        with pytest.raises(ProblemError) as error:
            leave(people(3)[0]["number"])
        assert error.value.kind is Kind.IN_BATCH_IN_PRODUCTION
        assert error.value.body()["ready_on"] == "2026-12-07"
        states = [each.state for each in window.members(batch_no)]
        assert states == [MemberState.LISTED, MemberState.LEFT, MemberState.LISTED]
        assert [each.line for each in window.results(batch_no)] == [1, 3]

    def test_who_left_may_apply_alone(self, window, batch_no, people, leave, ask, who):
        row = people(3)[0]
        person = who(row["number"], row["name"])
        assert ask(person).json()["outcome"] == "in_batch_in_production"
        window.at(batch_no, production.accept)
        window.at(batch_no, maker.generate, "500000")
        assert ask(person).json()["outcome"] == "in_batch_data_generated"
        leave(row["number"])
        assert ask(person).json()["outcome"] == "eligible"

    def test_a_batch_that_everybody_left_is_none(self, window, batch_no, people, leave, centre):
        window.at(batch_no, production.accept)
        window.at(batch_no, maker.generate, "500000")
        for row in people(3):
            leave(row["number"])
        assert state_of(centre, batch_no) is BatchState.WITHDRAWN
