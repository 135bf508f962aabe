"""What can be expected to be wrong with what a citizen shows or types: a value, no exception."""

from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """What is wrong. A screen has a sentence and a cure for each."""

    EMPTY = "empty"
    LENGTH = "length"
    CHARACTERS = "characters"
    FIFTEEN_DIGITS = "fifteen_digits"
    BIRTH = "birth"
    CHECK_CHARACTER = "check_character"
    FORMAT = "format"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem, without the text it was found in: it may be logged.

    A problem is false, so `if check_phone(text)` reads as it means.
    """

    kind: ProblemKind

    def __bool__(self) -> bool:
        """Never true."""
        return False
