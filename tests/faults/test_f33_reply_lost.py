"""F33: the centre may have it, the kiosk does not know: exactly one application all the same."""

import pytest

from tests.faults.proxy import Wire

APPLICATIONS = "/v1/applications"


@pytest.fixture
def pace(time, request):
    return time.pace(centre_s=getattr(request, "param", 0.0))


@pytest.fixture
def timeout_s():
    return 1.5


@pytest.fixture(params=[Wire.NO_REPLY, Wire.LATE, Wire.HANG, Wire.ERROR_500, Wire.NOT_JSON])
def doubtful(request, citizen, wire):
    """A citizen who does not know; the wire is good again."""
    citizen.begin("zhang_san", to="signature")
    wire.set(request.param, only=APPLICATIONS)
    citizen.sign()
    citizen.sees("F33", "way_wait", "way_held", step="submit")
    wire.set(Wire.GOOD)
    return citizen


def test_asked_again_by_the_same_key_there_is_one(doubtful, applications):
    doubtful.press("way_wait")
    number = doubtful.voucher()
    assert [row["voucher_no"] for row in applications()] == [number]
    doubtful.go_home()
    doubtful.served()


@pytest.mark.parametrize("pace", [30.0], indirect=True)
def test_within_a_persons_patience_nobody_notices(citizen, wire, applications):
    """The reply is lost; the kiosk asks again by itself."""
    citizen.begin("zhang_san", to="signature")
    wire.set(Wire.NO_REPLY, only=APPLICATIONS)
    citizen.sign()
    citizen.until(applications)
    wire.set(Wire.GOOD)
    number = citizen.voucher()
    assert [row["voucher_no"] for row in applications()] == [number]


def test_the_answer_comes_after_the_time_out(citizen, wire, applications):
    citizen.begin("zhang_san", to="signature")
    wire.set(Wire.LATE, only=APPLICATIONS)
    citizen.sign()
    citizen.sees("F33", "way_wait", "way_held")
    citizen.press("way_held")
    citizen.wait("done")
    wire.set(Wire.GOOD)
    citizen.go_home()
    citizen.silence(16)
    citizen.until(lambda: citizen.kiosk.house.journal.cases("submitted"))
    assert len(applications()) == 1
    citizen.tap("zhang_san", "reprint", "print_again")
    citizen.wait("reprint_done")
    assert applications()[0]["voucher_no"] in citizen.code()
