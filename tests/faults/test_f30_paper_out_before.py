"""F30: there is no paper before anybody begins."""

import pytest

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


@pytest.mark.parametrize(
    ("service", "person"), [("loss_report", "has_card"), ("loss_cancel", "card_lost")]
)
def test_every_service_shows_its_slip_instead_and_gives_it_later(citizen, service, person):
    citizen.printer(paper="out")
    citizen.begin(person, to="voucher", service=service)
    citizen.sees("F31", "way_on_screen", "way_again")
    citizen.press("way_on_screen")
    number = citizen.voucher()
    assert number in read(citizen.view.picture)
    citizen.go_home()
    citizen.printer(paper="full")
    citizen.tap(person, "reprint")
    citizen.wait("reprint")
    citizen.press("print_again")
    citizen.wait("reprint_done")
    assert number in citizen.code()
    citizen.go_home()
