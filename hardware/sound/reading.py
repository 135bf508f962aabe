"""How a text is read aloud: what the synthesiser is fed, pure.

espeak-ng's Mandarin spells Hanzi wrongly, but reads pinyin well; pypinyin gives the pinyin, and
`readings.toml` what it gets wrong. Source: docs/devices/sound.md.
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("readings.toml").read_text("utf-8"))
_PHRASES: dict[str, str] = _TABLE["phrases"]
_SURNAMES: dict[str, str] = _TABLE["surnames"]
_LETTERS: dict[str, str] = _TABLE["letters"]
_NUMBER: list[str] = _TABLE["digits"]["number"].split()
_SINGLE: list[str] = _TABLE["digits"]["single"].split()
_TITLES: list[str] = _TABLE["titles"]["words"]

LONGEST = 1000
"""Characters of a text that are read; the rest is not."""
_ONE_BY_ONE = 5  # a number with so many digits is no number but a row of them
_HANZI = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"


def spoken(text: str, language: str, names: Sequence[str] = ()) -> str:
    """Give `text` as its synthesiser reads it: pinyin for `zh_CN`, else letters and digits.

    `names` are people's names in it: their surnames are read as surnames. Rows of five digits and
    more, or with a zero before them, are read digit by digit, stars in them as one "star".
    """
    text = text[:LONGEST]
    return _mandarin(text, tuple(names)) if language == "zh_CN" else _english(text)


def _any(words: Sequence[str]) -> str:
    """Give a pattern for any of these words, the longest first; nothing matches none."""
    ordered = sorted(filter(None, words), key=len, reverse=True)
    return "|".join(re.escape(word) for word in ordered) or r"(?!)"


_SURNAME_BEFORE_TITLE = rf"(?:{_any(list(_SURNAMES))})(?=(?:{_any(_TITLES)}))"
_GRAMMAR = re.compile(
    rf"""
    (?P<titled>{_SURNAME_BEFORE_TITLE})
  | (?P<phrase>{_any(list(_PHRASES))})
  | (?P<date>\d{{4}}-\d\d?-\d\d?(?!\d))
  | (?P<clock>\d\d?:\d\d(?!\d))
  | (?P<year>\d{{4}}(?=\s?年))
  | (?P<decimal>\d+\.\d+)
  | (?P<number>[\d*]+[Xx]?)
  | (?P<letter>[A-Za-z])
  | (?P<hanzi>(?:(?!{_any(list(_PHRASES))}|{_SURNAME_BEFORE_TITLE})[{_HANZI}])+)
  | (?P<stop>[。！？.!?\n])
  | (?P<pause>[，、；：,;:（）()])
    """,
    re.VERBOSE,
)


def _mandarin(text: str, names: tuple[str, ...] = ()) -> str:
    name = max((name for name in names if name in text), key=len, default="")
    if name:  # split by hand: `re` would remember a pattern with a name in it
        parts = [_mandarin(part, names) for part in text.split(name)]
        return f" {_name(name)} ".join(parts).strip()
    return " ".join(
        _READ[match.lastgroup or ""](match.group(), text[match.end() : match.end() + 2].strip())
        for match in _GRAMMAR.finditer(text)
    )


def _hanzi(text: str) -> str:
    return _pinyin(text, tones=True)


def _pinyin(text: str, *, tones: bool) -> str:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  0.3 s: for who speaks, not for a start

    style = Style.TONE3 if tones else Style.NORMAL
    return " ".join(lazy_pinyin(text, style, errors="ignore", neutral_tone_with_five=tones))


def _name(name: str) -> str:
    """Give a name's reading; the surname by the table, what is hidden by stars as "star"."""
    size = next((size for size in (2, 1) if name[:size] in _SURNAMES), 0)
    rest = _mandarin(name[size:])
    return f"{_SURNAMES[name[:size]]} {rest}".strip() if size else rest


def _digits(row: str) -> str:
    readings = (_SINGLE[int(digit)] for digit in row)
    return " ".join(readings)


def _number(text: str, behind: str) -> str:
    """Give a number as one, or digit by digit."""
    number = text.rstrip("Xx")
    letter = _LETTERS["X"] if number != text else ""
    short = number.isdigit() and len(number) < _ONE_BY_ONE
    if short and (number[0] != "0" or len(number) == 1):
        if number == "2" and behind[:1] in tuple(_TABLE["digits"]["two"]):
            return "liang3"
        return f"{_counted(int(number))} {letter}".strip()
    runs = re.findall(r"\d+|\*+", number)
    read = " ".join("xing1" if run[0] == "*" else _digits(run) for run in runs)
    return f"{read} {letter}".strip()


def _counted(value: int) -> str:
    """Give a number from 0 to 9999 as it is counted."""
    if value < len(_NUMBER):
        return _NUMBER[value]
    parts: list[str] = []
    for size, word in ((1000, "qian1"), (100, "bai3"), (10, "shi2"), (1, "")):
        digit = value // size % 10
        if digit:
            parts += [_NUMBER[digit], word]
        elif parts and value % size and parts[-1] != _NUMBER[0]:
            parts.append(_NUMBER[0])
    teen = parts[:2] == [_NUMBER[1], "shi2"]
    return " ".join(part for part in parts[teen:] if part)


def _decimal(text: str, _behind: str) -> str:
    whole, rest = text.split(".")
    return f"{_number(whole, '')} dian3 {_year(rest, '')}"


def _date(text: str, _behind: str) -> str:
    year, month, day = text.split("-")
    return f"{_year(year, '')} nian2 {_counted(int(month))} yue4 {_counted(int(day))} ri4"


def _clock(text: str, _behind: str) -> str:
    hour, minute = (int(part) for part in text.split(":"))
    end = f" {_NUMBER[0] if minute < len(_NUMBER) else ''} {_counted(minute)} fen1"
    return f"{_counted(hour)} dian3{end if minute else ''}".replace("  ", " ")


def _year(text: str, _behind: str) -> str:
    return " ".join(_NUMBER[int(digit)] for digit in text)


_READ: dict[str, Callable[[str, str], str]] = {
    "titled": lambda text, _behind: _SURNAMES[text],
    "phrase": lambda text, _behind: _PHRASES[text],
    "date": _date,
    "clock": _clock,
    "year": _year,
    "decimal": _decimal,
    "number": _number,
    "letter": lambda text, _behind: _LETTERS[text.upper()],
    "hanzi": lambda text, _behind: _hanzi(text),
    "stop": lambda _text, _behind: ".",
    "pause": lambda _text, _behind: ",",
}


def _english(text: str) -> str:
    """Give a text that espeak reads: Hanzi as pinyin, rows of digits one by one, no phonemes.

    `[[` would begin phonemes. Everything that is no letter, digit or mark of a sentence is a space.
    """
    text = re.sub(_ROW, lambda match: f" {' '.join(re.sub(r'[*]+', '*', match.group()))} ", text)
    text = re.sub(f"[{_HANZI}]+", lambda match: f" {_plain(match.group())} ", text)
    text = re.sub(r"[^\w.,;:!?'%\-\n]+|_", " ", text.replace("*", "star"))
    return " ".join(text.split())


_ROW = rf"(?=\d*[*])[\d*]+|0\d+|\d{{{_ONE_BY_ONE},}}"


def _plain(text: str) -> str:
    return _pinyin(text, tones=False)
