"""From the news of a revision to a document that waits: received, verified, valid, staged.

What is not proven to be the centre's says nothing of the revision it claims to be: it is asked for
again. What is proven and cannot be used is bad, and is not tried a second time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.configuration.document import Document, DocumentError, parse
from kiosk.configuration.store import Failure, Store
from kiosk.configuration.trace import Trace
from kiosk.configuration.verified import Proven, UnverifiedError, Verifier
from kiosk.settings import Settings

RENEW = timedelta(hours=6)
"""So long before they expire metadata are fetched anew, though no document is."""


@dataclass(slots=True, eq=False)
class Receiving:
    """Takes documents in; for one thread. `offer` is given each good one, on that thread."""

    verifier: Verifier
    store: Store
    own: Settings
    trace: Trace
    offer: Callable[[Document], None]
    now: Callable[[], datetime]

    def receive(self, revision: int) -> bool:
        """Take in the document of a revision; False where it has to be asked for again.

        Raises `Unreachable` and `Unknown` where the centre could not be asked.
        """
        self.trace.moved("received", revision)
        try:
            proven = self._proven(revision)
            self.trace.moved("verified", proven.revision)
        except UnverifiedError as error:
            self.trace.refused(revision, Failure("verified", error.reason))
            return False
        except OSError:
            self.trace.refused(revision, Failure("verified", "disk"))
            return False
        try:
            document = parse(proven.data, self.own, proven.revision)
        except DocumentError as error:
            self._bad(proven.revision, Failure("valid", error.reason), str(error))
            return True
        self.trace.moved("valid", document.revision)
        return self._staged(document, proven)

    def freshen(self) -> None:
        """Fetch metadata anew before they expire, and note when they have.

        Raises `Unreachable` and `Unknown`.
        """
        expires = self.verifier.expires()
        if expires is None:
            return
        try:
            if self.now() > expires - RENEW:
                self.verifier.document()
            self.trace.well("fresh")
        except UnverifiedError as error:
            self.trace.troubled(self.store.state.serving, Failure("fresh", error.reason))
        except OSError:
            self.trace.troubled(self.store.state.serving, Failure("fresh", "disk"))
        finally:
            self.note_age()

    def note_age(self) -> None:
        """Note whether what is believed has expired; the kiosk serves on."""
        expires = self.verifier.expires()
        self.trace.aged(stale=expires is not None and self.now() > expires)

    def _proven(self, revision: int) -> Proven:
        if revision <= self.store.state.seen:
            raise UnverifiedError("older")
        proven = self.verifier.document()
        self.note_age()
        if proven is None or proven.revision < revision:
            raise UnverifiedError("missing")
        return proven

    def _staged(self, document: Document, proven: Proven) -> bool:
        try:
            self.store.stage(document.revision, proven.data)
        except OSError:
            self.trace.refused(document.revision, Failure("staged", "disk"))
            return False
        self.trace.moved("staged", document.revision)
        self.offer(document)
        return True

    def _bad(self, revision: int, why: Failure, text: str) -> None:
        self.trace.refused(revision, why, text)
        try:
            self.store.fail(revision, why)
        except OSError:
            self.trace.refused(revision, Failure("staged", "disk"))
