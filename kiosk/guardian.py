"""Nothing is left behind: no thing of a person's in a device, no datum of theirs in memory.

What lies there is asked back by the visit itself (`kiosk.visit.LADDER`), shown by `kiosk.signals`
and written down by `kiosk.custody`; here is what is done when a visit is over or the kiosk is
opened (docs/guardian.md).
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.beside import Beside
from kiosk.desk import Desk
from kiosk.services.attendant import attending
from kiosk.visit import PAUSED, Opened, Said, Shut
from kiosk.zeroise import overwrite_freed

ROUNDS = 3
"""On a busy machine something may still hold the visit when it is over; the next round finds it."""


@dataclass(frozen=True, slots=True)
class Guardian:
    """Forgets and locks; main thread only.

    `wipes`: whose memory is wiped first, and on which worker; `hush` ends what is spoken.
    """

    beside: Beside
    post: Callable[[Callable[[], None]], None]
    hush: Callable[[], None]
    wipes: tuple[tuple[str, Callable[[], object]], ...]

    def over(self) -> None:
        """A visit is over: wipe what is left of it, within half a second (services.md 2, ZEROISE).

        The rest is posted, so that the page of the person is gone before.
        """
        self.hush()
        for worker, wipe in self.wipes:
            self.beside.do(worker, wipe)
        self.post(lambda: self._overwrite(ROUNDS))

    def _overwrite(self, rounds: int) -> None:
        gc.collect()

        def again(_none: object) -> None:
            if rounds > 1:
                self._overwrite(rounds - 1)

        self.beside.do("housekeeping", overwrite_freed, again)


def door(desk: Desk, *, opened: bool) -> None:
    """The kiosk was opened, by an attendant or another (F46), or shut again."""
    if opened and attending(desk.visit):
        return  # it is the attendant who opened it, to see to what is inside
    if opened:
        desk.say(Opened())
    elif desk.visit is not None and desk.visit.service is PAUSED:
        desk.say(Said(Shut()))
