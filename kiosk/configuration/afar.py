"""One kiosk's configuration from afar, wired: its store, its ways to the centre, its trials."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from hardware.device import Device, State, state_of
from kiosk import VERSION
from kiosk.asked import MOST_LOG, Answers, Asked, Picture, taking
from kiosk.attendant.supplies import rated
from kiosk.configuration.document import Document, DocumentError, parse
from kiosk.configuration.line import Line
from kiosk.configuration.noticing import Noticing
from kiosk.configuration.receiving import Receiving
from kiosk.configuration.reporting import Reporting
from kiosk.configuration.store import Failure, Store
from kiosk.configuration.trace import Trace
from kiosk.configuration.trial import Kiosk, Trial
from kiosk.configuration.verified import UnverifiedError, Verifier
from kiosk.house import House
from kiosk.log import Event
from kiosk.logs.opening import folder_of
from kiosk.logs.reading import newest
from kiosk.push import Push
from kiosk.services.needs import offered
from kiosk.settings import Settings

FOLDER = "configuration"
METADATA = "metadata"
JUST_NOW = timedelta(minutes=1)
TAKEN_BACK = Failure("committed", "disk")
"""What became of one that a full disk dropped before the kiosk ended."""

BREAKS = (Event.WORK_FAILED, Event.SCREEN_FAILED, Event.REVIVED)
"""What a configuration on probation must not bring."""


class Afar:
    """Configuration from afar for a house; nothing of it keeps the kiosk from serving.

    `own` are the settings of the kiosk's own file; `use` has the kiosk be like a document, `idle`
    says whether it may now, `drawn` calls back when a picture is on the glass, `picture` with that
    picture, `post` brings a call to the main thread.
    """

    def __init__(  # noqa: PLR0913 - the wires of the kiosk, all by name
        self,
        house: House,
        own: Settings,
        *,
        use: Callable[[Document | None], None],
        idle: Callable[[], bool],
        drawn: Callable[[Callable[[], None]], None],
        post: Callable[[Callable[[], None]], None],
        picture: Picture | None = None,
    ) -> None:
        self._house, self._own, self._post = house, own, post
        folder = own.data_dir / FOLDER
        self.store = Store(folder)
        self.trace = Trace(house.log, self.store.state)
        self._ways = [house.centre.beside() for _ in range(3)]
        lines = [Line(way, own.kiosk_id) for way in self._ways]
        answers = Answers(self._logged, own.attendant_operator_key, taking(post, idle, picture))
        self._asked = Asked(lines[2], answers, house.log, house.pace.push)
        self._noticing = Noticing(house)
        self._reports = Reporting(
            lines[1], self._told, house.log, house.pace.push, self._asked.tell
        )
        self.trace.changed = self._reports.tell
        self.trial = Trial(
            self._kiosk(use, idle, drawn), self.store, self.trace, own.central_probation_s
        )
        self._push = self._pushed(folder, lines[0])
        house.readiness.revision = self._serving

    def start(self) -> None:
        """Be like the last good document, then ask for a newer one; main thread, before serving."""
        self._interrupted()
        kept = self.store.state
        self.trial.resume(next(filter(None, map(self._kept, kept.committed)), None))
        if kept.staged and (waits := self._kept(kept.staged)):
            self.trial.offer(waits)
        self._noticing.look()
        self._reports.start()
        self._asked.start()
        if self._push is not None:
            self._push.start()

    def tick(self) -> None:
        """A few times a second, on the main thread."""
        self.trial.tick()
        if not self.store.behind:
            self.trace.well("start")
        if self._noticing.look():
            self._reports.tell()

    @property
    def in_force(self) -> Document | None:
        """What the kiosk is like now; None for its own file."""
        return self.trial.in_force

    def close(self) -> None:
        """End the threads and the ways to the centre."""
        if self._push is not None:
            self._push.close()
        self._reports.close()
        self._asked.close()
        for way in self._ways:
            way.close()

    def _pushed(self, folder: Path, line: Line) -> Push | None:
        """The thread that asks; None where nobody's signature can be believed."""
        own = self._own
        now = self._house.pace.now
        root = Path(own.central_fleet_root)
        try:
            verifier = Verifier(root, folder / METADATA, own.kiosk_id, line, now)
        except (OSError, UnverifiedError):
            self.trace.troubled(self.store.state.serving, Failure("root", "unreadable"))
            return None
        taker = Receiving(verifier, self.store, own, self.trace, self._offered, now)
        house, seen = self._house, lambda: self.store.state.seen
        return Push(line, taker, seen, house.log, house.pace.push)

    def _offered(self, document: Document) -> None:
        self._post(lambda: self.trial.offer(document))

    def _kiosk(
        self,
        use: Callable[[Document | None], None],
        idle: Callable[[], bool],
        drawn: Callable[[Callable[[], None]], None],
    ) -> Kiosk:
        house = self._house
        return Kiosk(
            use=use,
            idle=idle,
            look=self._look,
            drawn=drawn,
            heard=lambda: self._reports.heard,
            faults=lambda: sum(house.log.counts[event] for event in BREAKS),
            write=lambda work, done: house.beside.do("housekeeping", work, done),
            clock=house.pace.clock,
        )

    def _look(self, answer: Callable[[str, bool], None]) -> int:
        """Ask every device whether it is open; gives how many are asked."""
        house, devices = self._house, self._house.devices.all()
        house.desk.renew()

        def asked(name: str, device: Device) -> None:
            def done(status: object) -> None:
                answer(name, status is State.ONLINE)

            house.beside.do(name, lambda: state_of(device).state, done)

        for name, device in devices.items():
            asked(name, device)
        return len(devices)

    def _interrupted(self) -> None:
        """What was tried when the kiosk ended is bad, or had been taken back for a full disk."""
        tried = self.store.state.trying
        try:
            self.store.interrupted()
        except OSError:  # it is so for as long as this program runs
            self.trace.troubled(self.store.state.serving, Failure("start", "disk"))
        if tried:
            self.trace.refused(tried, self.store.state.bad.get(tried, TAKEN_BACK))

    def _kept(self, revision: int) -> Document | None:
        """A document that is kept; what rotted, or another program wrote, is fetched again."""
        data = self.store.document(revision)
        try:
            if data is not None:
                return parse(data, self._own, revision)
            self.trace.refused(revision, Failure("start", "disk"))
        except DocumentError as error:
            self.trace.refused(revision, Failure("start", error.reason), str(error))
        try:
            self.store.drop(revision)
        except OSError:  # it is forgotten for as long as this program runs
            self.trace.troubled(revision, Failure("start", "disk"))
        return None

    def _logged(self) -> bytes:
        """The kiosk's log; any thread. Raises OSError."""
        return newest(folder_of(self._own.data_dir), MOST_LOG)

    def _told(self) -> Mapping[str, Any]:
        """What the centre is told; any thread."""
        standing, noticed = self.trace.standing, self._noticing.now
        step, reason = standing.why
        return {
            "state": standing.state,
            "revision": standing.revision,
            "serving": self._serving(),
            "step": step,
            "reason": reason,
            "version": VERSION,
            "mode": "out_of_service" if noticed.closed else "in_service",
            "stale": standing.stale,
            "devices": self._devices(),
            "consumables": self._consumables(),
            "services": [] if noticed.closed else list(offered(self._house.rules)),
            "certified_at": self._house.readiness.certified_at,
        }

    def _serving(self) -> int:
        """The revision in force, 0 for none."""
        good = self.trial.in_force
        return good.revision if good else 0

    def _consumables(self) -> Mapping[str, float]:
        """What is left of the paper, and what was done by the parts it wears (docs/attendant.md).

        In the unit its name ends with; what nobody counted, or knows, is not told.
        """
        supplies = self._house.printer_supplies
        left_mm, (head, cutter) = supplies.left_mm, supplies.worn(rated(self._own))
        told = {
            "paper_m": left_mm and left_mm / 1000,
            "paper_days": supplies.days(),
            "head_km": head.done / 1000,
            "head_percent": head.percent,
            "cuts": cutter.done,
            "cutter_percent": cutter.percent,
        }
        return {name: round(amount, 1) for name, amount in told.items() if amount is not None}

    def _devices(self) -> Mapping[str, str]:
        """Each device and its fault, if it had one just now: a broken one is asked all the time.

        And what the kiosk could not prove of itself when it last tried (docs/readiness.md), and
        `help` while a citizen calls for an attendant: the console lists it with the faults.
        """
        house = self._house
        since = house.pace.now() - JUST_NOW
        faults = {
            name: re.sub(r"[^A-Za-z0-9_.:-]", "_", what or "fault")[:64]
            for name, (at, what) in house.log.faults().items()
            if at > since
        }
        last = house.readiness.last
        unproven = {f"proof.{each.proof}": each.reason for each in last.failed} if last else {}
        help_ = {"help": "called"} if self._noticing.now.called else {}
        return dict.fromkeys(house.devices.all(), "ok") | faults | unproven | help_
