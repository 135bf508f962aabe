"""The fonts of the screens: Simplified Chinese forms, and a chain for rare characters.

Debian's NotoSansCJK-*.ttc holds ten faces and SDL_ttf can only take the first, which has the
Japanese forms. The Simplified Chinese face is written out once into a cache directory; which
characters each font has is cached beside it. (docs/devices/screen.md)
"""

import json
import os
import tempfile
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

BASE = "sc"
"""The name Kivy knows the Simplified Chinese font by."""

NOTO = Path("/usr/share/fonts/opentype/noto")
HANAZONO = Path("/usr/share/fonts/truetype/hanazono")
_FACE = "Noto Sans CJK SC"
_RARE = (("hana_a", "HanaMinA.ttf"), ("hana_b", "HanaMinB.ttf"))


class FontMissingError(Exception):
    """No Chinese font on this machine. Cure: install the Debian package fonts-noto-cjk."""


@dataclass(frozen=True)
class Face:
    """One font file and the characters it has, as sorted ranges [start, end)."""

    name: str
    path: Path
    bounds: tuple[int, ...]

    def has(self, char: str) -> bool:
        """Whether the font can draw `char` (one character)."""
        return bisect_right(self.bounds, ord(char)) % 2 == 1


@dataclass(frozen=True)
class Chain:
    """Fonts in the order they are asked; the first is the base font."""

    faces: tuple[Face, ...]
    bold: Path

    def face_of(self, char: str) -> str | None:
        """The name of the first font that has `char`; None when none has."""
        return next((face.name for face in self.faces if face.has(char)), None)

    def shows(self, text: str) -> bool:
        """Whether every character of `text` can be drawn."""
        return all(self.face_of(char) for char in text)


def prepare(cache: Path, noto: Path = NOTO, hanazono: Path = HANAZONO) -> Chain:
    """The font chain, its files written to `cache` where they are not there yet.

    The first run on a machine takes about two seconds, later ones some milliseconds.
    Raises FontMissingError when the Noto fonts are not installed.
    """
    cache.mkdir(parents=True, exist_ok=True)
    regular, bold = (
        _simplified(noto / f"NotoSansCJK-{weight}.ttc", cache) for weight in ("Regular", "Bold")
    )
    rare = [(name, hanazono / file) for name, file in _RARE if (hanazono / file).is_file()]
    named = [(BASE, regular), *rare]
    return Chain(tuple(Face(name, path, _coverage(path, cache)) for name, path in named), bold)


def _simplified(collection: Path, cache: Path) -> Path:
    """The Simplified Chinese face of `collection` as a file of its own in `cache`."""
    if not collection.is_file():
        message = f"{collection} is missing: install the Debian package fonts-noto-cjk"
        raise FontMissingError(message)
    target = cache / f"{collection.stem}-SC-{_stamp(collection)}.otf"
    if not target.is_file():
        from fontTools.ttLib import TTCollection  # noqa: PLC0415  0.2 s, needed once a machine

        with TTCollection(str(collection), lazy=True) as faces:
            found = next((f for f in faces.fonts if f["name"].getDebugName(1) == _FACE), None)
            if found is None:
                message = f"{collection} has no face {_FACE}: reinstall fonts-noto-cjk"
                raise FontMissingError(message)
            _write(target, partial(found.save, reorderTables=None))  # written once, not twice
    return target


def _coverage(font: Path, cache: Path) -> tuple[int, ...]:
    """Where the font's coverage begins and ends, in turn: [start, end, start, end, ...]."""
    table = cache / f"{font.stem}-{_stamp(font)}.json"
    if not table.is_file():
        from fontTools.ttLib import TTFont  # noqa: PLC0415  0.2 s, needed once a machine

        with TTFont(font, lazy=True) as opened:
            numbered = [str(glyph) for glyph in range(opened["maxp"].numGlyphs)]
            opened.setGlyphOrder(numbered)  # their names, which nobody asks for, take a second
            bounds = _bounds(sorted(opened.getBestCmap() or ()))
        _write(table, lambda path: Path(path).write_text(json.dumps(bounds), encoding="ascii"))
    return tuple(json.loads(table.read_text(encoding="ascii")))


def _bounds(points: list[int]) -> list[int]:
    bounds: list[int] = []
    for point in points:
        if bounds and bounds[-1] == point:
            bounds[-1] = point + 1
        else:
            bounds += [point, point + 1]
    return bounds


def _stamp(file: Path) -> str:
    """What changes when the file is replaced by another version."""
    status = file.stat()
    return f"{status.st_size:x}-{status.st_mtime_ns:x}"


def _write(target: Path, save: Callable[[str], object]) -> None:
    """Write `target` whole or not at all: a power cut leaves no half font."""
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=target.suffix)
    os.close(handle)
    try:
        save(name)
        Path(name).replace(target)
    except BaseException:  # also an interrupt: no half-written font is left behind
        Path(name).unlink(missing_ok=True)
        raise
