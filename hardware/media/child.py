"""The process that touches a stick: lists and reads files, and may hang or die with it.

Started by `reader.py`; it imports the standard library alone, and is there in a moment. Requests
come on its standard input, a line of JSON each; it answers with packets: a tag, the length of what
follows (4 bytes, big-endian), and that.

    {"op": "list", "root": ..., "depth": 4, "files": 2000}       F: JSON [path, size], E: JSON
    {"op": "read", "root": ..., "path": "a/b", "bytes": 1000}    D: bytes,             E: JSON

E ends an answer: {"error": ""}, or a word of `Reason`, or "gone" (the stick does not answer), and
of a listing {"cut": whether there are more files}. Links are never followed and no other file
system is entered: every folder is opened by its name in the one before it.
"""

import errno
import json
import os
import resource
import stat
import sys
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, BinaryIO

FILE, DATA, END = b"F", b"D", b"E"
GONE = "gone"
HEAD = 5
CHUNK = 256 * 1024
LOOKED_AT = 20_000
"""Names that are looked at in one listing, of any kind."""
MEMORY = 256 << 20
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_PLAIN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_GONE = frozenset(
    {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN, errno.ENOMEDIUM,
     errno.EUCLEAN}
)  # fmt: skip
_WORDS = {
    errno.ENOENT: "not_found",
    errno.ENOTDIR: "not_found",
    errno.ELOOP: "not_a_file",
    errno.EISDIR: "not_a_file",
}


class Refusal(Exception):  # noqa: N818 - an answer, not an error
    """Ends an answer with a word."""


def main() -> int:
    """Answer until standard input ends."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it can write to no file
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        request = json.loads(line)
        answer = _OPERATIONS[request.pop("op")]
        try:
            end = answer(out, **request) or {}
        except Refusal as refusal:
            end = {"error": str(refusal)}
        except OSError as error:
            end = {"error": word_of(error)}
        send(out, END, json.dumps({"error": "", **end}).encode())
        out.flush()
    return 0


def word_of(error: OSError) -> str:
    """Give what an error of the system says of the file, or of the stick."""
    if error.errno in _GONE:
        return GONE
    return _WORDS.get(error.errno or 0, "not_readable")


def send(out: BinaryIO, tag: bytes, payload: bytes) -> None:
    """Send a packet."""
    out.write(tag + len(payload).to_bytes(4, "big") + payload)


def list_files(out: BinaryIO, root: str, depth: int, files: int) -> dict[str, Any]:
    """Send the files of a stick, the folders nearest to its root first."""
    looked = found = 0
    folders = deque([("", 1)])
    while folders:
        folder, level = folders.popleft()
        for name, mode, size in _contents(root, folder):
            looked += 1
            if looked > LOOKED_AT or found == files:
                return {"cut": True}
            path = f"{folder}/{name}" if folder else name
            if stat.S_ISDIR(mode) and level < depth:
                folders.append((path, level + 1))
            elif stat.S_ISREG(mode):
                found += 1
                send(out, FILE, json.dumps([path, size]).encode())
        out.flush()
    return {"cut": False}


def _contents(root: str, folder: str) -> list[tuple[str, int, int]]:
    """Give name, mode and size of what lies in a folder, by name; not what is mounted in it."""
    found: list[tuple[str, int, int]] = []
    with opened_folder(root, folder) as (at, device), os.scandir(at) as entries:
        for entry in entries:
            if len(found) > LOOKED_AT:
                break
            info = entry.stat(follow_symlinks=False)
            if info.st_dev == device:
                found.append((entry.name, info.st_mode, info.st_size))
    return sorted(found)


def read_file(out: BinaryIO, root: str, path: str, **limit: int) -> None:
    """Send the bytes of a regular file that is not larger than `bytes`."""
    folder, _, name = path.rpartition("/")
    left = limit["bytes"]
    with opened_folder(root, folder) as (at, device), opened_file(at, name, device) as file:
        if os.fstat(file).st_size > left:
            raise Refusal("too_large")
        while chunk := os.read(file, CHUNK):
            left -= len(chunk)
            if left < 0:
                raise Refusal("too_large")
            send(out, DATA, chunk)
            out.flush()


@contextmanager
def opened_folder(root: str, folder: str) -> Generator[tuple[int, int]]:
    """Give a folder and the device it is on; it is on the root's, and no link leads to it."""
    at = os.open(root, _FOLDER)
    try:
        device = os.fstat(at).st_dev
        for part in folder.split("/") if folder else ():
            inner = os.open(checked(part), _FOLDER, dir_fd=at)
            os.close(at)
            at = inner
            if os.fstat(at).st_dev != device:
                raise Refusal("not_a_file")
        yield at, device
    finally:
        os.close(at)


@contextmanager
def opened_file(at: int, name: str, device: int) -> Generator[int]:
    """Give a regular file; anything else is not even opened, as opening may have effects."""
    before = os.stat(checked(name), dir_fd=at, follow_symlinks=False)
    if not stat.S_ISREG(before.st_mode) or before.st_dev != device:
        raise Refusal("not_a_file")
    file = os.open(name, _PLAIN, dir_fd=at)
    try:
        after = os.fstat(file)
        if not os.path.samestat(before, after):
            raise Refusal("not_a_file")
        os.set_blocking(file, True)
        yield file
    finally:
        os.close(file)


def checked(part: str) -> str:
    """Give a part of a path that stays in its folder."""
    if part in ("", ".", "..") or "/" in part or "\0" in part:
        raise Refusal("name_not_allowed")
    return part


_OPERATIONS = {"list": list_files, "read": read_file}

if __name__ == "__main__":
    raise SystemExit(main())
