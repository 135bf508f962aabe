"""Chinese characters by their pinyin, one at a time, as names are typed on the pinyin pad.

Pure. ü is typed as v; tones are not typed. `table.txt` holds the readings, four groups of
characters to a syllable: common in given names, GB 2312 level 1, level 2, and all others;
`surnames.txt` the surnames, the commonest first. Both are written by
`python -m screens.pinyin.build` from the dictionary of pypinyin.
"""

from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("table.txt")
_SURNAMES = Path(__file__).with_name("surnames.txt")
_SPELLINGS = {"lyu": "lv", "nyu": "nv", "lue": "lve", "nue": "nve"}
_COMMON_GROUPS = 2

Groups = tuple[str, ...]


def candidates(letters: str, *, first: bool) -> tuple[str, ...]:
    """The characters whose reading is, or begins with, `letters`; the likeliest first.

    A finished syllable offers all its characters; a longer one that begins with the letters
    offers its common ones. `first`: the character begins a name, so surnames come first, by
    their surname reading (曾 zeng, 单 shan, 仇 qiu). No match: an empty tuple.
    """
    typed = _SPELLINGS.get(letters.lower(), letters.lower())
    if not typed:
        return ()
    found: dict[str, None] = {}
    if first:
        found |= dict.fromkeys(c for c, reading in _surnames() if reading == typed)
        found |= dict.fromkeys(c for c, reading in _surnames() if reading.startswith(typed))
    table = _table()
    for group in table.get(typed, ()):
        found |= dict.fromkeys(group)
    longer = [groups for syllable, groups in table.items() if syllable.startswith(typed)]
    for rank in range(_COMMON_GROUPS):
        for groups in longer:
            found |= dict.fromkeys(groups[rank])
    return tuple(found)


def is_syllable_start(letters: str) -> bool:
    """Whether some syllable begins with `letters`: the pad refuses other keys."""
    typed = _SPELLINGS.get(letters.lower(), letters.lower())
    known = (*_table(), *_SPELLINGS)
    return any(syllable.startswith(typed) for syllable in known)


@cache
def _table() -> dict[str, Groups]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines)
    return {syllable: tuple(groups) for syllable, *groups in rows}


@cache
def _surnames() -> tuple[tuple[str, str], ...]:
    lines = _SURNAMES.read_text(encoding="utf-8").splitlines()
    return tuple((line[0], line[1:]) for line in lines)
