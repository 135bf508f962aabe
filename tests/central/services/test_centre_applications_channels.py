"""Who may come by which channel, and what each channel's own way asks and promises."""

import pytest

from central.cards.states import CardState

NOT_THEIRS = [
    ("kiosk:0017", {"channel": "online"}, "device-forbidden"),
    ("kiosk:0017", {"channel": "window"}, "device-forbidden"),
    ("kiosk:0018", {}, "kiosk-is-another"),
    ("app:cqrs", {"channel": "kiosk"}, "device-forbidden"),
    ("app:cqrs", {"channel": "window"}, "device-forbidden"),
    ("phone:12333", {"channel": "online"}, "device-forbidden"),
]


@pytest.mark.parametrize(("device", "changes", "expected"), NOT_THEIRS)
def test_a_device_has_one_channel(town, cell, body, take, problem, device, changes, expected):
    someone = town.person()
    order = body(cell("new_individual", "self", "kiosk"), someone.shows("resident_id"))
    answer = take(order | changes, **{"X-Device": device})
    assert (answer.status_code, problem(answer)) == (403, expected)


def test_a_station_takes_no_orders(town, cell, body, take):
    order = body(cell("new_individual", "self", "kiosk"), town.person().shows("resident_id"))
    assert take(order, **{"X-Device": "station:W3-1"}).status_code == 403


@pytest.mark.parametrize(
    ("device", "channel"),
    [("kiosk:0017", "kiosk"), ("app:cqrs", "online"), ("phone:12333", "phone")],
)
def test_a_device_comes_by_its_own_channel(town, cell, body, take, device, channel):
    someone = town.person(card=CardState.ACTIVE)
    order = body(cell("loss_report", "self", channel), someone.shows("resident_id"))
    assert take(order, **{"X-Device": device}).status_code == 201


@pytest.fixture
def online(town, cell, body, take):
    """A new card applied for in the APP."""

    def online(**changes):
        row = cell("new_individual", "self", "online")
        return take(body(row, town.person().shows("resident_id"), **changes))

    return online


def test_online_the_card_is_made_in_5_working_days_1_1_3_2(online, clock):
    told = online().json()
    assert (told["term"], told["due_sure"]) == ("5_working_days", True)
    assert told["due_at"] == "2026-11-30T23:59:59+08:00"
    clock.now = clock.now.replace(month=12, day=31)
    assert online().json()["due_sure"] is False  # no calendar of 2027 yet


def test_online_the_papers_are_uploaded_and_the_way_of_the_card_chosen_1_1_2_3(
    online, problem, order, town, cell, body, take
):
    assert online(delivery={"kind": "mail", "address": "重庆市渝北区示例路9号"}).status_code == 201
    for changes, missing in (
        ({"delivery": None}, "delivery"),
        ({"images": order()["images"]}, "applicant_page"),
    ):
        answer = online(**changes)
        assert (problem(answer), answer.json()["missing"]) == ("order-incomplete", missing)
    child = town.person(birth=town.CHILD).shows("household_register")
    row = cell("new_individual", "agent_minor", "online")
    pages = [each for each in body(row, child)["images"] if each["kind"] != "agent_page"]
    answer = take(body(row, child, town.person().shows("resident_id"), images=pages))
    assert answer.json()["missing"] == "agent_page"  # reading A2


def test_what_was_uploaded_is_brought_in_the_original_1_1_3_2(online):
    assert online().json()["bring"] == ["身份证原件"]


def test_a_window_needs_its_outlet(town, cell, body, take, problem):
    order = body(cell("new_individual"), town.person().shows("resident_id"), kiosk_id=None)
    answer = take(order)
    assert (problem(answer), answer.json()["missing"]) == ("order-incomplete", "kiosk_id")


@pytest.mark.parametrize("taken_at", ["1999-01-01T00:00:00+08:00", "2031-06-01T03:00:00-11:00"])
def test_a_clock_hours_or_years_off_loses_no_application(town, cell, body, take, client, taken_at):
    order = body(cell("new_individual"), town.person().shows("resident_id"), taken_at=taken_at)
    told = take(order).json()
    assert told["submitted_at"] == "2026-11-23T10:00:00+08:00"


def test_requests_that_come_again_and_in_another_order_have_one_effect(town, cell, body, take):
    someone = town.person(card=CardState.ACTIVE)
    keys = [f"01890a5d-ac96-774b-bcce-b3020000000{n}" for n in range(2)]
    report, release = (
        body(cell(service), someone.shows("resident_id"))
        for service in ("loss_report", "loss_cancel")
    )
    assert take(release, keys[1]).status_code == 409  # it overtook the report: nothing is kept
    first = take(report, keys[0])
    second = take(release, keys[1])
    assert (first.status_code, second.status_code) == (201, 201)
    again = take(report, keys[0])
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert town.state_of(someone) is CardState.ACTIVE


def test_an_agents_limit_is_not_the_windows_f40(town, cell, body, take, problem):
    agent, row = town.person().shows("resident_id"), cell("loss_report", "agent_adult", "kiosk")

    def bring(row):
        return take(body(row, town.person(card=CardState.ACTIVE).shows("resident_id"), agent))

    assert [bring(row).status_code for _ in range(2)] == [201, 201]
    assert problem(bring(row)) == "agent-limit"
    assert bring(cell("loss_report", "agent_adult")).status_code == 201
