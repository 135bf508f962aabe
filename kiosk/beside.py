"""Work beside the visits: on the devices' threads, its end heard on the main thread."""

from collections.abc import Callable, Mapping

from hardware.fault import DeviceFault
from hardware.worker import Cancelled, Worker
from kiosk.log import Event as LogEvent
from kiosk.log import Log, where


class Beside:
    """Does things on workers that no visit waits for; what breaks leaves a trace.

    `post` brings a call to the main thread, where every method but `told` is to be called.
    """

    def __init__(
        self,
        workers: Mapping[str, Worker],
        post: Callable[[Callable[[], None]], None],
        log: Log,
    ) -> None:
        self._workers, self._post, self._log = workers, post, log
        self._busy: set[str] = set()

    def do(
        self, worker: str, work: Callable[[], object], done: Callable[[object], None] | None = None
    ) -> None:
        """Do something on a worker's thread; `done` hears what came of it, a fault too."""

        def finished(answer: object) -> None:
            self._busy.discard(worker)
            self.told(worker, answer)
            if done is not None:
                done(answer)

        self._workers[worker].submit(
            lambda _cancel: work(), lambda answer: self._post(lambda: finished(answer))
        )

    def once(
        self, worker: str, work: Callable[[], object], done: Callable[[object], None] | None = None
    ) -> None:
        """Do something now and then, unless the last time still goes on."""
        if worker not in self._busy:
            self._busy.add(worker)
            self.do(worker, work, done)

    def told(self, work: str, answer: object) -> None:
        """Write down what broke; any thread."""
        if isinstance(answer, DeviceFault):
            self._log.device_fault(answer)
        elif isinstance(answer, BaseException) and not isinstance(answer, Cancelled):
            kind = type(answer).__name__
            self._log.write(LogEvent.WORK_FAILED, work=work, error=kind, where=where(answer))
