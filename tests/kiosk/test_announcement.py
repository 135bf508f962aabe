"""What the operator tells everybody at home: in both languages, and while it is time for it."""

from datetime import datetime

import pytest

from regulation.announcement import announced

NOTICE = {"zh": "下午停电", "en": "No power", "from": "2026-12-01", "until": "2026-12-01T14:00"}


@pytest.mark.parametrize(
    ("clock", "shown"),
    [
        ("2026-11-30T23:59", False),
        ("2026-12-01T00:00", True),
        ("2026-12-01T13:59", True),
        ("2026-12-01T14:00", False),
    ],
)
def test_from_and_until(clock, shown):
    now = datetime.fromisoformat(f"{clock}:00+08:00")
    assert announced(NOTICE, "zh_CN", now) == ("下午停电" if shown else "")
    assert announced(NOTICE, "en", now) == ("No power" if shown else "")
    assert announced({"zh": "停水"}, "en", now) == "停水"
    assert not announced({}, "zh_CN", now)
