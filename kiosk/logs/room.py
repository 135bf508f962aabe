"""Room for a line that must be written when the disk has none: a file that can be given up.

A full disk takes no line, and no day goes unsaid: without this, a full log could never make room.
"""

import os
from pathlib import Path

FILE = "room"
BYTES = 64 * 2**10
"""A line needs a block; other threads and programs may be quicker."""


class Room:
    """That of a log's folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def keep(self) -> None:
        """Have it, if the disk has as much to spare. Raises OSError."""
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, BYTES)
        except OSError:
            self.give_up()  # a part of it is worth more to the lines; the next look asks again
        finally:
            os.close(descriptor)

    def give_up(self) -> None:
        """Leave it to the log. Raises OSError."""
        self._path.unlink(missing_ok=True)
