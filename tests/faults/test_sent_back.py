"""A case the window sent back: the same ID mends it here, and only what was in question."""

import pytest

from central.applications import review
from central.applications.parts import Part
from central.applications.records import find
from central.audit.records import Actor, Kind
from central.cards.ledger import Act
from tests.faults.citizen import NOW
from tests.faults.proxy import Wire

CLERK = Act(Actor(Kind.USER, "li.na"), NOW)
MEND = "POST /v1/applications/{number}/mend"


@pytest.fixture
def number(citizen):
    """A case of Zhang San's, taken here."""
    return citizen.served("zhang_san")


@pytest.fixture
def back(centre, number):
    """A clerk sends it back."""

    def back(*parts):
        with centre.database.write() as session:
            case = find(session, number)
            desk = review.Desk(CLERK, review.outlet_of(case, centre.settings), supervisor=True)
            why = review.Why("portrait", "", frozenset(Part(part) for part in parts))
            seen = review.Seen(number, case.version)
            review.take_up(session, centre.settings, seen, desk)
            session.flush()
            seen = review.Seen(number, case.version)
            review.send_back(session, centre.settings, seen, desk, why)

    return back


@pytest.fixture
def pictures(centre, number):
    """The case's pictures by their kind."""

    def pictures():
        with centre.database.read() as session:
            return {image.kind: image.sha256 for image in find(session, number).images}

    return pictures


def mend(citizen, *parts):
    """Lay the ID down, and do each part as it is asked for."""
    citizen.tap("zhang_san")
    assert citizen.view.choices[0].name == "mending"
    assert citizen.view.choices[0].subtitle == "窗口退回：照片不符合制卡要求，请重新拍照后再申请"
    citizen.press("mending")
    citizen.wait("mend")
    citizen.press("primary")
    for part in parts:
        DO[part](citizen)
    citizen.wait("mend_review")


def _phone(citizen):
    citizen.wait("phone")
    citizen.type("13900139000")


def _address(citizen):
    citizen.wait("address")
    citizen.press("primary")


def _page(citizen):
    citizen.wait("page_ready")
    citizen.press("take_picture")
    citizen.wait("page_keep")
    citizen.press("primary")


def _portrait(citizen):
    citizen.wait("portrait_ready")
    citizen.press("take_picture")
    citizen.wait("portrait_keep")
    citizen.press("primary")


def _signature(citizen):
    citizen.wait("signature")
    citizen.sign(((0.2, 0.2), (0.8, 0.8)))


DO = {
    "phone": _phone,
    "address": _address,
    "page": _page,
    "portrait": _portrait,
    "signature": _signature,
}


@pytest.mark.parametrize("part", DO)
def test_only_the_part_in_question_comes_again(citizen, number, back, pictures, applications, part):
    back(part)
    before = pictures()
    mend(citizen, part)
    assert [row.change.name for row in citizen.view.rows] == [part]
    citizen.press("primary")
    view = citizen.wait("done")
    assert view.title == "已补交"
    assert number in view.lead
    assert number in citizen.code()
    (row,) = applications()
    assert (row["voucher_no"], row["state"]) == (number, "SUBMITTED")
    assert row["phone"] == ("13900139000" if part == "phone" else "13800138000")
    kinds = {"page": "applicant_page"}
    changed = {kind for kind, name in pictures().items() if before.get(kind) != name}
    assert changed <= {kinds.get(part, part)}
    citizen.go_home()
    citizen.served()


def test_all_of_it(citizen, number, back, pictures, applications):
    back(*DO)
    mend(citizen, *DO)
    citizen.press("primary")
    citizen.wait("done")
    assert "applicant_page" in pictures()
    assert [row["state"] for row in applications()] == ["SUBMITTED"]


def test_a_part_may_be_done_again_before_it_is_sent(citizen, number, back, applications):
    back("phone", "signature")
    mend(citizen, "phone", "signature")
    citizen.press("phone")
    citizen.wait("phone")
    citizen.type("13700137000")
    citizen.wait("mend_review")
    citizen.press("primary")
    citizen.wait("done")
    assert applications()[0]["phone"] == "13700137000"


def test_the_centre_down_meanwhile_loses_nothing(citizen, number, back, wire, applications):
    back("phone")
    mend(citizen, "phone")
    wire.set(Wire.REFUSED)
    citizen.press("primary")
    citizen.sees("F32", "way_wait", "way_held", step="submit")
    citizen.press("way_held")
    assert not citizen.wait("done").good
    citizen.go_home()
    wire.set(Wire.GOOD)
    citizen.silence(16)
    citizen.until(lambda: applications()[0]["phone"] == "13900139000")
    citizen.until(lambda: not citizen.kiosk.house.journal.cases("intent"))
    citizen.tap("zhang_san", "reprint", "print_again")
    citizen.wait("reprint_done")
    assert number in citizen.code()


def test_an_answer_that_is_lost_is_asked_for_and_it_is_mended_once(
    citizen, number, back, wire, applications, centre
):
    back("phone")
    mend(citizen, "phone")
    wire.set(Wire.NO_REPLY, only="/v1/applications")
    citizen.press("primary")
    citizen.sees("F33", "way_wait", "way_held", step="submit")
    wire.set(Wire.GOOD)
    citizen.press("way_wait")
    citizen.wait("done")
    assert [row["state"] for row in applications()] == ["SUBMITTED"]
    assert wire.passed.count(MEND.format(number=number)) >= 2
    with centre.database.read() as session:
        assert find(session, number).version == 4, "taken up, sent back, mended: once each"


def test_killed_after_the_sealing_it_is_handed_in_on_start(
    citizen, number, back, wire, applications, open_kiosk
):
    back("phone")
    mend(citizen, "phone")
    wire.set(Wire.REFUSED)
    citizen.press("primary")
    citizen.sees("F32", "way_wait", "way_held", step="submit")
    citizen.close()
    citizen.take()
    wire.set(Wire.GOOD)
    again = open_kiosk()
    again.wait("home")
    assert applications()[0]["phone"] == "13900139000"
    assert number in again.code()


def test_what_a_kiosk_cannot_mend_goes_to_the_window(citizen, number, back):
    back("other")
    citizen.tap("zhang_san")
    assert "mending" not in [choice.name for choice in citizen.view.choices]
    assert citizen.view.notice.startswith("窗口退回了您的申请：照片不符合制卡要求")


def test_another_address_is_registered_at_the_window(citizen, number, back, applications):
    back("address")
    citizen.tap("zhang_san", "mending", "primary")
    citizen.wait("address")
    citizen.press("at_window")
    citizen.refused("address_at_window")
    assert applications()[0]["state"] == "REJECTED"


def test_mended_at_a_window_meanwhile_it_is_told(citizen, number, back, centre):
    back("phone")
    mend(citizen, "phone")
    with centre.database.write() as session:
        case = find(session, number)
        case.state = "SUBMITTED"
    citizen.press("primary")
    view = citizen.wait("refusal")
    assert view.title.startswith("这次没有办成：这笔业务")
