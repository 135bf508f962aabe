"""The kiosk's log: JSON lines of catalogued events, never a personal datum.

The catalogue is `events.toml`; an event has the fields named there and no others, and a field holds
what its kind can hold (`event_catalogue.py`). Where the lines go and stay: `kiosk/logs`.
"""

import json
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Protocol

from hardware.fault import DeviceFault
from kiosk.event_catalogue import CATALOGUE, MARK, fitted
from kiosk.event_names import Event

REPEATED = frozenset({Event.DEVICE_FAULT, Event.CENTRE_FAILED})
"""Written once for as long as nothing else happens: a dead device is asked every few seconds."""


PLENTY = frozenset({
    *(Event.VISIT_MOVED, Event.DEVICE_FAULT, Event.DEVICE_STATE, Event.CENTRE_FAILED),
    *(Event.WORK_FAILED, Event.SCREEN_FAILED, Event.HELP_CALLED, Event.LEFT_BEHIND),
})  # fmt: skip
"""Left out, and counted, on a day that has too many lines already: what is rare is not."""


class Out(Protocol):
    """Where lines go: a file, or the log's folder. Raises OSError for a line that is not taken."""

    def write(self, line: str, /) -> object:
        """Take a line."""
        ...

    def flush(self) -> object:
        """Hand it on."""
        ...


class Log:
    """Writes events, one JSON object a line, to `out`; any thread may write.

    `now` gives the local time; `last_faults` are the last of each device since the start, when and
    what; `counts` how often each event was written, `lost` how many lines no disk took, or the day
    had no room for (`crowded`), told when there is room again; `unfit` how many texts did not fit
    their field: what they are about goes on. A field that the catalogue does
    not know raises ValueError: a log that may hold anything would one day hold a name.
    """

    def __init__(
        self,
        out: Out,
        now: Callable[[], datetime],
        crowded: Callable[[], bool] = lambda: False,
    ) -> None:
        self._out, self._now, self._crowded = out, now, crowded
        self._lock = threading.Lock()
        self._last: tuple[Event, dict[str, str | int]] | None = None
        self.counts = Counter[Event]()
        self.lost = self._lost_told = self.unfit = 0
        self.last_faults: dict[str, tuple[datetime, str]] = {}

    def write(self, event: Event, **fields: str | int) -> None:
        """Write one event."""
        unknown = set(fields) - set(CATALOGUE[event]["fields"])
        if unknown:
            raise ValueError(f"event {event} has no field {sorted(unknown)}: add it to events.toml")
        fields = {name: fitted(event, name, value) for name, value in fields.items()}
        with self._lock:
            self.unfit += sum(value == MARK for value in fields.values())
            if event in REPEATED and self._last == (event, fields):
                return
            self._last = (event, fields)
            if (event in PLENTY and self._crowded()) or not self._put(event, fields):
                self.counts[event] += 1
                self.lost += 1
            elif self.lost > self._lost_told:
                count = fitted(Event.LOG_LOST, "count", self.lost - self._lost_told)
                if self._put(Event.LOG_LOST, {"count": count}):
                    self._lost_told = self.lost

    def _put(self, event: Event, fields: Mapping[str, str | int]) -> bool:
        """Whether the line was taken."""
        row = {"at": self._now().isoformat(timespec="milliseconds"), "event": event, **fields}
        try:
            self._out.write(json.dumps(row, ensure_ascii=False) + "\n")
            self._out.flush()
        except OSError:
            return False
        self.counts[event] += 1
        return True

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
