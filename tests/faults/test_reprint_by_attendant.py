"""A slip that an attendant prints again: who did it, and of which slip, is in the log."""

from kiosk.crawl.attendants import WHO
from kiosk.services.attendant import MODE_SERVICE
from kiosk.visit import Begin
from tests.logged import rows


def test_it_is_written_down_with_its_number(citizen):
    number = citizen.served("zhang_san")
    slips = citizen.bench.slip_count()
    citizen.kiosk.say(Begin(MODE_SERVICE, {"who_attends": WHO}))
    citizen.press("reprint")
    citizen.wait("voucher_no")
    citizen.type(number.replace("-", "")[-5:])
    citizen.wait("slip_again")
    citizen.press("primary")
    citizen.wait("slip_out")
    assert citizen.bench.slip_count() == slips + 1
    did = rows(citizen.kiosk.settings.data_dir, "attendant_did")
    assert [(row["id"], row["what"], row["detail"]) for row in did] == [(WHO.id, "reprint", number)]
