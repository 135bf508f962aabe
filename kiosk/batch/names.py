"""Which file is whose picture: `<证件号>.jpg`, `_A`, `_B`, `_H1`, `_H2` (services.md 6)."""

import unicodedata
from collections.abc import Sequence

from kiosk.batch.source import Entry
from regulation.card_list.columns import Columns
from regulation.card_list.faults import Fault
from regulation.card_list.rows import PORTRAIT, Row, number_of

_PICTURES = frozenset(
    {".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic", ".heif", ".pdf"}
)
"""Those that are not taken are found too, so that they are told apart from missing ones."""
_NUMBER = 18
_BETWEEN = "_-+ "
"""Some write 证件号+姓名 for a portrait."""

MOST_BYTES = 2 * 1024 * 1024
"""What the centre takes of a picture (docs/centre/images.md)."""


Place = int | Fault
"""Where among the entries a picture's file is, or why it cannot be taken."""


class PictureNames:
    """The picture files of a source, found by the rows they belong to."""

    def __init__(self, entries: Sequence[Entry], columns: Columns) -> None:
        self._endings = columns.pictures
        self._numbered: dict[str, list[tuple[str, Place]]] = {}
        self._named: dict[str, list[tuple[str, Place]]] = {}
        for at, entry in enumerate(entries):
            name = entry.name
            stem = _stem(name)
            if stem != name:
                place = at if entry.size <= MOST_BYTES else Fault.PICTURE_TOO_LARGE
                key = _key(stem)
                rest = key[_NUMBER:]
                self._numbered.setdefault(key[:_NUMBER], []).append((rest, place))
                if not rest:  # named by something else
                    self._named.setdefault(key, []).append((_key(name), place))

    def of(self, row: Row) -> dict[str, Place]:
        """A row's pictures by what they show: the place among the entries, or why it cannot be."""
        found: dict[str, Place] = {}
        for rest, place in self._numbered.get(number_of(row), ()):
            shows = self._endings.get(rest)
            if shows is None and rest.lstrip(_BETWEEN) == _key(row.name):
                shows = PORTRAIT
            if shows is not None:
                found[shows] = Fault.PICTURE_TWO_FILES if shows in found else place
        if row.portrait_file:
            found.pop(PORTRAIT, None)
            if (named := self._by_name(row.portrait_file)) is not None:
                found[PORTRAIT] = named
        return found

    def _by_name(self, name: str) -> Place | None:
        """By the column 照片文件名, with or without its ending."""
        key = _key(_stem(name))
        if len(key) > _NUMBER:
            rest = key[_NUMBER:]
            near = [each for each in self._numbered.get(key[:_NUMBER], ()) if each[0] == rest]
        else:
            near = self._named.get(key, [])
            near = [each for each in near if each[0] == _key(name)] or near
        if not near:
            return None
        return Fault.PICTURE_TWO_FILES if len(near) > 1 else near[0][1]


def _stem(name: str) -> str:
    """A picture's name without its ending; another name as it is."""
    stem, dot, ending = name.rpartition(".")
    return stem if (dot + ending).lower() in _PICTURES else name


def _key(name: str) -> str:
    return name.upper() if name.isascii() else unicodedata.normalize("NFC", name).upper()
