"""PINs that are typed, wrong, and changed at a real slot and card: none is left anywhere."""

from sqlalchemy import text

from tests.canaries import PINS, found, left_in
from tests.faults.at_slot import NEW
from tests.faults.test_pins import at_slot, central, settings
from tests.kiosk.cards.pins import has
from tests.logged import rows

__all__ = ["at_slot", "central", "settings"]


def test_no_pin_is_left_by_a_kiosk_that_changed_it(at_slot, citizen, centre, tmp_path, capfd):
    at_slot.to_old_pin()
    at_slot.types(NEW)  # not yet
    citizen.wait(dialog="F21")
    citizen.press("way_again")
    at_slot.types(PINS[0])
    citizen.wait("new_pin")
    at_slot.types(NEW)
    at_slot.types(NEW)
    citizen.wait("give_card")
    at_slot.takes()
    citizen.wait("result")
    assert has(at_slot.card("holder"), NEW)
    citizen.kiosk.failed("result", ValueError(" ".join(PINS)))
    citizen.close()
    assert citizen.kiosk.house.log.unfit == 0
    assert rows(tmp_path / "kiosk", "case_moved")
    assert left_in(tmp_path / "kiosk") == {}
    with centre.database.read() as session:
        audit = list(session.execute(text("SELECT action, target, details FROM audit_entry")))
    assert audit
    assert found(f"{audit} {''.join(capfd.readouterr())}") == set()
