"""Whether touches still arrive: a touch of our own now and then, and what to renew if it does not.

In the field touch dies while the screen lives on: a panel that came back under another number, a
provider that stopped (docs/devices/screen.md). Pure: the clock is given, the deeds are the shell's.
"""

from collections.abc import Callable
from enum import StrEnum

EVERY_S = 3.0
PATIENCE_S = 1.0
PATIENCE_LOOKS = 5
"""A touch is missed only after so many looks too: a busy main loop has not read it yet."""


class Deed(StrEnum):
    """What is to be done: our own touch, or what to renew, from the least to the most."""

    BEAT = "beat"
    PROVIDER = "provider"
    WINDOW = "window"
    PROCESS = "process"


_LADDER = (Deed.PROVIDER, Deed.WINDOW, Deed.PROCESS)


class Heartbeat:
    """Beats when nobody has touched for `EVERY_S`; climbs a rung for each beat that is not heard.

    `now` gives seconds that never go back. Ask `due` several times a second.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._next = now() + EVERY_S
        self._beat_at: float | None = None
        self._looks = 0
        self._missed = 0

    @property
    def waiting(self) -> bool:
        """Whether our own touch is under way."""
        return self._beat_at is not None

    def heard(self) -> float | None:
        """A touch arrived, our own or a person's: all is well. Seconds our own one took."""
        now, beat = self._now(), self._beat_at
        self._next, self._beat_at, self._missed = now + EVERY_S, None, 0
        return None if beat is None else now - beat

    def skip(self) -> None:
        """Our own touch was not sent, because a finger is down: none is missed."""
        self._next, self._beat_at = self._now() + EVERY_S, None

    def due(self) -> Deed | None:
        """What is to be done now, if anything."""
        now = self._now()
        if self._beat_at is None:
            if now < self._next:
                return None
            self._beat_at, self._looks = now, 0
            return Deed.BEAT
        self._looks += 1
        if now - self._beat_at < PATIENCE_S or self._looks < PATIENCE_LOOKS:
            return None
        deed = _LADDER[min(self._missed, len(_LADDER) - 1)]
        self._missed += 1
        self._beat_at, self._next = None, now
        return deed
