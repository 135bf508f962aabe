"""F32: the network is down at submit; what was taken is safe in the kiosk."""

import pytest

from tests.faults.proxy import Wire


@pytest.fixture
def pace(time):
    return time.pace(centre_s=0.0)


@pytest.fixture
def sealed(citizen, wire):
    """A citizen whose application could not be sent."""
    citizen.begin("zhang_san", to="signature")
    wire.set(Wire.REFUSED)
    citizen.sign()
    citizen.sees("F32", "way_wait", "way_held", step="submit")
    return citizen


def test_waiting_a_little_longer_gets_the_voucher(sealed, wire, applications):
    wire.set(Wire.GOOD)
    sealed.press("way_wait")
    number = sealed.voucher()
    assert [row["voucher_no"] for row in applications()] == [number]
    sealed.go_home()
    sealed.served()


def test_the_query_slip_now_and_the_voucher_later(sealed, wire, applications):
    """The kiosk hands it in by itself; the same ID gets the voucher."""
    slips = sealed.bench.slip_count()
    sealed.press("way_held")
    view = sealed.wait("done")
    assert not view.good
    assert view.title == "资料已保存，正在确认结果"
    assert sealed.bench.slip_count() == slips + 1
    sealed.go_home()
    wire.set(Wire.GOOD)
    sealed.silence(16)
    sealed.until(applications)
    sealed.until(lambda: sealed.kiosk.house.journal.cases("submitted"))
    sealed.tap("zhang_san", "reprint", "print_again")
    sealed.wait("reprint_done")
    (row,) = applications()
    assert row["voucher_no"] in sealed.code()
    sealed.go_home()
    sealed.served()


def test_a_restart_hands_it_in_and_prints(sealed, wire, applications, open_kiosk):
    slips = sealed.bench.slip_count()
    sealed.close()
    sealed.take()
    wire.set(Wire.GOOD)
    again = open_kiosk()
    again.wait("home")
    (row,) = applications()
    assert again.bench.slip_count() == slips + 1
    assert row["voucher_no"] in again.code()
    again.served()
