"""F45: the power goes at any moment between the sealing of an application and its slip.

After the restart there is exactly one application, one voucher, and the citizen gets it: printed
on start, or by placing the same ID.
"""

import os
import signal

import pytest

CALLS = [
    ("journal", "open", 1),
    ("centre", "image", 1),
    ("centre", "image", 3),
    ("centre", "submit", 1),
    ("journal", "submitted", 1),
    ("journal", "move", 1),
    ("printer", "print", 1),
    ("talk", "used_up", 2),
    ("talk", "used_up", 4),
    ("journal", "move", 2),
]
POINTS = [(when, *call) for call in CALLS for when in ("before", "after")]
SWEEP_MS = range(0, 700, 100)
"""Between the sealing and a little after the slip."""


def gets_it(open_kiosk, applications, bench, slips):
    """The citizen comes back after the restart."""
    again = open_kiosk()
    again.wait("home")
    (row,) = applications()
    if bench.slip_count() == slips or row["voucher_no"] not in again.code():
        assert "没拿到凭证" in again.view.notice
        again.tap("zhang_san", "reprint", "print_again")
        again.wait("reprint_done")
        again.go_home()
    assert row["voucher_no"] in again.code()
    assert again.kiosk.house.journal.cases("intent", "submitted") == []


@pytest.mark.parametrize("point", POINTS, ids=lambda point: "-".join(map(str, point)))
def test_killed_at(point, mind, settings, open_kiosk, applications, bench):
    slips = bench.slip_count()
    mind.does("serve", settings, point)
    assert int(mind.heard("dead")) == -signal.SIGKILL
    if point == ("before", "journal", "open", 1):
        again = open_kiosk()
        again.wait("home")
        assert applications() == []  # nothing was promised yet
        return
    gets_it(open_kiosk, applications, bench, slips)


@pytest.mark.parametrize("after_ms", SWEEP_MS)
def test_killed_some_time_after_the_sealing(
    after_ms, mind, settings, open_kiosk, applications, bench, time
):
    slips = bench.slip_count()
    mind.does("serve", settings, None)
    pid = int(mind.heard("alive"))
    mind.heard("sealed")
    signal.sigtimedwait([], after_ms / 1000)  # the moment itself is what is tried, not waited for
    os.kill(pid, signal.SIGKILL)
    assert int(mind.heard("dead")) == -signal.SIGKILL
    gets_it(open_kiosk, applications, bench, slips)
