"""The kiosk's side of the process that touches a stick: what hangs there, never hangs here."""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from hardware.media import child

_LOOK_UP_S = 0.1
_ENDS_S = 0.5
_LONGEST = 2 * child.CHUNK
_STUCK = 4
"""So many processes that even SIGKILL does not end are waited for; then no more are started."""

Packet = tuple[bytes, bytes]
"""Tag and payload."""


class ReaderGone(Exception):  # noqa: N818 - what happened
    """The process cannot answer. `why`: what ended it, a word of the device's faults."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class BadPacket(Exception):  # noqa: N818 - what came
    """What came is no packet."""


class Packets:
    """Finds the packets in a stream that comes in pieces."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[Packet]:
        """Give the packets that `data` completes; `BadPacket` if it holds anything else."""
        self._pending += data
        packets: list[Packet] = []
        while (packet := self._next()) is not None:
            packets.append(packet)
        return packets

    def _next(self) -> Packet | None:
        if len(self._pending) < child.HEAD:
            return None
        tag = bytes(self._pending[:1])
        size = int.from_bytes(self._pending[1 : child.HEAD], "big")
        if tag not in (child.FILE, child.DATA, child.END) or size > _LONGEST:
            raise BadPacket
        if len(self._pending) < child.HEAD + size:
            return None
        payload = bytes(self._pending[child.HEAD : child.HEAD + size])
        del self._pending[: child.HEAD + size]
        return tag, payload


def packets_of(stream: bytes) -> list[Packet]:
    """Give the packets of a whole stream."""
    return Packets().feed(stream)


def file_of(payload: bytes) -> tuple[str, int]:
    """Give path and size of a file packet; `BadPacket` if it is none."""
    match _json(payload):
        case [str(path), int(size)] if size >= 0:
            return path, size
        case _:
            raise BadPacket


def end_of(payload: bytes) -> tuple[str, bool]:
    """Give the error of an end packet, "" for none, and whether a listing was cut."""
    match _json(payload):
        case {"error": str(error), "cut": bool(cut)}:
            return error, cut
        case {"error": str(error)}:
            return error, False
        case _:
            raise BadPacket


def _json(payload: bytes) -> object:
    try:
        return cast("object", json.loads(payload))
    except (ValueError, RecursionError):
        raise BadPacket from None


@dataclass(frozen=True)
class Watch:
    """What ends a reading: nobody waits, the stick is pulled, nothing comes, or it takes long.

    `changes` reports POLLPRI when something was mounted or unmounted; `pulled`, asked then and
    whenever nothing comes, says whether it was this stick.
    """

    cancel: threading.Event
    changes: int
    pulled: Callable[[], bool]
    stall_s: float
    whole_s: float


class Reader:
    """The process, started when it is needed; for one thread at a time.

    `command` starts it; without one Python runs `child.py`, and the packed program itself, which
    has to call `child.main` when its first argument is "media-child".
    """

    def __init__(self, command: Sequence[str] = ()) -> None:
        self._command = tuple(command) or _own_command()
        self._process: subprocess.Popen[bytes] | None = None
        self._stuck: list[subprocess.Popen[bytes]] = []

    @property
    def pid(self) -> int | None:
        """The process's number, None while there is none."""
        return self._process.pid if self._process else None

    def ask(self, request: dict[str, Any], watch: Watch) -> Iterator[Packet]:
        """Give the packets of an answer, the END too. `ReaderGone`: then the process was ended."""
        process = self._running()
        try:
            self._send(process, request)
            for tag, payload in self._packets(process, watch):
                yield tag, payload
                if tag == child.END:
                    return
        except BadPacket:
            raise self._ended("internal_error") from None
        except GeneratorExit:  # the asker has enough; what would still come must not come later
            self.close()
            raise

    def close(self) -> None:
        """End the process, also one that hangs; it is not waited for long."""
        self._stuck = [process for process in self._stuck if process.poll() is None]
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        try:
            process.wait(_ENDS_S)
        except subprocess.TimeoutExpired:  # in the kernel, until the stick answers or is pulled
            self._stuck.append(process)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
        if len(self._stuck) >= _STUCK:
            raise ReaderGone("hardware_error")
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - no word of it comes from a stick
                self._command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
            )
        return self._process

    def _send(self, process: subprocess.Popen[bytes], request: dict[str, Any]) -> None:
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
        except BrokenPipeError:
            raise self._ended("internal_error") from None

    def _packets(self, process: subprocess.Popen[bytes], watch: Watch) -> Iterator[Packet]:
        assert process.stdout is not None
        packets, began = Packets(), time.monotonic()
        heard = began
        poller = select.poll()
        poller.register(process.stdout, select.POLLIN)
        poller.register(watch.changes, select.POLLPRI)
        while True:
            ready = dict(poller.poll(_LOOK_UP_S * 1000))
            now = time.monotonic()
            if (not ready or watch.changes in ready) and watch.pulled():
                raise self._ended("no_media")
            if watch.cancel.is_set():
                raise self._ended("cancelled")
            if process.stdout.fileno() in ready:
                heard = now
                data = os.read(process.stdout.fileno(), _LONGEST)
                if not data:
                    raise self._ended("internal_error")
                yield from packets.feed(data)
            if now - heard > watch.stall_s or now - began > watch.whole_s:
                raise self._ended("time_out")

    def _ended(self, why: str) -> ReaderGone:
        self.close()
        return ReaderGone(why)


def _own_command() -> tuple[str, ...]:
    if getattr(sys, "frozen", False):
        return (sys.executable, "media-child")
    return (sys.executable, "-I", "-S", "-X", "utf8", child.__file__)
