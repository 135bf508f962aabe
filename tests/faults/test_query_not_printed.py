"""query_not_printed: the centre is away and the printer too; nobody is told that it succeeded."""

from tests.faults.proxy import Wire


def test_the_query_slip_is_on_the_screen(citizen, wire, pace, applications):
    citizen.begin("zhang_san", to="signature")
    wire.set(Wire.REFUSED)
    citizen.printer(paper="out")
    citizen.sign()
    citizen.sees("F32", "way_wait", "way_held", step="submit")
    citizen.press("way_held")
    citizen.sees("query_not_printed", "way_on_screen", "way_again", step="voucher")
    citizen.press("way_on_screen")
    view = citizen.wait("done")
    assert not view.good
    assert view.picture
    assert "二维码" not in view.keys.missing
    citizen.printer(paper="full")
    wire.set(Wire.GOOD)
    citizen.go_home()
    citizen.silence(16)
    citizen.until(applications)
    citizen.served("elder_rare_name")
