"""F36: nobody does anything (WCAG 2.2.1: a warning, and ten extensions at least)."""

EXTENSIONS = 12


def test_ten_times_and_more_one_press_gives_more_time(citizen):
    citizen.begin("zhang_san", to="bank")
    for _ in range(EXTENSIONS):
        citizen.silence(30)
        dialog = citizen.sees("F36", "way_still_here", "way_finish", step="bank")
        assert dialog.text.startswith("30 秒")
        citizen.silence(29)
        citizen.press("way_still_here")
    citizen.to("done")
    citizen.voucher()


def test_silence_ends_at_home_and_nothing_is_known(citizen, applications):
    citizen.begin("zhang_san", to="bank")
    citizen.silence(30)
    citizen.sees("F36", "way_still_here", "way_finish")
    citizen.silence(30)
    citizen.take()
    citizen.wait("home")
    assert citizen.kiosk.house.desk.visit is None
    assert applications() == []
    citizen.served()


def test_one_may_say_that_one_is_done(citizen):
    citizen.begin("zhang_san", to="bank")
    citizen.silence(30)
    citizen.press("way_finish")
    citizen.take()
    citizen.wait("home")
    citizen.served()


def test_large_type_has_twice_the_time(citizen):
    citizen.begin("zhang_san", to="bank")
    citizen.press("large")
    citizen.silence(59)
    assert citizen.view.dialog is None
    citizen.silence(1)
    citizen.sees("F36", "way_still_here", "way_finish")
