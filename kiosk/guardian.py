"""Nothing is left behind: no thing of a person's in a device, no datum of theirs in memory.

What lies there is asked back by the visit itself (`kiosk.visit.LADDER`), shown by `kiosk.signals`
and written down by `kiosk.custody`; here is what is done when a visit is over or the kiosk is
opened (docs/guardian.md).
"""

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.beside import Beside
from kiosk.desk import Desk
from kiosk.services.attendant import attending
from kiosk.visit import PAUSED, Opened, Said, Shut
from kiosk.zeroise import overwrite_freed


@dataclass(slots=True, eq=False)
class Guardian:
    """Forgets and locks; main thread only.

    `workers`: all threads a visit may have given work; `wipes`: what some of them have to wipe;
    `hush` ends what is spoken.
    """

    beside: Beside
    workers: tuple[str, ...]
    post: Callable[[Callable[[], None]], None]
    hush: Callable[[], None]
    wipes: Mapping[str, Callable[[], None]]
    _under_way: bool = False
    _again: bool = False

    def over(self) -> None:
        """A visit is over: wipe what is left of it, within half a second (services.md 2, ZEROISE).

        At once, and again after whatever thread lets go of what it was at: a device or the centre
        may hold it until its time-out. All is posted: the page of the person is gone before.
        """
        self.hush()
        self.post(self._overwrite)
        for worker in self.workers:
            wipe = self.wipes.get(worker, _nothing)
            self.beside.do(worker, wipe, lambda _none: self._overwrite())

    def _overwrite(self) -> None:
        """Now, or once more when the one under way is done."""
        if self._under_way:
            self._again = True
            return
        self._under_way, self._again = True, False
        gc.collect()
        self.beside.do("housekeeping", overwrite_freed, self._overwritten)

    def _overwritten(self, _none: object) -> None:
        self._under_way = False
        if self._again:
            self._overwrite()


def _nothing() -> None:
    """Said to a thread: what it was at before has ended."""


def door(desk: Desk, *, opened: bool) -> None:
    """The kiosk was opened, by an attendant or another (F46), or shut again."""
    if opened and attending(desk.visit):
        return  # it is the attendant who opened it, to see to what is inside
    if opened:
        desk.say(Opened())
    elif desk.visit is not None and desk.visit.service is PAUSED:
        desk.say(Said(Shut()))
