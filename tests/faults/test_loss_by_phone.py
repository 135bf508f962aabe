"""A loss that the centre cannot be told: 12333 at once, nothing pretended, nothing sent later."""

import pytest

from tests.faults.proxy import Wire
from tests.faults.test_f16_already_lost import reporting

APPLICATIONS = "/v1/applications"


@pytest.fixture
def pace(time):
    return time.pace(centre_s=0.0)


@pytest.fixture
def timeout_s():
    return 1.5


def calls(citizen, title):
    view = citizen.wait("refusal")
    assert view.screen == "call"
    assert view.call == "请立即拨打\n12333"
    assert view.title == title
    return view


@pytest.mark.parametrize("how", [Wire.REFUSED, Wire.HANG, Wire.ERROR_500])
def test_the_centre_cannot_be_asked(citizen, wire, how, applications):
    citizen.press("loss_report", "self")
    citizen.wait("applicant")
    wire.set(how)
    citizen.place("has_card")
    calls(citizen, "现在连不上系统，没有挂失成功")
    slips = citizen.bench.slip_count()
    citizen.press("print_referral")
    citizen.wait("refusal_done")
    assert citizen.bench.slip_count() == slips + 1
    citizen.go_home()
    wire.set(Wire.GOOD)
    assert applications() == []
    citizen.served("next")


def test_it_may_be_tried_again_where_one_stands(citizen, wire, applications):
    citizen.press("loss_report", "self")
    citizen.wait("applicant")
    wire.set(Wire.REFUSED)
    citizen.place("has_card")
    calls(citizen, "现在连不上系统，没有挂失成功")
    wire.set(Wire.GOOD)
    citizen.press("again")
    citizen.to("done")
    (row,) = applications()
    assert (row["service"], row["state"]) == ("loss_report", "DONE")


@pytest.fixture
def not_sent(citizen, wire):
    """Somebody whose loss, signed, could not be sent."""
    reporting(citizen, "has_card", to="signature")
    wire.set(Wire.REFUSED)
    citizen.sign()
    calls(citizen, "现在连不上系统，没有挂失成功")
    return citizen


def test_what_was_not_sent_is_never_sent_without_its_person(not_sent, wire, applications):
    """Whoever found the card meanwhile must not lose it hours later."""
    not_sent.go_home()
    wire.set(Wire.GOOD)
    for _hour in range(3):
        not_sent.silence(3600)
    not_sent.served("next")
    assert [row["service"] for row in applications()] == ["new_individual"]


def test_a_restart_does_not_send_it_either(not_sent, wire, applications, open_kiosk):
    not_sent.close()
    not_sent.take()
    wire.set(Wire.GOOD)
    again = open_kiosk()
    again.wait("home")
    again.silence(200)
    again.served("next")
    assert [row["service"] for row in applications()] == ["new_individual"]


def test_once_more_sends_it_once(not_sent, wire, applications):
    wire.set(Wire.GOOD)
    not_sent.press("again")
    not_sent.to("done")
    assert [row["service"] for row in applications()] == ["loss_report"]


@pytest.fixture
def unknown(citizen, wire):
    """Somebody whose loss the centre took, and whose answer was lost on its way."""
    reporting(citizen, "has_card", to="signature")
    wire.set(Wire.NO_REPLY, only=APPLICATIONS)
    citizen.sign()
    calls(citizen, "还不知道有没有挂失成功")
    return citizen


def test_what_is_not_known_is_asked_by_its_key(unknown, wire, applications):
    """The loss stands at the centre; the same ID gets its receipt."""
    unknown.go_home()
    wire.set(Wire.GOOD)
    unknown.silence(300)
    unknown.until(lambda: unknown.kiosk.house.journal.cases("submitted"))
    (row,) = applications()
    unknown.tap("has_card", "reprint", "print_again")
    unknown.wait("reprint_done")
    assert row["voucher_no"] in unknown.code()
    unknown.go_home()


def test_trying_again_tells_that_it_is_lost(unknown, wire, applications):
    wire.set(Wire.GOOD)
    unknown.press("again")
    view = unknown.wait("refusal")
    assert view.title == "这张社保卡已经挂失了"
    assert len(applications()) == 1


def test_what_never_arrived_is_given_up(citizen, wire, applications):
    """The centre is reached, the request is not: after two minutes its key says so."""
    reporting(citizen, "has_card", to="signature")
    wire.set(Wire.HANG, only=APPLICATIONS)
    citizen.sign()
    calls(citizen, "还不知道有没有挂失成功")
    citizen.go_home()
    wire.set(Wire.GOOD)
    citizen.silence(300)
    citizen.until(lambda: citizen.kiosk.house.journal.cases("refused"))
    assert applications() == []
    citizen.served("next")
