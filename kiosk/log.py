"""The kiosk's log: JSON lines of catalogued events, never a personal datum.

The catalogue is `events.toml`; an event has the fields named there and no others.
"""

import json
import threading
import tomllib
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from hardware.fault import DeviceFault


class Event(StrEnum):
    """The events of the catalogue."""

    STARTED = "started"
    STOPPED = "stopped"
    VISIT_MOVED = "visit_moved"
    WORK_FAILED = "work_failed"
    DEVICE_FAULT = "device_fault"
    DEVICE_STATE = "device_state"
    CENTRE_FAILED = "centre_failed"
    CASE_MOVED = "case_moved"
    ATTENDANT_ENTERED = "attendant_entered"
    ATTENDANT_REFUSED = "attendant_refused"
    ATTENDANT_LEFT = "attendant_left"
    ATTENDANT_DID = "attendant_did"
    SELF_TEST = "self_test"
    EXCHANGED = "exchanged"
    CLOSED = "closed"
    OPENED = "opened"
    SETTLED = "settled"
    HELP_CALLED = "help_called"
    LEFT_BEHIND = "left_behind"
    SCREEN_FAILED = "screen_failed"
    REVIVED = "revived"
    STORE_FAILED = "store_failed"
    CONFIGURATION_MOVED = "configuration_moved"
    CONFIGURATION_REFUSED = "configuration_refused"
    CONFIGURATION_AGED = "configuration_aged"


CATALOGUE: dict[str, dict[str, list[str] | str]] = tomllib.loads(
    (Path(__file__).parent / "events.toml").read_text("utf-8")
)


REPEATED = frozenset({Event.DEVICE_FAULT, Event.CENTRE_FAILED})
"""Written once for as long as nothing else happens: a dead device is asked every few seconds."""


class Log:
    """Writes events, one JSON object a line, to `out`; any thread may write.

    `now` gives the local time; `last_faults` are the last of each device since the start, when and
    what; `counts` how often each event was written, `lost` how many lines no disk took: what they
    are about goes on. A field that the catalogue does not know raises
    ValueError: a log that may hold anything would one day hold a name.
    """

    def __init__(self, out: TextIO, now: Callable[[], datetime]) -> None:
        self._out, self._now = out, now
        self._lock = threading.Lock()
        self._last: tuple[Event, dict[str, str | int]] | None = None
        self.counts = Counter[Event]()
        self.lost = 0
        self.last_faults: dict[str, tuple[datetime, str]] = {}

    def write(self, event: Event, **fields: str | int) -> None:
        """Write one event."""
        unknown = set(fields) - set(CATALOGUE[event]["fields"])
        if unknown:
            raise ValueError(f"event {event} has no field {sorted(unknown)}: add it to events.toml")
        row = {"at": self._now().isoformat(timespec="milliseconds"), "event": event, **fields}
        with self._lock:
            if event in REPEATED and self._last == (event, fields):
                return
            self._last = (event, fields)
            self.counts[event] += 1
            try:
                self._out.write(json.dumps(row, ensure_ascii=False) + "\n")
                self._out.flush()
            except OSError:
                self.lost += 1

    def device_fault(self, fault: DeviceFault) -> None:
        """Write that a device could not do what was asked."""
        with self._lock:
            self.last_faults[fault.device] = (self._now(), fault.detail)
        self.write(Event.DEVICE_FAULT, device=fault.device, cure=fault.cure, detail=fault.detail)

    def faults(self) -> dict[str, tuple[datetime, str]]:
        """The last fault of each device as it is now, on any thread."""
        with self._lock:
            return dict(self.last_faults)

    def lost_or_back(self, device: str, fault: DeviceFault | None) -> None:
        """Write that a device that watches itself is lost, or (None) that it is back."""
        if fault is None:
            self.write(Event.DEVICE_STATE, device=device, state="ok")
        else:
            self.device_fault(fault)


def where(error: BaseException) -> str:
    """File and line an exception comes from: enough to find it, and nothing it was about."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


def catalogue() -> str:
    """The catalogue as the Markdown page docs/events.md."""
    rows = [
        f"| `{name}` | {row['meaning']} | {', '.join(f'`{field}`' for field in row['fields'])} |"
        for name, row in CATALOGUE.items()
    ]
    head = "# Events\n\nMade of `kiosk/events.toml` by `python -m kiosk events`.\n\n"
    return head + "| event | meaning | fields |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"
