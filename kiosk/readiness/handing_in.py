"""Hands the newest certificate in to the centre, again and again until it is taken.

One that was not taken before the next was made is not handed in any more: the kiosk keeps it.
"""

import hashlib

from kiosk import whole_file
from kiosk.link import PROBLEM, Centre, Rejected, Unknown, Unreachable
from kiosk.log import Event, Log
from kiosk.readiness.archive import Archive, Kept
from kiosk.settings import Settings

MARK = "handed_in"
"""A file beside the certificates: SHA-256 of the last one that the centre has answered about."""
WITHIN_S = 4.0
"""How long an answer may take: less than the keeper waits for its thread at the end."""
FINAL = frozenset(
    PROBLEM + name for name in ("readiness-refused", "kiosk-is-another", "invalid", "too-large")
)
"""The centre's no that stays one for this certificate; after any other, it is asked again."""


class HandingIn:
    """An errand of the log's keeper: `look` is for its thread. `centre` is asked by another way."""

    def __init__(self, settings: Settings, centre: Centre, log: Log) -> None:
        self._archive, self._kiosk = Archive(settings.data_dir, None), settings.kiosk_id
        self._centre, self._log = centre.beside(WITHIN_S), log
        self._problem, self._done = "", b""

    def look(self) -> None:
        """Hand in the newest certificate, unless it was. Raises OSError where no disk keeps that.

        It is not handed in twice all the same, until the next start.
        """
        last = self._archive.last()
        digest = hashlib.sha256(last.file).hexdigest().encode() if last else b""
        if last is None or digest in {self._done, self._marked()} or not self._answered(last):
            return
        self._done = digest
        whole_file.put(self._archive.folder / MARK, digest)

    def close(self) -> None:
        """Close the connections."""
        self._centre.close()

    def _answered(self, kept: Kept) -> bool:
        """Whether the centre took it, or never will; any other trouble is said once."""
        final = False
        try:
            self._centre.take_certificate(kept.number, kept.file, self._kiosk)
        except Unreachable:
            problem = "Unreachable"
        except Unknown as error:
            problem = str(error)
        except Rejected as no:
            problem, final = no.type, no.type in FINAL
        else:
            problem, final = "", True
        if problem not in {"", self._problem}:
            self._log.write(Event.CENTRE_FAILED, request="certificate", problem=problem)
        self._problem = "" if final else problem
        return final

    def _marked(self) -> bytes:
        mark = self._archive.folder / MARK
        return mark.read_bytes() if mark.exists() else b""
