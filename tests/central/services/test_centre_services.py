"""What each service does to a card or a person, and what stands in its way."""

import pytest
from sqlalchemy import select

from central.applications.records import find
from central.audit.records import AuditEntry
from central.cards.lapses import run_due
from central.cards.ledger import digest
from central.cards.states import CardState
from central.centre import Settings
from central.fees.records import fee_of
from central.notices.records import Notice
from central.people.records import find_person

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def do(cell, body, take):
    """One service for somebody, at a window by ID card unless told otherwise."""

    def do(service, someone, agent=None, paper="resident_id", channel="window", **changes):
        kind = changes.pop("kind", "agent_adult" if agent else "self")
        row = cell(service, kind, channel)
        shown = agent.shows("resident_id") if agent else None
        return take(body(row, someone.shows(paper), shown, **changes))

    return do


@pytest.fixture
def refusal(problem):
    """Status, problem and whether a reason and a clause are given."""

    def refusal(answer):
        told = answer.json()
        return answer.status_code, problem(answer), bool(told["reason_zh"]), told["clause"]

    return refusal


def test_a_lost_card_is_reported_before_it_is_replaced_3_1_6_1(do, town, refusal):
    someone = town.person(card=CardState.ACTIVE)
    answer = do("replace_individual", someone, reason="lost")
    assert refusal(answer) == (409, "report-loss-first", True, "6.1")
    assert do("loss_report", someone).json()["card"]["state"] == "LOSS"
    assert do("replace_individual", someone, reason="lost").status_code == 201


@pytest.mark.parametrize("reason", ["damaged", "data_changed", "expired", "renewed"])
def test_a_replacement_costs_25_yuan_and_leaves_the_old_card_alive_3_1_2(do, town, centre, reason):
    someone = town.person(card=CardState.ACTIVE)
    taken = do("replace_individual", someone, reason=reason).json()
    assert (taken["fee_fen"], taken["term"], taken["state"]) == (2500, "on_spot", "SUBMITTED")
    assert town.state_of(someone) is CardState.ACTIVE
    with centre.database.read() as session:
        assert fee_of(session, taken["voucher_no"]).fen == 2500
        case = find(session, taken["voucher_no"])
        assert (case.card_number, case.bank) == (someone.card, "重庆银行")
        assert case.wishes == {"reason": reason}


def test_a_new_portrait_is_there_when_it_is_asked_for_3_1_1(do, town, refusal):
    someone = town.person(card=CardState.ACTIVE)
    answer = do("replace_individual", someone, images=[], signature="paper", portrait="change")
    assert refusal(answer)[:2] == (422, "portrait-missing")
    kept = do("replace_individual", someone, images=[], signature="paper", portrait="keep")
    assert kept.status_code == 201


def test_who_has_no_card_has_nothing_to_replace(do, town, refusal):
    for service in ("replace_individual", "info_change", "loss_report", "cancel", "pin_reset"):
        assert refusal(do(service, town.person()))[:3] == (409, "no-card", True), service


def test_a_card_already_lost_is_told_so_6_1(do, town, refusal):
    someone = town.person(card=CardState.LOSS)
    answer = do("loss_report", someone)
    assert refusal(answer)[:3] == (409, "card-state-forbids", True)
    assert answer.json()["reason_zh"] == "这张卡已挂失"


def test_an_agent_with_the_very_card_in_hand_is_asked_first_a13(do, town, refusal):
    someone, agent = town.person(card=CardState.ACTIVE), town.person()
    answer = do("loss_report", someone, agent, "ss_card", marks=[])
    assert refusal(answer)[:3] == (409, "card-in-hand", True)
    assert town.state_of(someone) is CardState.ACTIVE
    assert do("loss_report", someone, agent, "ss_card").status_code == 201
    assert town.state_of(someone) is CardState.LOSS


def test_a_card_found_before_it_was_activated_is_not_activated_by_that_2_1(do, town):
    someone = town.person(card=CardState.SEALED)
    assert do("loss_report", someone).status_code == 201
    assert do("loss_cancel", someone).json()["card"]["state"] == "SEALED"


def test_another_persons_card_is_no_paper(do, town, refusal):
    someone, other = town.person(card=CardState.ACTIVE), town.person(card=CardState.ACTIVE)
    stolen = type(someone)(someone.number, someone.name, other.card)
    answer = do("info_change", stolen, paper="ss_card")
    assert refusal(answer)[:3] == (422, "holder-card-unusable", True)


@pytest.mark.parametrize("state", [CardState.LOSS, CardState.TEMPORARY_LOSS, CardState.CANCELLED])
def test_a_card_reported_lost_proves_nothing_but_its_own_release_6_1(do, town, refusal, state):
    someone = town.person(card=state)
    assert refusal(do("info_change", someone, paper="ss_card"))[1] == "holder-card-unusable"
    answer = do("loss_cancel", someone, paper="ss_card")
    found = state is not CardState.CANCELLED
    assert (answer.status_code == 201) == found


def test_an_agents_lost_card_is_no_paper_1_1_1_2(do, town, body, cell, take, problem):
    someone, agent = town.person(card=CardState.ACTIVE), town.person(card=CardState.LOSS)
    order = body(
        cell("cancel", "agent_adult"), someone.shows("resident_id"), agent.shows("ss_card")
    )
    assert problem(take(order)) == "agent-card-unusable"


def test_an_agent_activates_what_was_applied_for_online_alone_2_2_1(do, town, refusal):
    someone, agent = town.person(card=CardState.SEALED), town.person()
    assert refusal(do("activate", someone, agent))[:3] == (409, "not-applied-online", True)
    assert do("activate", someone).status_code == 201


def test_a_clerk_activates_the_cards_of_the_unit_alone_2_1_2(town, cell, body, take, problem):
    clerk, stranger = town.person(), town.person(card=CardState.SEALED)
    town.unit(clerk)
    row = cell("activate", "unit_clerk")
    shown = clerk.shows("resident_id")
    assert problem(take(body(row, shown, members=[stranger.number]))) == "member-unknown"
    assert problem(take(body(row, shown))) == "order-incomplete"
    nobody = town.person().shows("resident_id")
    assert problem(take(body(row, nobody, members=[stranger.number]))) == "clerk-not-of-unit"
    assert town.state_of(stranger) is CardState.SEALED


def test_address_and_phone_change_and_what_was_not_sent_stays_4_1(do, town, centre, problem):
    someone = town.person(card=CardState.ACTIVE)
    assert do("info_change", someone, phone="139 0013 9000").status_code == 201
    assert do("info_change", someone, phone=None, address="重庆市渝北区新路2号").status_code == 201
    with centre.database.read() as session:
        held = find_person(session, someone.number)
        assert (held.phone, held.address) == ("13900139000", "重庆市渝北区新路2号")
        rows = select(AuditEntry.details).where(AuditEntry.action == "person.contact_changed")
        assert [row for row in session.scalars(rows) if "139" in row or "渝北" in row] == []
    assert problem(do("info_change", someone, phone=None)) == "order-incomplete"


@pytest.mark.parametrize("service", ["pin_change", "pin_reset"])
def test_what_became_of_a_pin_is_written_down_5_2(do, town, centre, refusal, service):
    someone = town.person(card=CardState.ACTIVE)
    assert do(service, someone, outcome="unknown").status_code == 201
    with centre.database.read() as session:
        rows = select(AuditEntry).where(AuditEntry.target == digest(someone.card))
        entry = session.scalars(rows).one()
        assert entry.action == f"card.{service}"
        assert '"outcome":"unknown"' in entry.details
    locked = town.person(card=CardState.LOCKED)
    assert refusal(do(service, locked))[:2] == (409, "card-state-forbids")


def test_only_a_locked_card_is_unlocked_7(do, town, refusal):
    assert refusal(do("unlock", town.person(card=CardState.ACTIVE)))[1] == "card-state-forbids"


def test_a_status_query_tells_every_card_masked_8(do, town):
    someone = town.card(town.person(card=CardState.CANCELLED), CardState.LOSS)
    told = do("status_query", someone, channel="online").json()
    assert [(each["state"], each["state_zh"]) for each in told["cards"]] == [
        ("CANCELLED", "注销"),
        ("LOSS", "挂失"),
    ]
    assert all(each["number"].startswith("*****") for each in told["cards"])


def test_a_card_being_replaced_is_not_cancelled_9(do, town, refusal):
    someone = town.person(card=CardState.ACTIVE)
    voucher_no = do("replace_individual", someone).json()["voucher_no"]
    answer = do("cancel", someone)
    assert refusal(answer)[:3] == (409, "application-open", True)
    assert answer.json()["voucher_no"] == voucher_no


def test_a_cancelled_card_returns_to_what_it_was_unless_there_is_another_9(do, town, refusal):
    someone = town.person(card=CardState.LOSS)
    assert do("cancel", someone).json()["card"]["state"] == "CANCELLED"
    assert do("rollback", someone).json()["card"]["state"] == "LOSS"
    two = town.card(town.person(card=CardState.CANCELLED), CardState.SEALED)
    assert refusal(do("rollback", two))[1] == "another-card-active"


def test_one_of_several_cards_is_named_by_its_digest(do, town, refusal):
    old = town.person(card=CardState.CANCELLED)
    both = town.card(old, CardState.ACTIVE)
    answer = do("loss_report", both, card=digest(old.card))
    assert refusal(answer)[1] == "card-state-forbids"
    assert refusal(do("loss_report", both, card="0" * 16))[1] == "card-unknown"
    assert do("loss_report", both, card=digest(both.card)).status_code == 201


class TestTemporaryLoss:
    @pytest.fixture
    def settings(self):
        return Settings(loss_kind="temporary", loss_days=7)

    def test_it_ends_by_itself_and_a_second_report_is_formal_a14(
        self, do, town, centre, clock, refusal
    ):
        first, second = town.person(card=CardState.ACTIVE), town.person(card=CardState.ACTIVE)
        for someone in (first, second):
            told = do("loss_report", someone, channel="phone").json()["card"]
            assert told["state"] == "TEMPORARY_LOSS"
            assert told["loss_expires_at"] == "2026-11-30T10:00:00+08:00"
        assert do("loss_report", second).json()["card"]["state"] == "LOSS"
        clock.now = clock.now.replace(day=30)
        told = do("status_query", first).json()["cards"][0]
        assert (told["state"], told["loss_expires_at"]) == ("ACTIVE", None)
        assert refusal(do("loss_cancel", first))[1] == "card-state-forbids"
        assert (run_due(centre), run_due(centre)) == (1, 0)
        assert (town.state_of(first), town.state_of(second)) == (CardState.ACTIVE, CardState.LOSS)

    def test_a_card_reported_again_after_its_end_is_lost_anew_a14(self, do, town, clock):
        someone = town.person(card=CardState.ACTIVE)
        do("loss_report", someone)
        clock.now = clock.now.replace(month=12, day=24)
        told = do("loss_report", someone).json()["card"]
        assert told["loss_expires_at"] == "2026-12-31T10:00:00+08:00"


def notices(centre):
    with centre.database.read() as session:
        rows = select(Notice).order_by(Notice.queued_at)
        return [(row.kind, row.recipient, row.parameters) for row in session.scalars(rows)]


def test_an_agents_pin_reset_is_told_to_the_registered_phone_a10(do, town, centre):
    someone = town.person(card=CardState.ACTIVE)
    assert do("pin_reset", someone).status_code == 201
    assert notices(centre) == []
    told = do("pin_reset", someone, town.person(), "ss_card", phone="13900139000")
    assert told.status_code == 201
    assert notices(centre) == [("PIN_RESET_BY_AGENT", "13800138000", {})]


def test_loss_release_and_activation_are_told(do, town, centre):
    someone = town.person(card=CardState.SEALED)
    for service in ("loss_report", "loss_cancel"):
        assert do(service, someone).status_code == 201
    voucher_no = do("activate", someone).json()["voucher_no"]
    assert sorted(notices(centre)) == [
        ("CARD_ENABLED", "13800138000", {"voucher_no": voucher_no}),
        ("LOSS_RELEASED", "13800138000", {}),
        ("LOSS_REPORTED", "13800138000", {}),
    ]


def test_what_is_refused_is_told_to_nobody(do, town, centre):
    assert do("loss_report", town.person(card=CardState.LOSS)).status_code == 409
    assert notices(centre) == []
