"""The language of wire faults: what can go wrong between a device and its host, a row a kind.

A fault is one line: a kind, its value where it has one, and when it happens.

    delay 0.8                     every answer comes 0.8 s late
    drop_last 3 only read         the answer to "read" lacks its last 3 bytes
    unplug after 2                at the third command the plug is pulled instead of an answer
    did_it only reload times 1    one "reload" is carried out and never answered
    none                          all is well

Spoken by every simulator (`go_wrong`), the tests, the dock and the scripts of the bench.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")

LONGEST_S = 3600


class Kind(StrEnum):
    """What goes wrong."""

    NONE = "none"
    SILENCE = "silence"
    DID_IT = "did_it"
    DELAY = "delay"
    DROP_LAST = "drop_last"
    FLIP_BIT = "flip_bit"
    GARBAGE = "garbage"
    NOISE = "noise"
    ECHO = "echo"
    TWICE = "twice"
    HALVES = "halves"
    OTHER = "other"
    DRIP = "drip"
    HALF_OPEN = "half_open"
    UNPLUG = "unplug"
    POWER_CYCLE = "power_cycle"


Value = float | int | bytes | None


@dataclass(frozen=True)
class Row:
    """A kind in words; `read` makes its value of text, none where it has none."""

    meaning: str
    read: Callable[[str], Value] | None = None
    usual: str = ""


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value <= LONGEST_S:
        raise ValueError(f"seconds are 0 to {LONGEST_S}")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError("a count is 0 or more")
    return value


KINDS = {
    Kind.NONE: Row("all is well"),
    Kind.SILENCE: Row("commands are not heard and not answered"),
    Kind.DID_IT: Row("commands are carried out and never answered"),
    Kind.DELAY: Row("answers come so many seconds late", _seconds, "1.0"),
    Kind.DROP_LAST: Row("answers lack their last bytes", _count, "1"),
    Kind.FLIP_BIT: Row("this bit of an answer is wrong, counted from its first", _count, "41"),
    Kind.GARBAGE: Row("these bytes come before each answer", bytes.fromhex, "00ff1337"),
    Kind.NOISE: Row("these bytes come behind each answer", bytes.fromhex, "00ff1337"),
    Kind.ECHO: Row("what was sent comes back before the answer"),
    Kind.TWICE: Row("each answer comes twice"),
    Kind.HALVES: Row("an answer comes in two halves, so many seconds apart", _seconds, "0.1"),
    Kind.OTHER: Row("instead of an answer comes the one before it"),
    Kind.DRIP: Row("answers come byte by byte, so many seconds apart", _seconds, "0.002"),
    Kind.HALF_OPEN: Row("the line is open, and nobody takes what is sent"),
    Kind.UNPLUG: Row("the plug is pulled"),
    Kind.POWER_CYCLE: Row(
        "the device loses its power for a moment, and what it knew: now, and at each command"
    ),
}


@dataclass(frozen=True)
class WireFault:
    """A fault and when it happens.

    `value` is what the kind's row reads: seconds, a count or bytes. `only`: at this command
    (a name of the simulator's; "" for all). `after`: so many such commands go well first.
    `times`: then so many go wrong, all unless told.
    """

    kind: Kind = Kind.NONE
    value: Value = None
    only: str = ""
    after: int = 0
    times: int | None = None

    @property
    def seconds(self) -> float:
        """The value of a kind that counts seconds."""
        return float(self.value) if isinstance(self.value, float | int) else 0.0

    @property
    def count(self) -> int:
        """The value of a kind that counts."""
        return int(self.value) if isinstance(self.value, float | int) else 0

    @property
    def bytes(self) -> bytes:
        """The value of a kind that has bytes."""
        return self.value if isinstance(self.value, bytes) else b""

    def __str__(self) -> str:
        words: list[str] = [self.kind]
        if self.value is not None:
            words.append(self.value.hex() if isinstance(self.value, bytes) else str(self.value))
        if self.only:
            words += ["only", self.only]
        if self.after:
            words += ["after", str(self.after)]
        if self.times is not None:
            words += ["times", str(self.times)]
        return " ".join(words)


SOUND = WireFault()


def parse(text: str) -> WireFault:
    """Give the fault a line of the language names; ValueError says what is wrong with it.

    A kind that has a value may leave it out: then its usual one is taken.
    """
    words = text.split()
    if not words or words[0] not in list(Kind):
        raise ValueError(f"a fault begins with one of: {', '.join(Kind)}")
    kind = Kind(words.pop(0))
    row = KINDS[kind]
    value: Value = None
    if row.read is not None:
        given = words.pop(0) if words and words[0] not in _OPTIONS else row.usual
        value = _read(row.read, given, kind)
    return WireFault(kind, value, **_options(words))


_OPTIONS: dict[str, Callable[[str], Any]] = {"only": str, "after": _count, "times": _count}


def _options(words: list[str]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    while words:
        name = words.pop(0)
        if name not in _OPTIONS or name in options or not words:
            raise ValueError(f"{name!r}: behind a fault come only NAME, after N, times N")
        options[name] = _read(_OPTIONS[name], words.pop(0), name)
    return options


def _read(read: Callable[[str], T], text: str, name: str) -> T:
    try:
        return read(text)
    except ValueError:
        raise ValueError(f"{name}: {text!r} is not possible") from None
