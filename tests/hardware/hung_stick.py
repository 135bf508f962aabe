"""A stick that dies in the middle of a reading: a file system that never answers a READ.

Spoken is FUSE, the kernel's own protocol for file systems outside of it (include/uapi/linux/fuse.h,
7.31), as little of it as one file needs. A process that reads from it sleeps in the kernel, and once
its request is under way not even SIGKILL ends it: just as with a stick that hangs.
"""

import contextlib
import errno
import os
import select
import socket
import stat
import struct
import subprocess
import threading

LOOKUP, FORGET, GETATTR, OPEN, READ, RELEASE, FLUSH, INIT = 1, 2, 3, 14, 15, 18, 25, 26
OPENDIR, READDIR, RELEASEDIR, INTERRUPT, BATCH_FORGET = 27, 28, 29, 36, 42
NAME = "hung.csv"
SIZE = 1000
FOLDER, FILE = 1, 2
_UNANSWERED = (FORGET, BATCH_FORGET, INTERRUPT)


class HungStick:
    """Mounted at `point` from the beginning to `close`; `asked` is set by the first READ."""

    def __init__(self, point):
        self.asked = threading.Event()
        self._file = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
        options = f"fd={self._file},rootmode=40000,user_id=0,group_id=0,ro,nosuid,nodev,noexec"
        mount = ["mount", "-i", "-t", "fuse", "-o", options, "hung", point]
        try:
            subprocess.run(mount, check=True, capture_output=True, pass_fds=[self._file])
        except subprocess.CalledProcessError:
            os.close(self._file)
            raise
        self._point = point
        self._bell, self._ring = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        """Let the stick be gone: whoever waits for it gets an error. Nothing the second time."""
        self._ring.close()
        self._thread.join()
        subprocess.run(["umount", "-l", self._point], check=False, capture_output=True)

    def _serve(self):
        with self._bell:
            while self._bell not in select.select([self._file, self._bell], [], [])[0]:
                with contextlib.suppress(OSError):  # taken back, or the last of it is unmounted
                    self._obey(os.read(self._file, 1 << 18))
        os.close(self._file)  # with it everything that waits for an answer ends

    def _obey(self, request):
        _, code, unique, node = struct.unpack_from("<IIQQ", request)
        if code == READ:
            self.asked.set()
        elif code not in _UNANSWERED:
            error, payload = self._answer(code, node, request[40:])
            head = struct.pack("<IiQ", 16 + len(payload), -error, unique)
            os.write(self._file, head + payload)

    def _answer(self, code, node, payload):
        if code == INIT:
            return 0, struct.pack("<IIIIHHIIHHI28x", 7, 31, 1 << 16, 0, 16, 12, 1 << 16, 1, 0, 0, 0)
        if code == GETATTR:
            return 0, struct.pack("<QII", 1, 0, 0) + _attributes(node)
        if code == LOOKUP:
            if payload.rstrip(b"\0") != NAME.encode():
                return errno.ENOENT, b""
            return 0, struct.pack("<QQQQII", FILE, 0, 1, 1, 0, 0) + _attributes(FILE)
        if code in (OPEN, OPENDIR):
            direct = 1 if code == OPEN else 0  # past the page cache
            return 0, struct.pack("<QII", 0, direct, 0)
        if code in (READDIR, RELEASE, RELEASEDIR, FLUSH):
            return 0, b""
        return errno.ENOSYS, b""


def _attributes(node):
    mode = stat.S_IFDIR | 0o755 if node == FOLDER else stat.S_IFREG | 0o644
    size = 0 if node == FOLDER else SIZE
    return struct.pack("<QQQ24xIIIIIIIIII", node, size, 1, 0, 0, 0, mode, 1, 0, 0, 0, 512, 0)
