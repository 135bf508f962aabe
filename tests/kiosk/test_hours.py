"""When the kiosk serves."""

from datetime import datetime

import pytest

from kiosk.hours import serves

HOURS = ("08:30-12:00", "13:30-17:30")


@pytest.mark.parametrize(
    ("clock", "open_"),
    [
        ("00:00", False),
        ("08:29", False),
        ("08:30", True),
        ("11:59", True),
        ("12:00", False),
        ("13:30", True),
        ("17:29", True),
        ("17:30", False),
        ("23:59", False),
    ],
)
def test_by_the_hour(clock, open_):
    now = datetime.fromisoformat(f"2026-11-23T{clock}:00+08:00")
    assert serves(HOURS, now) is open_
    assert serves((), now)
