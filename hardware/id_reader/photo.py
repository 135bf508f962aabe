"""The photo on a chip, opened by a program that is not ours.

WLT is a secret of its makers; whoever has their library wraps it in a command that takes the 1024
bytes on its standard input and gives a BMP of 102 x 126 pixels on its standard output. The command
is not trusted: it runs in a process of its own, may write no file and leave no core dump, and is
killed at its deadline with all it started. Source: docs/devices/id_reader.md.
"""

import contextlib
import os
import resource
import select
import signal
import struct
import subprocess
import threading
import time
from collections.abc import Sequence

WLT_BYTES = 1024
WIDTH, HEIGHT = 102, 126
BMP_BYTES = 54 + 308 * HEIGHT
"""Two headers, then rows of 102 pixels of three bytes, each filled up to a multiple of four."""

_HEAD = struct.Struct("<2sI4xIIiiHHI")  # BITMAPFILEHEADER, BITMAPINFOHEADER up to biCompression
_LOOK_UP_S = 0.05
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}


class PhotoDecoder:
    """The command that opens photos; no failure of it is ever an exception."""

    def __init__(self, command: Sequence[str], deadline_s: float = 2.0) -> None:
        self._command = list(command)
        self._deadline_s = deadline_s

    def decode(self, wlt: bytes, cancel: threading.Event) -> bytes:
        """Give the BMP, or b"" if there is no command or it gave none in time."""
        if not self._command or len(wlt) != WLT_BYTES:
            return b""
        try:
            process = subprocess.Popen(  # noqa: S603 - the operator's own setting
                self._command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=_ENVIRONMENT,
                start_new_session=True,
            )
        except (OSError, ValueError):  # ValueError: a NUL in the command
            return b""
        try:
            return picture(self._converse(process, wlt, cancel))
        finally:
            _end(process)

    def _converse(
        self, process: subprocess.Popen[bytes], wlt: bytes, cancel: threading.Event
    ) -> bytes:
        """Give what it says until it ends, says too much or its time is over."""
        assert process.stdin is not None
        assert process.stdout is not None
        until = time.monotonic() + self._deadline_s
        with contextlib.suppress(OSError):  # it ended already
            _lock_in(process.pid)
            os.write(process.stdin.fileno(), wlt)  # a pipe takes 4096 bytes at least at once
            process.stdin.close()
        said = b""
        while len(said) <= BMP_BYTES and not cancel.is_set():
            left = until - time.monotonic()
            if left <= 0:
                return b""
            if select.select([process.stdout], [], [], min(left, _LOOK_UP_S))[0]:
                data = os.read(process.stdout.fileno(), BMP_BYTES + 1 - len(said))
                if not data:
                    return said
                said += data
        return b""


def picture(data: bytes) -> bytes:
    """Give `data` if it is a BMP of 102 x 126 pixels in 24 bits, uncompressed, else b""."""
    if len(data) != BMP_BYTES:
        return b""
    mark, size, start, info, width, height, planes, bits, packed = _HEAD.unpack_from(data)
    right = (b"BM", BMP_BYTES, 54, 40, WIDTH, HEIGHT, 1, 24, 0)
    return (
        data
        if (mark, size, start, info, width, abs(height), planes, bits, packed) == right
        else b""
    )


def _lock_in(pid: int) -> None:
    """Let it write no file: before it is told anything."""
    for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.prlimit(pid, limit, (0, 0))


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):  # all of it ended by itself
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # what it did not take is nobody's
                pipe.close()
    process.wait()
