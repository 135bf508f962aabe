"""Wakes the kiosks that wait for a change: one a process, for its event loop.

While somebody waits the store is asked four times a second, by one thread for all of them, for
the changes since the last one seen. So a change by another worker or by a command is heard too,
and a kiosk that waits costs a future and nothing else.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from central.database import Database
from central.fleet import records
from central.operation.counters import KIOSKS_WAITING
from central.operation.logs import where

LOOK_S = 0.25
MOST_WAIT_S = 50.0
"""Less than a proxy's patience (60 s)."""

log = logging.getLogger("central")


class Bell:
    """What every kiosk shall have, as of the last look, and who waits for more.

    For the event loop's thread alone.
    """

    def __init__(self) -> None:
        self._revisions: dict[str, int] = {}
        self._change = 0
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._looked = -LOOK_S
        self._looking: asyncio.Task[None] | None = None
        self._one = asyncio.Lock()

    @property
    def waiting(self) -> int:
        """How many kiosks wait."""
        return len(self._waiting)

    async def revision(self, database: Database, kiosk: str) -> int:
        """What a kiosk shall have, at most `LOOK_S` old. Raises what the store raises."""
        if time.monotonic() - self._looked >= LOOK_S:
            await self._look(database)
        return self._revisions.get(kiosk, 0)

    async def wait(
        self,
        database: Database,
        kiosk: str,
        known: int,
        seconds: float,
        closing: Callable[[], bool] = lambda: False,
    ) -> int:
        """What a kiosk shall have, once that is another revision than `known`, or time is over.

        A kiosk waits once: an earlier wait of the same one ends, for its caller is gone. Nobody
        waits on when the process is `closing`. The end is up to a tenth earlier than asked for,
        so that kiosks that came together do not come together again.
        """
        now = await self.revision(database, kiosk)
        if now != known or seconds <= 0:
            return now
        future = asyncio.get_running_loop().create_future()
        self._wake(kiosk)
        self._waiting[kiosk] = future
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._watch(database, closing))
        KIOSKS_WAITING.inc()
        try:
            async with asyncio.timeout(min(seconds, MOST_WAIT_S) * random.uniform(0.9, 1.0)):  # noqa: S311 - spread
                await future
        except TimeoutError:
            pass
        finally:
            KIOSKS_WAITING.dec()
            if self._waiting.get(kiosk) is future:
                del self._waiting[kiosk]
        return self._revisions.get(kiosk, 0)

    async def _watch(self, database: Database, closing: Callable[[], bool]) -> None:
        """Look as long as somebody waits; a store that is away for a while is asked again."""
        told = False
        while self._waiting:
            await asyncio.sleep(LOOK_S)
            try:
                await self._look(database)
                told = False
            except Exception as error:  # noqa: BLE001 - whoever waits waits on
                if not told:
                    log.error("the fleet's changes cannot be read: %s", where(error))  # noqa: TRY400
                told = True
            if closing():
                for kiosk in list(self._waiting):
                    self._wake(kiosk)

    async def _look(self, database: Database) -> None:
        """One look at a time: who comes meanwhile is content with that of another."""
        asked = time.monotonic()
        async with self._one:
            if self._looked >= asked:
                return
            began = time.monotonic()
            changed = await run_in_threadpool(_changed, database, self._change)
            self._looked = began
            for kiosk, revision, change in changed:
                self._revisions[kiosk], self._change = revision, change
                self._wake(kiosk)

    def _wake(self, kiosk: str) -> None:
        future = self._waiting.pop(kiosk, None)
        if future is not None and not future.done():
            future.set_result(None)


def _changed(database: Database, change: int) -> list[tuple[str, int, int]]:
    with database.read() as session:
        return records.changed_since(session, change)
