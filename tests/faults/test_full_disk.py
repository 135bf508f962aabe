"""A disk that takes nothing more: a good print is no failure, and paper is counted in memory."""

from kiosk.attendant.supplies import FILE
from kiosk.log import Event


def test_a_print_whose_paper_cannot_be_counted_on_the_disk_is_good(citizen):
    house = citizen.kiosk.house
    house.printer_supplies.exchanged(80)
    (citizen.kiosk.settings.data_dir / f"{FILE}.new").mkdir()
    citizen.served("zhang_san")
    assert house.printer_supplies.left_mm < 80_000
    assert house.log.counts[Event.STORE_FAILED] == 1
