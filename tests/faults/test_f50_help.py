"""F50: somebody needs a human."""

from hardware.auxiliaries.driver import Light
from tests.faults.proxy import Wire


def test_at_home(citizen):
    citizen.press("help")
    assert citizen.view.dialog.title == "需要帮忙，请找工作人员"
    citizen.press("way_cancel")
    citizen.wait("home")
    citizen.served()


def test_within_a_visit_nothing_is_lost(citizen):
    citizen.begin("zhang_san", to="bank")
    citizen.press("help")
    citizen.sees("F50", "way_cancel", step="bank")
    citizen.press("way_cancel")
    citizen.to("done")
    citizen.voucher()


def test_the_lamp_is_lit_until_the_call_is_taken_back(citizen):
    """What is called is seen in the hall, also when silence has been asked over it."""

    def lit():
        citizen.kiosk.tick()
        return Light.HELP in citizen.kiosk.house.signals._shown.lights

    citizen.begin("zhang_san", to="bank")
    assert not lit()
    citizen.press("help")
    assert lit()
    citizen.silence(citizen.kiosk.house.desk.left_s() + 1)
    citizen.sees("F36", "way_still_here", "way_finish", step="bank")
    citizen.press("way_still_here")
    assert citizen.view.dialog is None
    assert lit()
    citizen.press("help", "way_cancel")
    assert not lit()


def test_while_the_kiosk_works_the_work_goes_on(citizen, wire):
    citizen.begin("zhang_san", to="person_check")
    wire.set(Wire.HANG)
    citizen.press("primary", "help")
    citizen.sees("F50", "way_cancel", step="eligibility")
    citizen.press("way_cancel")
    citizen.wait("eligibility")
    wire.set(Wire.GOOD)
    citizen.until(lambda: citizen.view.step == "phone" or citizen.view.dialog)


def test_the_attendant_may_confirm_a_person(citizen):
    citizen.begin("zhang_san", to="person_check")
    citizen.press("help")
    citizen.sees("F50", "way_cancel", step="person_check")
