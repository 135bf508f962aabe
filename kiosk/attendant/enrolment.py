"""The kiosk's first certificate, by a code typed at its screen (docs/centre/trust.md)."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.attendant.network import Network
from kiosk.desk import Ask
from kiosk.enrol import enrolled
from kiosk.identity import Identity, NotGiven, NotOurs
from kiosk.link import PROBLEM
from kiosk.log import Event as LogEvent
from kiosk.log import Log
from kiosk.services.attendant_answers import NetworkSeen
from kiosk.services.enrolling import CODE
from kiosk.visit import Event, Failed, Said

ANSWERS = {
    f"{PROBLEM}enrolment-refused": Failed("enrol_refused"),
    f"{PROBLEM}too-often": Failed("enrol_often"),
}
"""What a no of the centre's is told as; any other is a fault."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Asks the centre at `url` for this `device` (`kiosk:0017`), on the link's worker.

    `post` brings a call to the main thread; `again` begins the program anew there. `identity` is
    None for a kiosk that comes without one.
    """

    url: str
    device: str
    identity: Identity | None
    network: Network
    log: Log
    post: Callable[[Callable[[], None]], None]
    again: Callable[[], None]

    def enrol(self, ask: Ask) -> Event | None:
        """Begin anew with the certificate of the code that was typed, or say why there is none.

        Its voice is the key's fingerprint, while an operator has yet to confirm it.
        """
        code = CODE.of(ask.visit.facts) if ask.visit else None
        if code is None:
            return None
        try:
            if not self._asked(code, ask):
                return None
        except NotOurs as other:
            self._failed("not_ours")
            return Failed("enrol_other", detail=str(other).rpartition(":")[2])
        except NotGiven as no:
            self._failed(str(no))
            return self._told(ask, str(no))
        except OSError as error:  # the folder takes no key
            self.log.write(LogEvent.STORE_FAILED, error=type(error).__name__)
            return Failed("attendant_failed", "disk")
        self.log.write(LogEvent.ENROLLED)
        self.post(self.again)
        return None

    def _asked(self, code: str, ask: Ask) -> bool:
        ours, wait = self.identity, ask.cancel.wait
        return ours is not None and enrolled(
            ours, self.url, code, self.device, shows=ask.progress, given_up=wait
        )

    def _told(self, ask: Ask, why: str) -> Event:
        """What the centre says, or which step of the way to it fails."""
        if why.startswith(PROBLEM):
            return ANSWERS.get(why, Failed("attendant_failed"))
        match self.network.trial(ask):
            case Said(NetworkSeen((*_before, last))) if last.name in ("dns", "tcp", "tls"):
                return Failed("enrol_offline", detail=f"way_{last.name}")
            case _:
                return Failed("enrol_offline", detail="way_answer")

    def _failed(self, problem: str) -> None:
        self.log.write(LogEvent.CENTRE_FAILED, request="enrolment", problem=problem)
