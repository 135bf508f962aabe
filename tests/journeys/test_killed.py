"""kill -9 between submit and the slip, in the real program: one application, one voucher."""

import signal

import pytest

from deploy.citizen import NEW_CARD_SELF

TO_SIGNATURE = NEW_CARD_SELF[: [at.step for at in NEW_CARD_SELF].index("give_paper")]


def takes_the_slip(kiosk):
    """The same ID still lies on the reader: its slip is offered, printed and taken."""
    kiosk.sees("menu")
    kiosk.presses("reprint")
    kiosk.sees("reprint")
    kiosk.presses("print_again")
    kiosk.sees("give_paper")
    kiosk.stage.dock.remove()
    kiosk.sees("reprint_done")
    kiosk.presses("finish")
    kiosk.sees("home")


@pytest.mark.journey
@pytest.mark.thorough
def test_killed_while_the_printer_stalls(kiosk):
    kiosk.stage.dock.do("printer", "state", bytes_per_s=2000)
    kiosk.does(TO_SIGNATURE)
    kiosk.sees("voucher")
    kiosk.stage.restart_kiosk(signal.SIGKILL)
    kiosk.stage.dock.do("printer", "state", bytes_per_s=0)
    takes_the_slip(kiosk)
    (row,) = kiosk.applications()
    assert row["state"] == "SUBMITTED"


@pytest.mark.journey
def test_killed_while_the_centre_is_away(kiosk):
    kiosk.does(TO_SIGNATURE[:-1])
    kiosk.sees("signature")
    kiosk.stage.stop("centre")
    kiosk.does(TO_SIGNATURE[-1:])
    kiosk.sees("submit", "F32", within_s=40)
    kiosk.stage.stop("kiosk", signal.SIGKILL)
    kiosk.stage.start_centre()
    kiosk.stage.start_kiosk()
    kiosk.sees("menu")
    assert kiosk.stage.dock.slips() == 1, "the slip had not begun: it is printed on start"
    (row,) = kiosk.applications()
    assert row["applicant"]["number"] == "11010519491231002X"
    takes_the_slip(kiosk)
    assert len(kiosk.applications()) == 1
