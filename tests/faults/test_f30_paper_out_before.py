"""F30: there is no paper before anybody begins."""

from tests.faults.citizen import read

LOOK_S = 21.0
"""The printer is looked at every 20 s while nobody is served."""


def test_home_says_so_and_the_voucher_stays_on_the_screen(citizen, applications):
    citizen.printer(paper="out")
    citizen.silence(LOOK_S)
    citizen.until(lambda: "凭证打印暂停" in citizen.view.notice)
    citizen.begin("zhang_san", to="voucher")
    citizen.sees("F31", "way_on_screen", "way_again")
    citizen.press("way_on_screen")
    number = citizen.voucher()
    assert number in read(citizen.view.picture)
    assert [row["voucher_no"] for row in applications()] == [number]
    citizen.go_home()
    citizen.printer(paper="full")
    citizen.silence(LOOK_S)
    citizen.until(lambda: "凭证打印暂停" not in citizen.view.notice)
    citizen.served()
