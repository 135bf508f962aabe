"""Who keeps the kiosk out of service, and why: an attendant, the operator afar, the hour.

One state, which all may set: it is closed while any keeps it closed. It closes between citizens
only: whoever is being served is served to the end. Main thread only, but for `keep`.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from kiosk import whole_file
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.closed import MAINTENANCE, By, Closed

FILE = "closed.json"
"""What the attendant said, in the kiosk's folder: a restart does not open a kiosk again."""


class Closing:
    """Closed by whom, and why. `folder` is the kiosk's; `painted` is told of every change."""

    def __init__(self, folder: Path, log: Log, painted: Callable[[], None]) -> None:
        self._path, self._log, self._painted = folder / FILE, log, painted
        self._by: dict[By, Closed] = {}
        kept = _read(self._path)
        if kept is not None:
            self._by[By.ATTENDANT] = kept

    @property
    def why(self) -> Closed | None:
        """Why it is closed, the first of `By` whose word it is; None while it serves."""
        return next((self._by[by] for by in By if by in self._by), None)

    def of(self, by: By) -> Closed | None:
        """Why this one keeps it closed, if they do."""
        return self._by.get(by)

    @property
    def keepers(self) -> tuple[By, ...]:
        """Who keeps it closed; nobody while it serves."""
        return tuple(by for by in By if by in self._by)

    def close(self, by: By, why: Closed) -> None:
        """Close it from now on, or after whoever is being served; the same again does nothing."""
        if self._by.get(by) == why:
            return
        self._by[by] = why
        self._log.write(LogEvent.CLOSED, by=by)
        self._painted()

    def open(self, by: By) -> None:
        """Let it serve, as far as this one goes."""
        if by not in self._by:
            return
        del self._by[by]
        self._log.write(LogEvent.OPENED, by=by)
        self._painted()

    def keep(self, why: Closed | None) -> None:
        """Keep an attendant's word over a restart, None that it serves; any thread.

        Raises OSError, and what was kept before stays.
        """
        if why is None:
            whole_file.remove(self._path)
        else:
            whole_file.put_json(self._path, asdict(why))


def _read(path: Path) -> Closed | None:
    """What was kept; a file that cannot be read was written by a closed kiosk: it stays closed."""
    try:
        told = whole_file.read_json(path)
        return Closed(str(told["reason"]), str(told["english"])) if told is not None else None
    except (OSError, ValueError, KeyError, TypeError):
        return Closed(MAINTENANCE)
