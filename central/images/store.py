"""Where sealed objects are: a port of four functions, and the folder behind it.

An object has a random name and never changes, so a repeated or reordered call can do no harm.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from central.files import write_whole

_NAME = re.compile(r"[0-9a-f]{32}")


class ObjectMissing(Exception):  # noqa: N818 - an answer
    """The store has no object of this name."""


class Objects(Protocol):
    """A store of objects named by 32 hexadecimal digits. Any thread may call.

    Each function may raise `ProblemError` (`BUSY`) where the store does not answer.
    """

    def put(self, name: str, data: bytes) -> None:
        """Keep an object; durable on return."""
        ...

    def get(self, name: str) -> bytes:
        """Give an object's bytes. Raises `ObjectMissing`."""
        ...

    def delete(self, name: str) -> None:
        """Remove an object; one that is not there is removed already."""
        ...

    def names(self) -> Iterator[tuple[str, float]]:
        """Every object and when it was made, in seconds since 1970."""
        ...


class Folder:
    """Objects as files, `ab/ab…` under a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, name: str, data: bytes) -> None:
        """Write the file whole."""
        write_whole(self._path(name), data)

    def get(self, name: str) -> bytes:
        """Read the file."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            raise ObjectMissing from None

    def delete(self, name: str) -> None:
        """Unlink the file."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[str, float]]:
        """Every file; a half-written one, or a plain picture of an older store, is none."""
        for path in self.root.glob("[0-9a-f][0-9a-f]/*"):
            if _NAME.fullmatch(path.name):
                yield path.name, path.stat().st_mtime

    def _path(self, name: str) -> Path:
        return self.root / name[:2] / name
