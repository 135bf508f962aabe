"""Applications asked for by systems: pages by cursor, ETags, and what a citizen reads."""

import pytest

from central.applications.records import find
from central.applications.states import CaseEvent, CaseState, move
from central.applications.words import PROGRESS
from central.audit.records import SYSTEM

pytestmark = pytest.mark.parametrize("store", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def taken(town, cell, body, take):
    """So many new cards by a channel; their voucher numbers in the order they came."""

    def taken(count, channel="kiosk", **changes):
        row = cell("new_individual", "self", channel)
        answers = [
            take(body(row, town.person().shows("resident_id"), **changes)) for _ in range(count)
        ]
        return [answer.json()["voucher_no"] for answer in answers]

    return taken


@pytest.fixture
def listed(client):
    """Every page of a list; the voucher numbers of each."""

    def listed(device=None, **query):
        headers, pages = {"X-Device": device} if device else {}, []
        while True:
            body = client.get("/v1/applications", params=query, headers=headers).json()
            pages.append([item["voucher_no"] for item in body["items"]])
            if body["next"] is None:
                return pages
            query["cursor"] = body["next"]

    return listed


def test_pages_hold_each_case_once_whatever_comes_meanwhile(taken, listed, client, clock):
    first = taken(5)
    answer = client.get("/v1/applications", params={"limit": 2}).json()
    late = taken(2)
    pages = listed(limit=2, cursor=answer["next"])
    seen = [item["voucher_no"] for item in answer["items"]]
    assert seen + [voucher_no for page in pages for voucher_no in page] == first + late
    assert [len(page) for page in pages] == [2, 2, 1]


def test_a_kiosk_sees_its_own_and_a_system_its_channels(taken, listed, client, problem):
    here, there, online = taken(1), taken(1, kiosk_id="0018"), taken(1, "online")
    assert listed("kiosk:0017") == [here]
    assert listed("kiosk:0018") == [there]
    assert listed("app:cqrs") == [online]
    assert listed("phone:12333") == [[]]
    answer = client.get("/v1/applications", headers={"X-Device": "station:W301-1"})
    assert problem(answer) == "device-forbidden"


def test_a_list_is_masked_and_can_be_of_one_state(taken, listed, client, centre):
    one, other = taken(2)
    with centre.database.write() as session:
        move(session, find(session, one), CaseEvent.TAKE_UP, SYSTEM, centre.clock())
    assert listed(state="REVIEW") == [[one]]
    assert listed(state="SUBMITTED") == [[other]]
    text = client.get("/v1/applications").text
    assert "王*" in text
    assert "19860203" not in text


@pytest.mark.parametrize(
    "cursor", ["x", "W10=", "WyIyMDI2IiwgMV0=", "bnVsbA==", "WyJcdTAwMDAiLCJDUSJd", "é"]
)
def test_a_cursor_nobody_gave_is_refused(client, problem, cursor):
    answer = client.get("/v1/applications", params={"cursor": cursor})
    assert (answer.status_code, problem(answer)) == (422, "invalid")


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"state": "LOST"}])
def test_a_query_is_strict(client, problem, query):
    assert problem(client.get("/v1/applications", params=query)) == "invalid"


@pytest.mark.parametrize("path", ["/v1/vouchers/{}", "/v1/applications"])
def test_what_has_not_changed_is_not_sent_again(taken, client, centre, path):
    (voucher_no,) = taken(1)
    path = path.format(voucher_no)
    tag = client.get(path).headers["etag"]
    for known in (tag, f'"x", W/{tag}', "*"):
        same = client.get(path, headers={"If-None-Match": known})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    with centre.database.write() as session:
        move(session, find(session, voucher_no), CaseEvent.TAKE_UP, SYSTEM, centre.clock())
    changed = client.get(path, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.headers["etag"] == tag) == (200, False)


def test_a_voucher_tells_its_progress_in_a_citizens_words(taken, client, centre):
    (voucher_no,) = taken(1)
    told = client.get(f"/v1/vouchers/{voucher_no}").json()
    assert (told["progress_zh"], told["channel"]) == ("已提交，等待窗口受理", "kiosk")
    assert told["progress_en"]
    assert PROGRESS.keys() == set(CaseState)


@pytest.mark.parametrize(
    "number", ["%00", "CQ-0017-20261123-0001-%00", "' OR 1=1 --", "公", "x" * 300]
)
def test_a_number_that_is_none_is_an_unknown_voucher(client, problem, number):
    answer = client.get(f"/v1/vouchers/{number}")
    assert (answer.status_code, problem(answer)) == (404, "voucher-unknown")
