"""A simulated device on a serial line: what it is told, what it does, what its wire makes of it."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from hardware.wire.faults import WireFault
from hardware.wire.pty_line import PtyLine
from hardware.wire.wire import Wire


@dataclass(frozen=True)
class Order:
    """One command as it came: its name in the language of faults, and its bytes."""

    name: str
    frame: bytes


class Firmware(Protocol):
    """What is inside the device. Called on one thread at a time."""

    def power_on(self) -> None:
        """Forget what is lost without power."""
        ...

    def hear(self, data: bytes) -> Iterable[Order]:
        """Give the commands that are complete with these bytes."""
        ...

    def obey(self, order: Order) -> bytes:
        """Carry a command out and give the answer, b"" for none."""
        ...


class SerialDevice:
    """A device that is plugged in at `link`, a symbolic link to its pty that it makes and removes.

    May be told anything from any thread while it runs; a context manager.
    """

    def __init__(self, link: Path | str, baudrate: int, firmware: Firmware) -> None:
        self.link = Path(link)
        self.wire = Wire(self.unplug, self.power_cycle)
        self._baudrate = baudrate
        self._firmware = firmware
        self._plugging = threading.RLock()
        self._line: PtyLine | None = None

    def start(self) -> None:
        """Plug it in."""
        self.plug()

    def stop(self) -> None:
        """Unplug it; nothing of it is left in the file system."""
        self.unplug()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def plugged(self) -> bool:
        """Whether its port exists."""
        return self._line is not None

    def plug(self) -> None:
        """Plug it in, freshly powered; nothing if it is."""
        with self._plugging:
            if self._line is None:
                self._firmware.power_on()
                self._line = PtyLine(self.link, self._baudrate, self._receive, self.wire)

    def unplug(self) -> None:
        """Pull the plug, even in the middle of a frame; nothing if it is out."""
        with self._plugging:
            line, self._line = self._line, None
        if line is not None:
            line.unplug()

    def power_cycle(self) -> None:
        """Take its power away for a moment; the port stays where it was."""
        self.unplug()
        self.plug()

    def go_wrong(self, fault: WireFault) -> None:
        """Let it go wrong in this way from now on."""
        self.wire.go_wrong(fault)

    def go_right(self) -> None:
        """End every fault, an unplugged cable too."""
        self.wire.go_right()
        self.plug()

    def say(self, data: bytes) -> None:
        """Send something that nobody asked for."""
        line = self._line
        if line is not None:
            line.send(data)

    def _receive(self, line: PtyLine, data: bytes) -> None:
        for order in self._firmware.hear(data):
            passage = self.wire.heard(order.name)
            if passage.deaf:
                continue
            reply = b"" if passage.cut else self._firmware.obey(order)
            passage.deliver(line, order.frame, reply)
