"""Where a reader may be plugged in when nobody said where."""

from collections.abc import Iterable
from pathlib import Path

BY_ID = Path("/dev/serial/by-id")
"""Links that udev makes, named after the device: they stay the same over replugging."""


class Ports:
    """The serial ports under stable names, but those of other devices (`taken`)."""

    def __init__(self, folder: Path = BY_ID, taken: Iterable[str] = ()) -> None:
        self._folder = folder
        self._taken = tuple(taken)

    def free(self) -> list[str]:
        """Give the ports there are now, in the order of their names."""
        taken = {Path(path).resolve() for path in self._taken if path}
        links = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
        return [str(link) for link in links if link.resolve() not in taken]
