"""The only impure part of a visit: runs work on device threads, owns the clock, keeps the visit.

Everything here runs on the main thread, except the work itself. `post` brings a call back to the
main thread. An answer is heard only by the visit that asked for it.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from hardware.worker import Cancelled, Worker
from kiosk.aside import Aside
from kiosk.log import Event as LogEvent
from kiosk.log import Log, where
from kiosk.visit import (
    LADDER,
    MORE_TIME,
    NOT_IN_THE_WAY,
    OF_NOBODY,
    TAKE_BACK,
    Begin,
    Event,
    Facts,
    Failed,
    Idle,
    Patience,
    Service,
    Step,
    Visit,
    standing,
)

REST_S = 3.0
"""After work at home broke in a way nobody expected, before it is begun again."""


class Clock(Protocol):
    """Seconds that only grow; injected, so that tests own the time."""

    def __call__(self) -> float:
        """Now, in seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Ask:
    """What a piece of work is given: the visit (None at home), its cancel event, its voice.

    `progress` tells the screen how far it is: a countdown, or what the person should do now.
    """

    visit: Visit | None
    cancel: threading.Event
    progress: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Job:
    """Work of a step: the worker it runs on, and the work. It answers with an event, or None.

    `broken` is the failure the person is told of when the work raises what nobody expected.
    """

    worker: str
    run: Callable[[Ask], Event | None]
    broken: str = "F35"


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds a person has, by patience; `warn` of them after "are you still there?" (WCAG 2.2.1).

    `left`: when each rung of `LADDER` but the first comes, in seconds since the visit was over.
    """

    seconds: Mapping[Patience, float]
    warn: float
    left: tuple[float, float, float, float]

    def of(self, visit: Visit, step: Step) -> float:
        """Seconds until `Idle` in this state."""
        if visit.overlay == MORE_TIME:
            return self.warn
        if step.patience is Patience.TAKE_BACK:
            return self._rung(visit)
        return max(self.seconds[step.patience] - self.warn, self.warn)

    def _rung(self, visit: Visit) -> float:
        """From this rung to the next; what else lies over the step has to be read first."""
        if visit.overlay not in LADDER:
            return self.warn
        came = (0.0, *self.left, 2 * self.left[-1])
        at = LADDER.index(visit.overlay)
        return came[at + 1] - came[at]


@dataclass(slots=True, eq=False)
class Running:
    """A job that runs.

    `asked` is for whom: taken out by the work, or when it is cancelled before it began, since a
    worker keeps its last command until the next, and shall not keep a person with it.
    """

    job: Job
    asked: list[Visit | None]
    cancel: threading.Event = field(default_factory=threading.Event)


class Desk:
    """Serves one person after the other.

    `jobs` by the name of a step's `work`: of several, each on a worker of its own, the first that
    answers is heard and ends the others. Those named `at_home` are done again and again while
    nobody is served. `painted` is told of every change, and `over` when what was known of a person
    was forgotten. `waits()` gives the present patience, `known()` what every visit begins with.
    `admits(service)`: whether it may begin at home now; None asks for the work at home.
    """

    AT_HOME = "at_home"

    def __init__(  # noqa: PLR0913 - the wires of the house, all by name
        self,
        *,
        jobs: Mapping[str, tuple[Job, ...]],
        workers: Mapping[str, Worker],
        post: Callable[[Callable[[], None]], None],
        clock: Clock,
        waits: Callable[[], Waits],
        painted: Callable[[], None],
        log: Log,
        over: Callable[[], None] = lambda: None,
        known: Callable[[], Facts] = dict,
        admits: Callable[[Service | None], bool] = lambda _service: True,
    ) -> None:
        self.visit: Visit | None = None
        self._admits = admits
        self._over, self._known = over, known
        self.closed = self._serving = False
        self._jobs, self._workers, self._post = jobs, workers, post
        self._clock, self._waits, self._painted, self._log = clock, waits, painted, log
        self._running: list[Running] = []
        self._rests: dict[Job, float] = {}
        self._words: dict[Job, str] = {}
        self._since = clock()
        self._aside = Aside(log)

    @property
    def called(self) -> bool:
        """Whether the person who is served asked for help, so that an attendant may come in."""
        return self._aside.called and self._aside.visit is None

    @property
    def kept(self) -> Visit | None:
        """The visit that goes on over a restart: the citizen's, also while an attendant helps."""
        return self._aside.visit or self.visit

    @property
    def progress(self) -> str:
        """The word of the work that runs: how far it is, or what the person should do now."""
        return next((word for word in self._words.values() if word), "")

    def start(self, visit: Visit | None = None) -> None:
        """Begin to serve: the work at home starts, or a visit that was kept goes on."""
        self._serving, self.visit, self._since = True, visit, self._clock()
        self._aside.begin(visit, self._since)
        self._work()

    def renew(self) -> None:
        """At home, begin the work anew: a device does meanwhile what else was asked of it."""
        if self.visit is None:
            self._cancel()

    def close(self) -> None:
        """Serve nobody any more; what runs is cancelled and its answer not heard."""
        self.closed = True
        self._cancel()

    def say(self, event: Event) -> None:
        """An event of the person or of a device. Main thread only."""
        before = self.visit
        if isinstance(event, Begin):
            if before is None and not self._admits(event.service):
                return
            event = replace(event, facts={**event.facts, **self._known()})
        self._since = self._clock()
        after = self._aside.advance(before, event, self._since, busy=self._busy())
        if after is not before:
            self._stand(before, after, event)

    def _stand(self, before: Visit | None, after: Visit | None, event: Event) -> None:
        """The visit is another one now: what ran for it ends, what it stands at begins."""
        self.visit = after
        self._note(before, after, event)
        if _place(before) != _place(after):
            self._cancel()
        self._work()
        self._painted()
        if _of_somebody(before) and not _of_somebody(after):
            self._over()

    def touched(self) -> None:
        """A finger is on the glass: the person is there. The question "still there?" stays.

        So does the alarm for a thing left behind: it is answered by a hand on the thing.
        """
        visit = self.visit
        if visit is None or (visit.overlay != MORE_TIME and visit.service is not TAKE_BACK):
            self._since = self._clock()

    def quiet_s(self) -> float:
        """Seconds since anything was heard of the person."""
        return self._clock() - self._since

    def left_s(self) -> float | None:
        """Seconds until silence has a consequence; None while nothing is waited for."""
        visit = self.visit
        step = standing(visit) if visit else None
        if visit is None or step is None or (self._running and step.auto and not visit.overlay):
            return None
        return self._waits().of(visit, step) - self.quiet_s()

    def tick(self) -> None:
        """To be called a few times a second: says `Idle` when the person has been silent."""
        if self._aside.late(self._clock()):
            self._since = self._clock()
            self._stand(self.visit, self._aside.ended(), Idle())
        left = self.left_s()
        if left is not None and left <= 0:
            self.say(Idle())
        elif self._serving and self.visit is None:
            if self._running and not self._admits(None):
                self._cancel()
            self._work()  # work at home that broke is begun again after a rest

    def _busy(self) -> bool:
        """Whether work goes on that has to end first; waiting for a thing to be taken may stop."""
        step = standing(self.visit) if self.visit else None
        waits = step is None or step.patience is Patience.TAKE_BACK
        return step is not None and step.holds and bool(self._running) and not waits

    def _work(self) -> None:
        """Start the work that the visit now stands at, unless it runs, or a problem covers it."""
        if self.closed:
            return
        visit = self.visit
        step = standing(visit) if visit else None
        if visit and visit.overlay and visit.overlay not in NOT_IN_THE_WAY:
            return
        if visit is None and not self._admits(None):
            return
        if visit and visit.overlay == MORE_TIME:
            return  # what failed must not fail again and so keep asking: silence goes home
        name = step.work if step else self.AT_HOME
        for job in self._jobs.get(name, ()):
            rested = visit is not None or self._clock() >= self._rests.get(job, 0.0)
            if rested and all(each.job is not job for each in self._running):
                self._start(name, job, visit)

    def _start(self, name: str, job: Job, visit: Visit | None) -> None:
        running = Running(job, [visit])

        def progress(word: str) -> None:
            self._post(lambda: self._progressed(running, word))

        def done(answer: object) -> None:
            self._post(lambda: self._answered(name, running, answer))

        def command(cancel: threading.Event) -> Event | None:
            if not running.asked:
                raise Cancelled
            return job.run(Ask(running.asked.pop(), cancel, progress))

        self._running.append(running)
        self._words.setdefault(job, "")  # as the rows stand: the first device's word goes first
        running.cancel = self._workers[job.worker].submit(command, done)

    def _cancel(self) -> None:
        for each in self._running:
            each.cancel.set()
            each.asked.clear()
        self._running, self._words = [], {}

    def _progressed(self, running: Running, word: str) -> None:
        if running in self._running:
            self._words[running.job] = word
            self._painted()

    def _answered(self, name: str, running: Running, answer: object) -> None:
        if running not in self._running:
            return
        self._running.remove(running)
        if isinstance(answer, Exception) and not isinstance(answer, Cancelled):
            kind = type(answer).__name__
            self._log.write(LogEvent.WORK_FAILED, work=name, error=kind, where=where(answer))
            answer = Failed(running.job.broken)
            self._rests[running.job] = self._clock() + REST_S
        if answer is None or isinstance(answer, Cancelled):
            self._work()
        else:
            self._cancel()
            self.say(answer)  # type: ignore[arg-type]

    def _note(self, before: Visit | None, after: Visit | None, event: Event) -> None:
        """What happened, without whom: the kinds of events and the names of steps only."""
        self._log.write(
            LogEvent.VISIT_MOVED,
            heard=type(event).__name__,
            was=_name(before),
            now=_name(after),
            code=after.overlay.code if after and after.overlay else "",
        )
        if after and after.overlay and after.overlay in LADDER:
            self._log.write(
                LogEvent.LEFT_BEHIND, code=after.overlay.code, step=_name(after).split(".")[-1]
            )


def _of_somebody(visit: Visit | None) -> bool:
    return visit is not None and visit.service not in OF_NOBODY


def _place(visit: Visit | None) -> tuple[str, str] | None:
    """Where work belongs: an overlay alone does not stop it."""
    step = standing(visit) if visit else None
    return (visit.service.name, step.name) if visit and step else None


def _name(visit: Visit | None) -> str:
    place = _place(visit)
    return ".".join(place) if place else "home"
