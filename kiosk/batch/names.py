"""Which file is whose picture: `<证件号>.jpg`, `_A`, `_B`, `_H1`, `_H2` (services.md 6)."""

import unicodedata
from collections.abc import Sequence

from kiosk.batch.source import Entry
from regulation.card_list.columns import Columns
from regulation.card_list.faults import Fault
from regulation.card_list.rows import PORTRAIT, Row, number_of

TAKEN = (".jpg", ".jpeg", ".png")
_NOT_TAKEN = (".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic", ".heif", ".pdf")
"""Pictures of another kind are found too, so that they are told apart from missing ones."""
_BETWEEN = ("", "_", "-", "+", " ")
"""Some write 证件号+姓名 for a portrait."""

MOST_BYTES = 2 * 1024 * 1024
"""What the centre takes of a picture (docs/centre/images.md)."""


class PictureNames:
    """The picture files of a source, found by the rows they belong to."""

    def __init__(self, entries: Sequence[Entry], columns: Columns) -> None:
        self._entries, self._endings = entries, columns.pictures
        self._places: dict[str, list[int]] = {}
        for place, entry in enumerate(entries):
            stem, dot, ending = entry.name.rpartition(".")
            if (dot + ending).lower() in TAKEN + _NOT_TAKEN:
                self._places.setdefault(_key(stem), []).append(place)

    def of(self, row: Row, shows: str) -> int | Fault | None:
        """The place of a row's picture among the entries, why it cannot be, None for none."""
        found = self._named(row.portrait_file) if shows == PORTRAIT and row.portrait_file else None
        if found is None:
            found = self._numbered(row, shows)
        if not found:
            return None
        if len(found) > 1:
            return Fault.PICTURE_TWO_FILES
        size = self._entries[found[0]].size
        return Fault.PICTURE_TOO_LARGE if size > MOST_BYTES else found[0]

    def _named(self, name: str) -> list[int]:
        """By the column 照片文件名, with or without its ending."""
        stem, dot, ending = name.rpartition(".")
        known = (dot + ending).lower() in TAKEN + _NOT_TAKEN
        places = self._places.get(_key(stem if known else name), [])
        exact = [at for at in places if _key(self._entries[at].name) == _key(name)]
        return exact or places

    def _numbered(self, row: Row, shows: str) -> list[int]:
        number = number_of(row)
        stems = [number + ending for ending, each in self._endings.items() if each == shows]
        if shows == PORTRAIT:
            stems += [f"{number}{between}{row.name}" for between in _BETWEEN if row.name]
        return [place for stem in stems for place in self._places.get(_key(stem), ())]


def _key(name: str) -> str:
    return name.upper() if name.isascii() else unicodedata.normalize("NFC", name).upper()
