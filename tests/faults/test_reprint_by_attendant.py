"""A slip that an attendant prints again: who did it, and of which slip, is in the log."""

from kiosk.crawl.attendants import WHO
from kiosk.services.attendant import MODE_SERVICE
from kiosk.visit import Begin
from tests.logged import rows


def prints_again(citizen, number):
    citizen.kiosk.say(Begin(MODE_SERVICE, {"who_attends": WHO}))
    citizen.press("reprint")
    citizen.wait("voucher_no")
    citizen.type(number.replace("-", "")[-5:])
    citizen.wait("slip_again")
    citizen.press("primary")


def test_a_printer_that_fails_is_theirs_to_deal_with(citizen):
    number = citizen.served()
    citizen.printer(cover="open")
    prints_again(citizen, number)
    shown = citizen.wait("slip_printed", "attendant_failed").dialog
    assert shown.text.startswith("盖子没关好。请再试一次")
    assert [button.name for button in shown.buttons] == ["way_again", "way_back"]
    citizen.press("way_back")
    citizen.wait("slip_again")
    citizen.printer(cover="closed")
    citizen.press("primary")
    citizen.wait("slip_out")


def test_it_is_written_down_with_its_number(citizen):
    number = citizen.served("zhang_san")
    slips = citizen.bench.slip_count()
    prints_again(citizen, number)
    citizen.wait("slip_out")
    assert citizen.bench.slip_count() == slips + 1
    did = rows(citizen.kiosk.settings.data_dir, "attendant_did")
    assert [(row["id"], row["what"], row["detail"]) for row in did] == [(WHO.id, "reprint", number)]
