"""What the kiosk shows: the pictures it describes in words, and the picture on the screen."""

import json
import struct
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

LOOK_S = 0.02
"""Seconds between two looks: a file that grows gives no other signal."""


@dataclass(frozen=True, slots=True)
class Widget:
    """What a finger can operate; pixels of the window from its top left corner."""

    name: str
    text: str
    x: int
    y: int
    w: int
    h: int

    def at(self, across: float = 0.5, down: float = 0.5) -> tuple[int, int]:
        """A point of it, 0..1 from left and from top; the middle when nothing is said."""
        return self.x + round(self.w * across), self.y + round(self.h * down)


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture of the kiosk. `dialog` is the code of what lies over the step, or ""."""

    n: int
    step: str
    screen: str
    dialog: str
    title: str
    language: str
    large: bool
    widgets: tuple[Widget, ...]

    def __contains__(self, name: str) -> bool:
        return any(widget.name == name for widget in self.widgets)

    def widget(self, name: str) -> Widget:
        """The widget of that name; UnseenError names those there are."""
        for widget in self.widgets:
            if widget.name == name:
                return widget
        raise UnseenError(f"{self} has no {name}")

    def __str__(self) -> str:
        over = f" under {self.dialog}" if self.dialog else ""
        names = ", ".join(widget.name for widget in self.widgets)
        return f"step {self.step}{over} with {names}"


class UnseenError(Exception):
    """The kiosk did not show what was waited for; the text says what it shows instead."""


class Eyes:
    """Follows the file of `python -m kiosk --describe`; `alive` raises when the kiosk is gone."""

    def __init__(self, description: Path, alive: Callable[[], None] = lambda: None) -> None:
        self._path, self._alive = description, alive
        self._read = 0
        self._coming: deque[Seen] = deque()
        self._last: Seen | None = None
        self._page: tuple[str, ...] = ()
        self._page_since = 0.0

    def wait(self, wanted: Callable[[Seen], bool], timeout_s: float = 20.0) -> Seen:
        """The first picture, from the one looked at last, that is wanted.

        A picture that came and went meanwhile counts too. Raises UnseenError after `timeout_s`.
        """
        deadline = time.monotonic() + timeout_s
        self._look()
        while True:
            if self._last and wanted(self._last) and not self._coming:
                return self._last
            while self._coming:
                self._last = self._coming.popleft()
                if wanted(self._last):
                    return self._last
            if time.monotonic() > deadline:
                raise UnseenError(f"waited {timeout_s:g} s; there is {self._last or 'nothing'}")
            self._alive()
            time.sleep(LOOK_S)
            self._look()

    def now(self) -> Seen:
        """The newest picture."""
        if (seen := self._newest()) is None:
            raise UnseenError("the kiosk shows nothing yet")
        return seen

    def settled(self, wanted: Callable[[Seen], bool], looking_s: float, timeout_s: float) -> Seen:
        """The newest picture, once it is wanted and has offered the same for `looking_s`.

        As a person looks before pressing: what came and went does not count. Raises UnseenError
        after `timeout_s`.
        """
        deadline = time.monotonic() + timeout_s
        while True:
            newest, at = self._newest(), time.monotonic()
            if newest and wanted(newest) and at - self._page_since >= looking_s:
                return newest
            if at > deadline:
                raise UnseenError(f"waited {timeout_s:g} s; there is {newest or 'nothing'}")
            self._alive()
            time.sleep(LOOK_S)

    def forget(self) -> None:
        """Look only at what is shown from now on: before a kiosk is started again."""
        self._read, self._last, self._page = self._size(), None, ()
        self._coming.clear()

    def _newest(self) -> Seen | None:
        self._look()
        while self._coming:
            self._last = self._coming.popleft()
        return self._last

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    def _look(self) -> None:
        """Take in the whole lines that came since the last look."""
        if self._size() <= self._read:
            return
        with self._path.open("rb") as file:
            file.seek(self._read)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            seen = _seen(json.loads(line))
            self._coming.append(seen)
            page = (seen.step, seen.dialog, seen.title, *(widget.name for widget in seen.widgets))
            if page != self._page:
                self._page, self._page_since = page, time.monotonic()


def _seen(line: dict[str, Any]) -> Seen:
    widgets = tuple(Widget(**widget) for widget in line.pop("widgets"))
    return Seen(**line, widgets=widgets)


def screenshot(frame: Path) -> Image.Image:
    """The picture in a framebuffer of Xvfb's `-fbdir`.

    Layout (X11 XWDFile.h, version 7): big-endian 32-bit words - 0 header size, 4 width, 5 height,
    12 bytes a line, 19 colours of 12 bytes each - then the pixels, four bytes each: B, G, R, -.
    """
    data = frame.read_bytes()
    words = struct.unpack_from(">20I", data)
    width, height, stride = words[4], words[5], words[12]
    pixels = words[0] + words[19] * 12
    return Image.frombuffer(
        "RGB", (width, height), data[pixels : pixels + stride * height], "raw", "BGRX", stride, 1
    )
