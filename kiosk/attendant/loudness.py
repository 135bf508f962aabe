"""How loud an attendant wants this kiosk, kept over a restart.

The operator's `sound.volume` is for many halls, the attendant stands in one: their word corrects
the operator's. It is kept with the volume it corrects and holds as long as the operator says that
one; a document, or a kiosk's own file, that names another is the newer word, and holds.
"""

from pathlib import Path
from typing import Any

from kiosk import whole_file
from kiosk.services.levels import VOLUMES

FILE = "loudness.json"


class Loudness:
    """The volume of this kiosk, per cent; any thread."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._kept = _read(self._path)

    def under(self, operator: int) -> int:
        """How loud it is where the operator says so."""
        over, volume = self._kept or (operator, operator)
        return volume if over == operator else operator

    def keep(self, operator: int, volume: int) -> None:
        """The attendant's word over the operator's. Raises OSError: then not kept."""
        self._kept = (operator, volume)
        whole_file.put_json(self._path, {"over": operator, "volume": volume})


def _read(path: Path) -> tuple[int, int] | None:
    """What was kept, as `over` and `volume`; a file that cannot be read says nothing."""
    try:
        told: Any = whole_file.read_json(path)
        over, volume = told["over"], told["volume"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (over, volume) if type(over) is int and volume in VOLUMES else None
