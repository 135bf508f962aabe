"""Guide lamps, alarm, call button, door, headset: names in, words out."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from hardware.auxiliaries.beats import ALARMS, FLASHES, TICK_S, Alarm, Flash
from hardware.auxiliaries.board import DEVICE, Board
from hardware.auxiliaries.profile import (
    AUDIBLE_ALARM,
    Inputs,
    Light,
    Profile,
    Word,
    read_profile,
)
from hardware.device import Capabilities, Media, State, Status
from hardware.fault import DeviceFault

__all__ = ["Alarm", "Auxiliaries", "Flash", "Inputs", "Light", "Profile", "Word", "read_profile"]

CHECK_S = 1.0
"""How often outputs that need not change are looked at: a board may have lost its power."""
_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 5.0
_HIGHEST_UNIT = 247

T = TypeVar("T")

log = logging.getLogger(__name__)


class Auxiliaries:
    """The lamps, buttons and doors on a Modbus RTU board.

    Nothing is opened before the first command. What a lamp shall show is kept, and shown again
    when the board was away or lost its power. Flashing, alarms and `watch` need the thread that
    `watch` starts; without it a lamp that flashes stays as it was when it was set. Commands may
    come from any thread, one is done at a time; each may raise the `DeviceFault` of `Board`, within
    1.5 s. Source: docs/devices/auxiliaries.md.
    """

    name = DEVICE

    def __init__(self, port: str, unit: int, profile: Profile, baudrate: int = 9600) -> None:
        if not 1 <= unit <= _HIGHEST_UNIT:
            raise ValueError(f"unit must be 1 to {_HIGHEST_UNIT}")
        self._profile = profile
        self._board = Board(port, unit, baudrate)
        self._asking = threading.RLock()  # guards the board and all below
        self._flashes: dict[Light, Flash] = {}
        self._alarm, self._alarm_since = Alarm.OFF, 0.0
        self._shown: tuple[bool, ...] | None = None  # None: not known
        self._looked_at = 0.0
        self._watching: _Watch | None = None

    def capabilities(self) -> Capabilities:
        """Give the names of the lamps and contacts there are."""
        names = frozenset({*self._profile.outputs, *self._profile.inputs})
        return Capabilities("auxiliaries", "modbus", names)

    def status(self) -> Status:
        """Ask the board for its outputs, put right what is not as it shall be, read the inputs."""
        with self._asking:
            self._look_after(at_once=True)
            self.inputs()
        return Status(State.ONLINE)

    def reset(self) -> Media:
        """Switch all lamps and the alarm off; it holds no media."""
        with self._asking:
            self._forget()
            self._look_after(at_once=True)
        return Media.UNKNOWN

    def set_light(self, light: Light, flash: Flash) -> None:
        """Let a lamp be dark, lit or flashing; nothing if the profile has no such lamp."""
        with self._asking:
            self._flashes[light] = flash
            self._look_after()

    def sound_alarm(self, alarm: Alarm) -> None:
        """Begin an alarm, or end it (`Alarm.OFF`); CRITICAL sounds until it is ended."""
        with self._asking:
            self._alarm, self._alarm_since = alarm, time.monotonic()
            self._look_after()

    def inputs(self) -> Inputs:
        """Ask for the inputs as they are this moment, bouncing or not."""
        with self._asking:
            count = self._profile.contacts
            return self._profile.understand(self._board.inputs(count) if count else ())

    def watch(
        self,
        on_change: Callable[[Inputs], None],
        on_fault: Callable[[DeviceFault | None], None] = lambda _fault: None,
    ) -> None:
        """Look at the inputs about 15 times a second from now on, instead of an earlier watch.

        `on_change` is given the inputs when they are first known, and after every change that was
        seen twice in a row; what was known stays known while the board is away. `on_fault` is given
        the fault when the board is lost, and None when it is back. Both are called on the watch's
        own thread and must not wait long.
        """
        self._end_watch()
        self._watching = _Watch(self._tick, on_change, on_fault)

    def close(self) -> None:
        """End the watch, switch all off if the board is there, and let go of the port."""
        self._end_watch()
        with self._asking:
            self._forget()
            if self._shown is not None:
                with suppress(DeviceFault):  # a board that is away has nothing to be switched off
                    self._look_after(at_once=True)
            self._shown = None
            self._board.close()

    def _end_watch(self) -> None:
        watching, self._watching = self._watching, None
        if watching is not None:
            watching.end()

    def _forget(self) -> None:
        self._flashes.clear()
        self._alarm = Alarm.OFF

    def _tick(self) -> Inputs:
        with self._asking:
            self._look_after()
            return self.inputs()

    def _look_after(self, *, at_once: bool = False) -> None:
        """Let the board show what it shall; look whether it still does, now and then."""
        now = time.monotonic()
        image = self._image(now)
        if not image:
            return
        if self._board.open():
            self._shown = None
        due = at_once or now - self._looked_at >= CHECK_S
        if image == self._shown and not due:
            return
        shown, self._shown = self._shown, None
        if image != shown or self._board.shown(len(image)) != image:
            self._board.show(image)
        self._shown, self._looked_at = image, now

    def _image(self, now: float) -> tuple[bool, ...]:
        image = [False] * self._profile.coils
        for name, number in self._profile.outputs.items():
            image[number] = self._is_on(name, now)
        return tuple(image)

    def _is_on(self, name: str, now: float) -> bool:
        if name == AUDIBLE_ALARM:
            return ALARMS[self._alarm].is_on(now - self._alarm_since)
        return FLASHES[self._flashes.get(Light(name), Flash.OFF)].is_on(now)


class _Watch:
    """The thread that keeps the beat and looks at the inputs; it survives every fault."""

    def __init__(
        self,
        tick: Callable[[], Inputs],
        on_change: Callable[[Inputs], None],
        on_fault: Callable[[DeviceFault | None], None],
    ) -> None:
        self._tick, self._on_change, self._on_fault = tick, on_change, on_fault
        self._known: Inputs | None = None
        self._before: Inputs | None = None
        self._lost: str | None = ""  # the detail of the fault told last; None: well
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"watch-{DEVICE}", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """End it; a callback may do so too."""
        self._ended.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        pause_s = _PAUSE_S
        while not self._ended.is_set():
            try:
                self._notice(self._tick())
            except DeviceFault as fault:
                self._tell(fault)
                self._ended.wait(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            else:
                pause_s = _PAUSE_S
                self._ended.wait(TICK_S)

    def _notice(self, inputs: Inputs) -> None:
        self._tell(None)
        if inputs == self._before and inputs != self._known:
            self._known = inputs
            self._call(self._on_change, inputs)
        self._before = inputs

    def _tell(self, fault: DeviceFault | None) -> None:
        detail = fault.detail if fault else None
        if detail != self._lost:
            self._lost = detail
            self._before = None if fault else self._before
            self._call(self._on_fault, fault)

    def _call(self, hear: Callable[[T], None], news: T) -> None:
        try:
            hear(news)
        except Exception as error:
            # whatever the hearer did wrong, lamps and buttons go on
            log.exception("%s: a hearer failed: %s", DEVICE, type(error).__name__)
