"""Names as papers write them, and when two of them are the same."""

import re
import unicodedata

from regulation.problem import Problem, ProblemKind

INTERPUNCT = "\u00b7"  # GB18030 A1A4, the dot of names
DOTS = "\u2219\u2022\u30fb\u25cf\u2027"  # ∙ • ・ ● ‧, seen in its place
LONGEST_BYTES = 100
"""In GB18030. The multi-ministry notice of 2016 asks for at least 50; the 15 characters of an ID
chip may take 60, a card's name and its extension 80, and nobody is turned away for a long name."""
PUNCTUATION = f"{INTERPUNCT}{DOTS} '\u2019.-"

_SAME_DOT = str.maketrans(dict.fromkeys(DOTS, INTERPUNCT))


def comparison_key(name: str) -> str:
    """The form in which two writings of a name are equal; never shown, printed or stored.

    NFC, one dot (U+00B7), no white space, Latin letters in upper case.
    """
    dotted = unicodedata.normalize("NFC", name).translate(_SAME_DOT)
    return "".join(dotted.split()).upper()


def same_name(one: str, other: str) -> bool:
    """Whether two writings are one name; an empty name is nobody's."""
    key = comparison_key(one)
    return bool(key) and key == comparison_key(other)


def needs_picture(name: str) -> bool:
    """Whether the name has a character no font can be trusted to show.

    Private-use code points (ID chips use them for rare characters) and those this Python does not
    know yet (CJK extensions after G). Show the paper's picture beside it, never a box.
    """
    return any(unicodedata.category(character) in ("Co", "Cn") for character in name)


def check_name(name: str) -> str | Problem:
    """The name as the paper writes it, without outer spaces, or what is wrong with it.

    Letters, marks, rare characters, dots, spaces, apostrophe, hyphen; at most `LONGEST_BYTES`.
    The dot stays as written: only a comparison maps it.
    """
    text = name.strip()
    if not text:
        return Problem(ProblemKind.EMPTY)
    if not all(_of_a_name(character) for character in text):
        return Problem(ProblemKind.CHARACTERS)
    if len(text.encode("gb18030")) > LONGEST_BYTES:
        return Problem(ProblemKind.LENGTH)
    return text


def check_latin_name(name: str) -> str | Problem:
    """A passport's Latin name: upper case, single spaces; letters, space, apostrophe, hyphen."""
    text = " ".join(name.replace(",", " ").split()).upper()
    if not text:
        return Problem(ProblemKind.EMPTY)
    if not re.fullmatch(r"[A-Z][A-Z' -]*", text):
        return Problem(ProblemKind.CHARACTERS)
    return text if len(text) <= LONGEST_BYTES else Problem(ProblemKind.LENGTH)


def _of_a_name(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category in ("Co", "Cn") or character in PUNCTUATION
