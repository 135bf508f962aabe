"""Every way to a new card ends in a voucher and in the right row at the centre."""

import pytest

from tests.faults.citizen import NOW

ALL_IMAGES = ["portrait", "scene", "signature"]


@pytest.fixture
def only(applications):
    """The one application there is, that of a voucher."""

    def only(number):
        (row,) = applications()
        assert row["voucher_no"] == number
        assert row["state"] == "SUBMITTED"
        return row

    return only


def kinds(row):
    return sorted(image["kind"] for image in row["images"])


def with_another_paper(citizen, who, paper, number, name):
    """Begin without an ID card: choose the paper, take its picture, type what stands on it."""
    citizen.press("new_individual", who, "primary", "other_paper", paper, "take_picture")
    citizen.wait("page_keep")
    citizen.press("primary")
    citizen.type(number)
    citizen.type(name)


def put_down_the_agents_card(citizen):
    citizen.wait("agent")
    citizen.place("agent")


def finish(citizen):
    citizen.to("done")
    number = citizen.voucher()
    citizen.go_home()
    return number


def test_for_oneself_with_the_id_card(citizen, only):
    """规程 1.1.1(1)."""
    row = only(citizen.served("zhang_san"))
    assert row["applicant_kind"] == "self"
    assert row["applicant"]["paper"] == "resident_id"
    assert row["applicant"]["number"] == "11010519491231002X"
    assert row["applicant"]["name"] == "张三"
    assert row["applicant"]["birth"] == "19491231"
    assert row["agent"] is None
    assert (row["phone"], row["bank"]) == ("13800138000", "重庆农村商业银行")
    assert row["address"] == "重庆市渝中区人民路1号"
    assert (row["signature"], row["marks"]) == ("screen", [])
    assert kinds(row) == ALL_IMAGES
    assert row["taken_at"].startswith(NOW.isoformat()[:13])


def test_for_an_adult_by_an_agent(citizen, only):
    """规程 1.1.1(2)."""
    citizen.press("new_individual", "agent_adult", "primary")
    citizen.wait("applicant")
    citizen.place("another_adult")
    citizen.wait("agent")
    citizen.until(lambda: citizen.view.title == "请先取回刚才的身份证")
    citizen.take()
    put_down_the_agents_card(citizen)
    row = only(finish(citizen))
    assert row["applicant_kind"] == "agent_adult"
    assert row["applicant"]["number"] == "990001198808080050"
    assert row["agent"]["number"] == "50010319850612019X"
    assert kinds(row) == ALL_IMAGES


def test_an_agent_who_put_their_own_card_down_first(citizen, only):
    """规程 1.1.1(2)."""
    citizen.tap("agent", "for_another", "new_individual", "agent_minor", "primary")
    citizen.until(lambda: citizen.view.title == "请先取回刚才的身份证")
    citizen.place("child_with_id")
    citizen.to("portrait_choice")
    citizen.press("take")
    row = only(finish(citizen))
    assert row["applicant_kind"] == "agent_minor"
    assert row["applicant"]["number"] == "990001201506060016"
    assert row["agent"]["number"] == "50010319850612019X"
    assert kinds(row) == ALL_IMAGES


def test_for_a_minor_with_the_id_card(citizen, only):
    """规程 1.1.1(2)."""
    citizen.press("new_individual", "agent_minor", "primary")
    citizen.wait("applicant")
    citizen.place("child_with_id")
    put_down_the_agents_card(citizen)
    citizen.to("portrait_choice")
    citizen.press("take")
    row = only(finish(citizen))
    assert row["applicant_kind"] == "agent_minor"
    assert row["applicant"]["paper"] == "resident_id"
    assert kinds(row) == ALL_IMAGES


def test_for_a_child_with_the_household_book_and_no_photo(citizen, only):
    """规程 1.1.1(2): the page is kept, the photo may be left out."""
    with_another_paper(citizen, "agent_minor", "household_register", "990001201906010085", "李小雨")
    put_down_the_agents_card(citizen)
    citizen.to("portrait_choice")
    citizen.press("none")
    row = only(finish(citizen))
    assert row["applicant"]["paper"] == "household_register"
    assert row["applicant"]["name"] == "李小雨"
    assert kinds(row) == ["applicant_page", "scene", "signature"]


@pytest.mark.parametrize(
    ("paper", "number", "name", "until", "marks"),
    [
        ("passport", "L898902C3", "ERIKSSON ANNA MARIA", "20300501", []),
        ("hmt_permit", "H12345678", "测试", "20300501", []),
        ("military_officer", "GZ0123456", "测试", "", ["officer_card_review"]),
    ],
)
def test_for_oneself_with_another_paper(citizen, only, paper, number, name, until, marks):
    """规程 1.1.1(1)."""
    with_another_paper(citizen, "self", paper, number, name)
    if until:
        citizen.type(until)
    row = only(finish(citizen))
    assert row["applicant"]["paper"] == paper
    assert (row["applicant"]["number"], row["applicant"]["name"]) == (number, name)
    assert row["applicant"]["valid_to"] == (until or None)
    assert row["marks"] == [*marks, "address_at_window"]
    assert kinds(row) == ["applicant_page", *ALL_IMAGES]


def test_signed_at_the_window_and_no_telephone(citizen, only):
    """规程 1.1.2(1)."""
    citizen.begin("zhang_san", to="phone")
    citizen.press("no_phone", "at_window")
    citizen.to("signature")
    citizen.press("sign_at_window")
    row = only(finish(citizen))
    assert (row["phone"], row["address"], row["signature"]) == (None, None, "window")
    assert sorted(row["marks"]) == ["address_at_window", "sign_at_window"]
    assert kinds(row) == ["portrait", "scene"]
