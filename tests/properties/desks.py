"""A desk whose threads are turned by hand: work waits in a list until a test says what it found."""

import io
import threading
from collections import deque
from datetime import UTC, datetime
from typing import Any

from kiosk.crawl.answers import WORK
from kiosk.desk import Ask, Desk, Job, Waits
from kiosk.log import Log
from kiosk.visit import Patience

SECONDS = dict.fromkeys(Patience, 60.0)
WAITS = Waits(SECONDS, warn=30.0, left=(3.0, 8.0, 15.0, 300.0))

BROKEN = {"submit": "F33"}
"""What the person is told when this work breaks, as the house says."""


class Table:
    """A desk with its post, its clock and its worker in the test's hand.

    `works` are the asked pieces of work, oldest first: (name, Ask, answer it with).
    """

    def __init__(self):
        self.now, self.posted, self.works, self.painted = 0.0, deque(), [], 0
        self.known, self.over = {}, 0
        self.admits = lambda _service: True
        self.out = io.StringIO()
        names = (Desk.AT_HOME, *WORK)
        here: Any = self  # it stands where a worker stands, and its jobs tell their names
        self.desk = Desk(
            jobs={
                name: (Job("hand", here._job(name), broken=BROKEN.get(name, "F35")),)
                for name in names
            },
            workers={"hand": here},
            post=self.posted.append,
            clock=lambda: self.now,
            waits=lambda: WAITS,
            painted=self._paint,
            over=self._end,
            known=lambda: self.known,
            admits=self._admitted,
            log=Log(self.out, lambda: datetime(2026, 11, 23, 10, 0, tzinfo=UTC)),
        )

    def submit(self, command, done):
        """What `Worker.submit` does, but for doing it: the name and the visit come at once."""
        cancel = threading.Event()
        name, ask = command(cancel)
        self.works.append((name, ask, done))
        return cancel

    def running(self):
        """The names of the work that is neither answered nor cancelled."""
        return [name for name, ask, _done in self.works if not ask.cancel.is_set()]

    def answer(self, place, answer):
        """The worker's thread answers a piece of work, perhaps long cancelled; the post is read."""
        _name, _ask, done = self.works.pop(place)
        done(answer)
        self.read_post()

    def read_post(self):
        while self.posted:
            self.posted.popleft()()

    def silence(self, seconds):
        self.now += seconds
        self.desk.tick()

    def _job(self, name):
        def run(ask: Ask):
            return name, ask

        return run

    def _admitted(self, service):
        return self.admits(service)

    def _end(self):
        self.over += 1

    def _paint(self):
        self.painted += 1
