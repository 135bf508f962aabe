"""A reader of identity cards without hardware: the same bytes, at the same pace, from a pty."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hardware.id_reader.commands import Command
from hardware.id_reader.frames import Deframer, Frame
from hardware.id_reader.pty_line import PtyLine
from hardware.id_reader.sam import IdCard, Sam, Trouble

__all__ = ["IdCard", "IdReaderSimulator", "Trouble", "WireFault"]


@dataclass(frozen=True)
class WireFault:
    """What is wrong with the reader or its wire; what is left out is right.

    `garbage` comes before each frame; with `silent` it is all that comes. `flip_bit` counts from
    the first bit of a reply; beyond its end nothing is flipped. `only` limits the fault to the
    replies to one command, `times` to so many replies.
    """

    silent: bool = False
    stall_s: float = 0.0
    garbage: bytes = b""
    drop_last: int = 0
    flip_bit: int | None = None
    self_test_failed: bool = False
    only: Command | None = None
    times: int | None = None

    def bend(self, reply: bytes) -> bytes:
        """Give what comes out of the wire instead of `reply`."""
        if self.silent:
            return self.garbage
        bent = bytearray(reply)
        if self.flip_bit is not None and self.flip_bit < 8 * len(bent):
            bent[self.flip_bit // 8] ^= 0x80 >> self.flip_bit % 8
        return self.garbage + bytes(bent[: max(0, len(bent) - self.drop_last)])


_SOUND = WireFault()


class IdReaderSimulator:
    """A reader that is plugged in at `link`, a symbolic link to its pty that it makes and removes.

    May be told anything from any thread while it runs. A paper stays on it when it is unplugged.
    """

    def __init__(
        self, link: Path | str, baudrate: int = 115200, *, finds_again: bool = True
    ) -> None:
        self.link = Path(link)
        self._baudrate = baudrate
        self._sam = Sam(finds_again=finds_again)
        self._plugging = threading.Lock()
        self._changed = threading.Condition()  # guards the next three
        self._fault = _SOUND
        self._faults_left: int | None = None
        self._powered = False
        self._line: PtyLine | None = None
        self._deframer = Deframer()

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
                self._sam.power_on()
                self._deframer = Deframer()
                self._powered = True
                self._line = PtyLine(self.link, self._baudrate, self._receive)

    def unplug(self) -> None:
        """Pull the plug, even in the middle of a frame; nothing if it is out."""
        with self._plugging:
            if self._line is not None:
                with self._changed:
                    self._powered = False
                    self._changed.notify_all()
                self._line.unplug()
            self._line = None

    def place(self, card: IdCard, trouble: Trouble = Trouble.NONE) -> None:
        """Put a paper on the glass, in place of any other."""
        self._sam.place(card, trouble)

    def remove(self) -> None:
        """Take the paper away."""
        self._sam.place(None, Trouble.NONE)

    @property
    def fault(self) -> WireFault:
        """What is wrong now."""
        return self._fault

    def go_wrong(self, fault: WireFault) -> None:
        """Let the replies from now on go wrong in this way; one that is stalled comes now."""
        with self._changed:
            self._fault, self._faults_left = fault, fault.times
            self._changed.notify_all()

    def go_right(self) -> None:
        """End every fault but an unplugged cable."""
        self.go_wrong(_SOUND)

    def _receive(self, line: PtyLine, data: bytes) -> None:
        for frame in self._deframer.feed(data):
            fault = self._fault_for(frame)
            reply = self._sam.answer(frame, broken=fault.self_test_failed)
            self._stall(fault)
            line.send(fault.bend(reply))

    def _stall(self, fault: WireFault) -> None:
        with self._changed:
            began_with = self._fault
            self._changed.wait_for(
                lambda: self._fault is not began_with or not self._powered, fault.stall_s
            )

    def _fault_for(self, frame: Frame) -> WireFault:
        with self._changed:
            other = self._fault.only is not None and self._fault.only.body != frame.body
            if other or self._faults_left == 0:
                return _SOUND
            if self._faults_left is not None:
                self._faults_left -= 1
            return self._fault
