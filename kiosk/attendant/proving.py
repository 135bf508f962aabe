"""The kiosk's own proofs for whoever attends: what the last ones said, and once more now."""

import queue
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from kiosk.desk import Ask
from kiosk.readiness.certificate import Certificate
from kiosk.readiness.readiness import Readiness
from kiosk.services.proved import Proof, Proved
from kiosk.visit import Event, Said

LOOK_S = 0.1
"""So soon an attendant who has gone is noticed."""


@dataclass(frozen=True, slots=True)
class Proving:
    """Asks for proofs; `readiness` is there once the house is whole. Runs on a thread of no device.

    `post` brings a call to the main thread, where the proofs are begun and end.
    """

    readiness: Callable[[], Readiness]
    post: Callable[[Callable[[], None]], None]

    def last(self) -> Proved | None:
        """The last certificate; None where the kiosk never proved itself."""
        certificate = self.readiness().last
        return told(certificate) if certificate else None

    def again(self, ask: Ask) -> Event | None:
        """A round now, or the one that goes on; None when nobody waits for it any more.

        It ends by itself within `kiosk.readiness.readiness.WITHIN_S`, also when nobody waits.
        """
        came: queue.SimpleQueue[Certificate] = queue.SimpleQueue()
        self.post(lambda: self.readiness().prove("asked", came.put))
        while not ask.cancel.is_set():
            with suppress(queue.Empty):
                return Said(told(came.get(timeout=LOOK_S)))
        return None


def told(certificate: Certificate) -> Proved:
    """What of a certificate is shown."""
    proofs = (
        Proof(each.proof, each.device, each.degree, each.reason) for each in certificate.proofs
    )
    return Proved(certificate.at.isoformat(), tuple(proofs))
