"""What operators ask the kiosk for: its log, sealed for them, or a picture of the attract screen.

A thread with a line of its own. It is told when the answer to a report says that something is asked
for. A picture is taken while nobody is served; else the kiosk is busy, and tries again until it is
asked no more.
"""

import io
import threading
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from PIL import Image

from kiosk.attendant.sealed import SealError, operator, seal
from kiosk.configuration.line import Line, StatusError
from kiosk.configuration.woken import Woken
from kiosk.link import Unknown, Unreachable
from kiosk.log import Event, Log, where
from kiosk.push import Rhythm

MOST = 1024 * 1024
"""Bytes of an answer, by the centre's API."""
MOST_LOG = 16 * MOST
"""The newest bytes of the log that are tried first; sealed, they are a tenth."""
WIDTH, SMALLEST = 540, 135
"""Pixels of a picture's width: it is made smaller until it is no larger than `MOST`."""
AGAIN_S = 15.0
PICTURE_S = 10.0
"""A picture that has not come after so long does not come."""


Glass = tuple[int, int, bytes]
"""What is on the screen: so wide, so high, and its R, G, B, A bytes from the bottom row."""
Taken = Callable[[Glass | None], None]
Take = Callable[[Taken], None]
"""Takes a picture and calls back with it, on any thread; None while somebody is served."""
Picture = Callable[[Taken], None]
"""Calls back with the next picture as it comes on the glass, None where it knows anything of
anybody; for the main thread, on it."""


def taking(
    post: Callable[[Callable[[], None]], None], idle: Callable[[], bool], picture: Picture | None
) -> Take:
    """Pictures of the attract screen alone: nobody is served before it is drawn, nor after."""

    def take(taken: Taken) -> None:
        def look() -> None:
            if picture is None or not idle():
                taken(None)
            else:
                picture(lambda glass: taken(glass if idle() else None))

        post(look)

    return take


@dataclass(frozen=True, slots=True)
class Answers:
    """What the kiosk answers with: its log, the PEM file of the operator's key, its screen."""

    log: Callable[[], bytes]
    key: str
    take: Take

    def logs(self) -> bytes:
        """The newest of the log as only the operator reads it. Raises `SealError`, OSError."""
        if not self.key:
            raise SealError("no_key")
        key, most = operator(Path(self.key)), MOST_LOG
        log = self.log()
        while len(sealed := seal(_newest(log, most), key)) > MOST:
            most //= 2
        return sealed

    def screenshot(self) -> bytes | None:
        """The attract screen as PNG; None while somebody is served, or nothing is drawn."""
        came, found = threading.Event(), list[Glass | None]()

        def taken(glass: Glass | None) -> None:
            found.append(glass)
            came.set()

        self.take(taken)
        glass = found[0] if came.wait(PICTURE_S) else None
        return png(glass) if glass is not None else None


class Asked(Woken):
    """Asks `line` what is asked for when it is told to, and answers."""

    def __init__(
        self, line: Line, answers: Answers, log: Log, rhythm: Rhythm | None = None
    ) -> None:
        super().__init__("asked", line)
        self._answers, self._log = answers, log
        self._rhythm = rhythm or Rhythm()
        self._failures, self._busy = 0, set[int]()

    def _run(self) -> None:
        while not self._over.is_set():
            self._news.wait()
            self._news.clear()
            while not self._over.is_set() and (rest_s := self._once()):
                self._over.wait(rest_s)

    def _once(self) -> float:
        """Answer what can be answered; gives the seconds to rest before the rest, 0 for none."""
        try:
            left = [which for which, kind in self._line.asks() if not self._answered(which, kind)]
        except (Unreachable, Unknown):  # the report's line tells of it
            self._failures += 1
            return self._rhythm.back_off(self._failures)
        except Exception as error:  # noqa: BLE001 - whatever it was, the kiosk goes on
            kind = type(error).__name__
            self._log.write(Event.WORK_FAILED, work="asked", error=kind, where=where(error))
            return 0.0
        self._failures = 0
        return AGAIN_S if left else 0.0

    def _answered(self, which: int, kind: str) -> bool:
        """Whether an ask is done with."""
        try:
            data = self._data(kind)
        except SealError:
            return self._say(which, kind, "failed", reason="no_key")
        except OSError:
            return self._say(which, kind, "failed", reason="unreadable")
        except ValueError:
            return self._say(which, "unknown", "failed", reason="unknown_kind")
        if data is None:
            if which not in self._busy:
                self._busy.add(which)
                self._say(which, kind, "busy")
            return False
        return self._say(which, kind, "answered", data=b64encode(data).decode())

    def _data(self, kind: str) -> bytes | None:
        match kind:
            case "logs":
                return self._answers.logs()
            case "screenshot":
                return self._answers.screenshot()
            case _:
                raise ValueError(kind)

    def _say(self, which: int, kind: str, state: str, **more: str) -> bool:
        try:
            self._line.answer(which, {"state": state} | more)
        except StatusError as error:
            if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            if error.status == HTTPStatus.UNPROCESSABLE_ENTITY and state != "failed":
                return self._say(which, kind, "failed", reason="refused")
        self._log.write(Event.OPERATOR_ASKED, what=kind, state=state)
        return True


def png(glass: Glass) -> bytes:
    """A picture of the screen, scaled down, of at most `MOST` bytes."""
    wide, high, rgba = glass
    whole = Image.frombytes("RGBA", (wide, high), rgba).convert("RGB")
    whole = whole.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    width = min(WIDTH, wide)
    while True:
        small = whole.resize((width, max(1, high * width // wide)))
        out = io.BytesIO()
        small.save(out, "PNG", optimize=True)
        if out.tell() <= MOST or width <= SMALLEST:
            return out.getvalue()
        width //= 2


def _newest(log: bytes, most: int) -> bytes:
    """The newest whole lines of a log, of so many bytes at most."""
    if len(log) <= most:
        return log
    return log[len(log) - most :].partition(b"\n")[2]
