"""What a kiosk wrote down, for tests of what it did."""

import json

from kiosk.logs import days
from kiosk.logs.opening import folder_of


def text(data_dir):
    """All lines of the log of a kiosk's folder, the oldest first."""
    return "".join(day.data().decode() for day in days.every(folder_of(data_dir)))


def rows(data_dir, *events):
    """The same as rows; of these events, or all."""
    found = [json.loads(line) for line in text(data_dir).splitlines()]
    return [row for row in found if not events or row["event"] in events]
