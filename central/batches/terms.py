"""When a batch's cards are made, and when they are enabled."""

from datetime import date, datetime, timedelta

from central.batches.records import Batch
from regulation.terms import Calendar, Due, add_working_days

WORKING_DAYS = 10
"""规程 1.2.3, 3.2.3: 自提交申请后十个工作日内完成制卡."""

ENABLED_AFTER = timedelta(hours=96)
"""规程 1.2.3, 3.2.3: 领取社保卡后96小时将自动启用社保功能."""


def due(submitted: date, calendar: Calendar) -> Due:
    """The last day of the term of a batch that came on a day."""
    return add_working_days(submitted, WORKING_DAYS, calendar)


def ready_on(batch: Batch, calendar: Calendar) -> date:
    """The day a batch was promised for; counted now where it was seeded without one."""
    if batch.due_on is not None:
        return date.fromisoformat(batch.due_on)
    return due(datetime.fromisoformat(batch.submitted_at).date(), calendar).day
