"""The dialogue with one reader: a command, its ACK, its reply, our ACK; and all that can be lost.

A reply counts only behind the ACK of its own command: what comes before is of an older one. A
command that was not acknowledged is sent again only if the device said NAK, or if twice is as good
as once. A reply that came damaged, or not at all, is asked for by NAK: so it is never carried out
a second time. Source: docs/devices/card_transport.md.
"""

import time
from collections import deque

from hardware.card_transport.commands import Command, wire_s
from hardware.card_transport.frames import Control, Deframer, Frame, Reply, build, decode_reply
from hardware.card_transport.profile import Profile
from hardware.serial_port import SerialPort

_ATTEMPTS = 3


class Lost(Exception):  # noqa: N818 - what happened to the answer
    """No answer that can be used came in time; `noisy` if something else did."""

    def __init__(self, *, noisy: bool) -> None:
        super().__init__()
        self.noisy = noisy


class Link:
    """The way to a reader over an open port. Raises `Lost`, and the port's `PortGone`."""

    def __init__(self, port: SerialPort, profile: Profile) -> None:
        self._port = port
        self._profile = profile

    def exchange(self, command: Command, data: bytes = b"") -> Reply:
        """Send a command and give its reply, also one that refuses."""
        frame = build(self._profile.address, b"C" + command.code + data)
        ear = self._call(command, frame)
        wait_s = command.deadline_s(self._profile, self._port.baudrate)
        again_s = wait_s - (getattr(self._profile, command.takes) if command.takes else 0.0)
        for attempt in range(_ATTEMPTS):
            if attempt:
                ear = self._listen(noisy=ear.noisy)
                self._port.write(bytes([Control.NAK]))
                wait_s = again_s
            reply = self._reply(ear, command, wait_s)
            if reply is not None:
                self._port.write(bytes([Control.ACK]))
                return reply
        raise Lost(noisy=ear.noisy)

    def clear(self) -> None:
        """Have the device drop what it is at; it answers in order, so nothing old comes after.

        A device that does not know EOT says nothing: that is no fault.
        """
        ear = self._listen()
        self._port.write(bytes([Control.EOT]))
        until = time.monotonic() + self._profile.ack_s
        while ear.next(until) not in (None, Control.EOT):
            pass

    def _listen(self, *, noisy: bool = False) -> "_Ear":
        return _Ear(self._port, self._profile.ack_s, noisy=noisy)

    def _call(self, command: Command, frame: bytes) -> "_Ear":
        """Send until it is acknowledged; give the ear that hears what comes behind the ACK."""
        noisy = False
        for _ in range(_ATTEMPTS):
            ear = self._listen(noisy=noisy)
            self._port.write(frame)
            verdict = self._verdict(ear, len(frame))
            noisy = ear.noisy
            if verdict is Control.ACK:
                return ear
            if verdict is None and not command.repeatable:
                break
        raise Lost(noisy=noisy)

    def _verdict(self, ear: "_Ear", size: int) -> Control | None:
        """Give ACK; NAK if that came and no ACK behind it (a stray byte may look like NAK)."""
        verdict: Control | None = None
        until = time.monotonic() + self._profile.ack_s + wire_s(size + 1, self._port.baudrate)
        while (item := ear.next(until)) is not None:
            if item is Control.ACK:
                return item
            if item is Control.NAK:
                verdict = item
        return verdict

    def _reply(self, ear: "_Ear", command: Command, wait_s: float) -> Reply | None:
        until = time.monotonic() + wait_s
        while (item := ear.next(until)) is not None:
            if not isinstance(item, Frame) or item.address != self._profile.address:
                continue
            reply = decode_reply(item.text, self._profile.refusals.encode("ascii"))
            if reply is not None and reply.code == command.code:
                return reply
        return None


class _Ear:
    """What comes from the device from now on; a frame that stops for `gap_s` has ended."""

    def __init__(self, port: SerialPort, gap_s: float, *, noisy: bool) -> None:
        port.flush()
        self._port = port
        self._gap_s = gap_s
        self._deframer = Deframer()
        self._items: deque[Frame | Control] = deque()
        self.noisy = noisy
        """Whether anything but a lone ACK has come."""

    def next(self, until: float) -> Frame | Control | None:
        """Give what comes next; None at `until`, or earlier when a frame has broken off."""
        quiet = time.monotonic()
        while not self._items:
            broken = self._deframer.unfinished or self._deframer.damaged
            limit = min(until, quiet + self._gap_s) if broken else until
            left = limit - time.monotonic()
            if left <= 0:
                self._items += self._deframer.rescue()
                break
            data = self._port.read(left)
            if data:
                quiet = time.monotonic()
                self.noisy = self.noisy or data != bytes([Control.ACK])
                self._items += self._deframer.feed(data)
        return self._items.popleft() if self._items else None
