"""When the kiosk proves itself, and what becomes of it: at start, every morning, when asked.

Everything here runs on the main thread, but the proofs, each on the thread of its device. No thread
waits for another one: a round that is not over in time is over.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import Protocol

from hardware.sound.microphone import Microphone
from kiosk import VERSION
from kiosk.beside import Beside
from kiosk.desk import Desk
from kiosk.devices import Devices
from kiosk.identity import Identity
from kiosk.link import Centre
from kiosk.log import Event, Log
from kiosk.pace import Pace
from kiosk.printing import Press
from kiosk.readiness.archive import Archive
from kiosk.readiness.certificate import Certificate, program
from kiosk.readiness.proof import BEARABLE, PROOFS, UNSEEN, WORKER, Degree, Kit, Proof, Result
from kiosk.services.needs import Need
from kiosk.settings import Settings
from kiosk.signals import Signals
from kiosk.working import Working

WITHIN_S = 15.0
"""So long a round may hold the home page back; what has not told by then has failed."""
RECENT = timedelta(minutes=10)
"""A start so soon after a round needs no other one: what it found holds."""
AGAIN = timedelta(minutes=30)
"""What failed is tried again after so long, while nobody is there."""
QUIET_S = 20.0
"""So long nobody has touched anything before a round that nobody asked for."""
SOURCE = "readiness"


class Rooms(Protocol):
    """What of a house is needed."""

    settings: Settings
    devices: Devices
    press: Press
    centre: Centre
    desk: Desk
    beside: Beside
    log: Log
    pace: Pace
    signals: Signals
    working: Working
    recovering: bool


@dataclass(slots=True, eq=False)
class _Round:
    """Proofs that are under way: why, since when (clock), and what came until now."""

    why: str
    kit: Kit
    began: float
    open: list[Proof]
    results: dict[str, Result] = field(default_factory=dict[str, Result])
    told: list[Callable[[Certificate], None]] = field(
        default_factory=list[Callable[[Certificate], None]]
    )


class Readiness:
    """The proofs of one kiosk. `painted` is told when a round begins and ends.

    `last` is the last certificate, `revision` gives the configuration from afar that is in force,
    and may be set later.
    """

    def __init__(
        self, house: Rooms, identity: Identity | None, painted: Callable[[], None]
    ) -> None:
        self._house, self._painted = house, painted
        self._archive = Archive(house.settings.data_dir, identity)
        self._enrolled = identity is None or identity.exists()
        self.last: Certificate | None = self._archive.newest()
        self.revision: Callable[[], int] = lambda: 0
        self._round: _Round | None = None
        self._hurried = False

    @property
    def proving(self) -> bool:
        """Whether a round goes on: nobody but an attendant begins anything meanwhile."""
        return self._round is not None

    @property
    def certified_at(self) -> str:
        """When the last certificate was given (ISO 8601), "" for never."""
        return self.last.at.isoformat(timespec="seconds") if self.last else ""

    def started(self) -> None:
        """The kiosk has started, and nobody is being served: prove it, unless it just was."""
        since = self._since()
        if self.last is not None and since is not None and since < RECENT:
            self._say(self.last)
        elif self._enrolled and self._house.settings.readiness_at_start:
            self.prove("start")

    def hurry(self) -> None:
        """An attendant was there: what had failed may work now, and is tried at once."""
        self._hurried = True

    def prove(self, why: str = "asked", told: Callable[[Certificate], None] | None = None) -> None:
        """Begin a round now, unless one goes on. Attendants get a slip each time they ask.

        `told` is called once, on the main thread, with what came of it.
        """
        if self._round is None:
            self._start(why)
        if self._round is not None and told is not None:
            self._round.told.append(told)

    def _start(self, why: str) -> None:
        self._hurried = False
        kit = self._kit("" if why == "asked" else self._spared())
        self._round = _Round(why, kit, self._house.pace.clock(), list(PROOFS))
        for proof in PROOFS:
            if not proof.after:
                self._begin(self._round, proof)
        self._painted()

    def tick(self) -> None:
        """To be called a few times a second."""
        if self._round is None:
            if self._enrolled and self._nobody() and (why := self._due()):
                self.prove(why)
        elif self._house.pace.clock() - self._round.began > WITHIN_S:
            self._end(self._round)

    def _end(self, begun: _Round) -> None:
        """What has not told by now has failed; what waited for that was not begun."""
        late = tuple(begun.open)
        for proof in late:
            if proof.after in {each.name for each in late}:
                self._note(begun, proof, proof.result(Degree.ABSENT, "not_begun"))
            else:
                result = proof.result(Degree.FAILED, "time_out", round(WITHIN_S * 1000))
                self._note(begun, proof, result)
        self._over(begun)

    def _nobody(self) -> bool:
        house = self._house
        there = house.desk.visit is not None or house.desk.quiet_s() < QUIET_S
        return not (there or house.recovering or house.signals.door_open)

    def _due(self) -> str:
        """Why a round is due, "" when none is: once a day from its hour on, and after a failure."""
        settings, since = self._house.settings, self._since()
        if not settings.readiness_at:
            return ""
        now = self._house.pace.now()
        hour = datetime.combine(now, time.fromisoformat(settings.readiness_at), now.tzinfo)
        if now >= hour and (since is None or since > max(now - hour, RECENT)):
            return "daily"
        waits = timedelta() if self._hurried else AGAIN
        failed = self.last is not None and self.last.failed
        return "again" if failed and since is not None and since >= waits else ""

    def _since(self) -> timedelta | None:
        """How long ago the last certificate was; None for none, or by a clock that was ahead."""
        since = self._house.pace.now() - self.last.at if self.last else None
        return since if since is not None and since >= -RECENT else None

    def _spared(self) -> str:
        """Why no slip is printed, "" when one is: once a day is enough paper."""
        if not self._house.settings.readiness_print:
            return "not_asked"
        today = self._house.pace.now().date()
        return "printed_today" if self._archive.printed_on(today) else ""

    def _kit(self, spared: str) -> Kit:
        house, settings = self._house, self._house.settings
        microphone = settings.readiness_microphone
        return Kit(
            house.devices,
            house.press,
            house.centre,
            house.pace.now,
            house.log,
            settings.data_dir,
            f"readiness|{secrets.token_hex(8)}",
            spared,
            settings.readiness_read_back,
            Microphone(microphone) if microphone else None,
        )

    def _begin(self, begun: _Round, proof: Proof) -> None:
        def done(answer: object) -> None:
            broken = proof.result(Degree.FAILED, "internal_error")
            if begun is not self._round:
                return  # it came too late, and is down as failed
            self._note(begun, proof, answer if isinstance(answer, Result) else broken)
            for other in begun.open:
                if other.after == proof.name:
                    self._begin(begun, other)
            if not begun.open:
                self._over(begun)

        self._house.beside.do(proof.worker or proof.device, partial(proof.tried, begun.kit), done)

    def _note(self, begun: _Round, proof: Proof, result: Result) -> None:
        begun.open.remove(proof)
        begun.results[proof.name] = result
        if result.degree is Degree.FAILED:
            fields = {"proof": result.proof, "device": result.device, "detail": result.reason}
            self._house.log.write(Event.NOT_PROVEN, **fields)

    def _over(self, begun: _Round) -> None:
        """Every proof has told: open service for what works, and keep the certificate."""
        self._round = None
        house, results = self._house, begun.results
        proofs = tuple(results[proof.name] for proof in PROOFS)
        certificate = Certificate(
            house.settings.kiosk_id,
            VERSION,
            "",
            self.revision(),
            house.pace.now(),
            begun.why,
            proofs,
        )
        self.last = certificate
        self._say(certificate)
        counts = {degree: sum(each.degree is degree for each in proofs) for degree in Degree}
        house.log.write(
            Event.READINESS,
            why=begun.why,
            proven=counts[Degree.PROVEN],
            looked=counts[Degree.LOOKED],
            failed=counts[Degree.FAILED],
        )
        house.beside.do(WORKER, lambda: self._keep(certificate), self._kept)
        for told in begun.told:
            told(certificate)
        self._painted()

    def _say(self, certificate: Certificate) -> None:
        """Say of each need whether it works."""
        reasons = {each.proof: each.reason for each in certificate.failed}
        fatal = {proof for proof, reason in reasons.items() if reason not in BEARABLE}
        lost = {row.need: reasons[row.name] for row in PROOFS if row.name in fatal}
        for need in dict.fromkeys(row.need for row in PROOFS if row.need):
            unseen = lost.get(need) in UNSEEN
            self._house.working.say(Need(need), need not in lost, SOURCE, unseen=unseen)

    def _keep(self, certificate: Certificate) -> Certificate:
        """Keep the certificate, then its sheet; what no disk takes keeps no service closed."""
        whole = replace(certificate, program=program())
        try:
            self._archive.sheet(self._archive.put(whole))
        except (OSError, ValueError) as error:
            self._house.log.write(Event.STORE_FAILED, error=type(error).__name__)
        return whole

    def _kept(self, whole: object) -> None:
        if isinstance(whole, Certificate) and self.last and whole.at == self.last.at:
            self.last = whole
