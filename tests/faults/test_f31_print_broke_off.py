"""F31: the slip does not come out, or not whole; the application is safe."""

import pytest

from tests.faults.citizen import read

MENDED = {"paper": "full", "cover": "closed", "cutter": "ok"}
WRONG = ["paper_out", "cover_open", "cutter", "jam", "silence", "half_open", "unplug"]


@pytest.fixture
def pace(time):
    return time.pace(printer_s=1.0)


def break_printer(citizen, how):
    match how:
        case "paper_out":
            citizen.bench.device("printer").fail_after("paper_out", lines=150)
        case "cover_open":
            citizen.printer(cover="open")
        case "cutter":
            citizen.printer(cutter="error")
        case "jam":
            citizen.printer(jam_after=150)
        case kind:
            citizen.fault("printer", kind)


def mend_printer(citizen):
    citizen.fault("printer")
    citizen.bench.do("printer", "free")
    citizen.bench.device("printer").paper("full")
    citizen.printer(**MENDED)


@pytest.fixture(params=WRONG)
def broken(request, citizen):
    """A citizen whose voucher did not come out."""
    citizen.begin("zhang_san", to="signature")
    break_printer(citizen, request.param)
    citizen.sign()
    citizen.sees("F31", "way_on_screen", "way_again", step="voucher")
    return citizen


def test_mended_it_comes_out_whole(broken, applications):
    citizen = broken
    mend_printer(citizen)
    citizen.press("way_again")
    number = citizen.voucher()
    assert number in citizen.code()
    assert [row["voucher_no"] for row in applications()] == [number]
    citizen.go_home()
    citizen.served()


def test_on_the_screen_now_and_on_paper_later(citizen, applications):
    """The same ID gets the slip within 24 hours."""
    citizen.begin("zhang_san", to="signature")
    break_printer(citizen, "jam")
    citizen.sign()
    citizen.sees("F31", "way_on_screen", "way_again")
    citizen.press("way_on_screen")
    number = citizen.voucher()
    assert number in read(citizen.view.picture)
    citizen.go_home()
    mend_printer(citizen)
    citizen.tap("zhang_san", "reprint", "print_again")
    citizen.wait("reprint_done")
    assert number in citizen.code()
    assert [row["voucher_no"] for row in applications()] == [number]
    citizen.go_home()
    citizen.served()


def test_after_24_hours_the_right_is_over(citizen):
    citizen.served("zhang_san")
    citizen.silence(24 * 3600 + 60)
    citizen.tap("zhang_san")
    assert "reprint" not in citizen.buttons()


def test_a_referral_that_does_not_come_out_may_be_tried_again(citizen):
    citizen.begin("has_card", to="refusal")
    citizen.printer(paper="out")
    citizen.press("print_referral")
    citizen.sees("slip_not_printed", "way_again", "way_home")
    citizen.printer(paper="full")
    citizen.press("way_again")
    citizen.wait("refusal_done")
    citizen.go_home()
    citizen.served()
