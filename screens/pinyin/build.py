"""Write `table.txt` and `surnames.txt`: `python -m screens.pinyin.build`.

The readings are pypinyin's (its pinyin_dict.json, 41,923 characters up to extension G); which
characters are common is GB 2312's (level 1: rows 16 to 55, level 2: rows 56 to 87).
"""

import json
import unicodedata
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

from screens.pinyin.given import GIVEN
from screens.pinyin.given import READINGS as GIVEN_READINGS
from screens.pinyin.surnames import BY_FREQUENCY, READINGS, SECOND_READINGS

_FOLDER = Path(__file__).parent
_FIRST_LEVEL_2_ROW = 0xD8  # row 56 as EUC-CN writes it


def table_text() -> str:
    """The text of `table.txt`: a syllable and its four groups of characters, a line each."""
    places: defaultdict[str, list[tuple[int, int, bytes, str]]] = defaultdict(list)
    for char, readings in _readings().items():
        group, code = _rank(char)
        for place, reading in enumerate(readings):
            places[reading].append((group, min(place, 1), code, char))
    lines = []
    for syllable in sorted(places):
        ordered = sorted(places[syllable])
        groups = ("".join(p[3] for p in ordered if p[0] == group) for group in range(4))
        lines.append("\t".join((syllable, *groups)))
    return "\n".join(lines) + "\n"


def surnames_text() -> str:
    """The text of `surnames.txt`: a surname and its reading, the commonest first."""
    known = _readings()
    rows = [(char, READINGS.get(char) or known[char][0]) for char in dict.fromkeys(BY_FREQUENCY)]
    rows += SECOND_READINGS
    return "".join(f"{char}{reading}\n" for char, reading in rows)


def _readings() -> dict[str, tuple[str, ...]]:
    """Every character's readings without tones, the usual one first."""
    package = find_spec("pypinyin")
    if package is None or package.origin is None:
        raise SystemExit("pypinyin is not installed: pip install -r requirements/dev.txt")
    source = Path(package.origin).with_name("pinyin_dict.json")
    marked: dict[str, str] = json.loads(source.read_text(encoding="utf-8"))
    plain = {
        chr(int(point)): tuple(dict.fromkeys(_plain(reading) for reading in readings.split(",")))
        for point, readings in marked.items()
    }
    return GIVEN_READINGS | {
        char: tuple(reading for reading in readings if reading.isascii() and reading.isalpha())
        for char, readings in plain.items()
        if unicodedata.category(char) == "Lo" and char != "〇"
    }


def _plain(reading: str) -> str:
    """Letters without marks, v for ü: "lǜ" is "lv"."""
    letters = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _rank(char: str) -> tuple[int, bytes]:
    """Group (0 to 3) and place within it."""
    given = GIVEN.find(char)
    if given >= 0:
        return 0, given.to_bytes(2)
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return 3, ord(char).to_bytes(3)
    return (1 if code[0] < _FIRST_LEVEL_2_ROW else 2), code


if __name__ == "__main__":
    (_FOLDER / "table.txt").write_text(table_text(), encoding="utf-8")
    (_FOLDER / "surnames.txt").write_text(surnames_text(), encoding="utf-8")
