"""Pictures on their way to the centre: each once, and as it was when it was looked at."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from kiosk.batch.journal import BatchJournal
from kiosk.batch.source import Entry, NotTaken, Source
from kiosk.batch.spool import Picture
from kiosk.link import Centre, Rejected
from regulation.card_list.faults import Fault, RowFault

TOGETHER = 50
"""So many are noted as sent at once: these are sent again when the kiosk dies meanwhile."""


class Upload:
    """Sends pictures of a source; what the centre has is remembered for a day (`journal.py`)."""

    def __init__(
        self,
        centre: Centre,
        journal: BatchJournal,
        source: Source,
        now: Callable[[], datetime],
    ) -> None:
        self._centre, self._journal, self._source, self._now = centre, journal, source, now

    def own(self, data: bytes) -> str:
        """Send a picture of the clerk's visit; gives its SHA-256."""
        return self._centre.image(data)

    def pictures(self, wanted: Sequence[Picture], go_on: Callable[[], None]) -> list[RowFault]:
        """Send pictures of the list, in the order of their files; gives those that cannot be.

        `go_on` raises when nobody waits. Raises `Unreachable` or `Unknown`: ask again.
        """
        entries, faults = self._source.entries(), list[RowFault]()
        for start in range(0, len(wanted), TOGETHER):
            part = wanted[start : start + TOGETHER]
            there = self._journal.sent([each.sha256 or "" for each in part])
            for each in part:
                if each.sha256 in there:
                    continue
                go_on()
                fault = self._send(each, entries[each.place])
                if fault is not None:
                    faults.append(RowFault(each.line, each.shows, fault))
            bad = {(each.row, each.field) for each in faults}
            good = [each for each in part if (each.line, each.shows) not in bad]
            self._journal.note_sent([each.sha256 or "" for each in good], self._now())
        return faults

    def forget(self, pictures: Iterable[Picture]) -> None:
        """The centre has them no more: they are sent again with the next try."""
        self._journal.forget_sent([each.sha256 or "" for each in pictures])

    def _send(self, picture: Picture, entry: Entry) -> Fault | None:
        try:
            data = self._source.read(entry)
        except NotTaken:
            return Fault.PICTURE_CHANGED
        if hashlib.sha256(data).hexdigest() != picture.sha256:
            return Fault.PICTURE_CHANGED
        try:
            self._centre.image(data)
        except Rejected:  # it can be decoded, but something stands behind its end
            return Fault.PICTURE_UNREADABLE
        return None
