"""What a kiosk may be told by the centre while it runs, and which values are possible.

The kiosk takes no other (docs/configuration.md); the centre refuses a bad one while it is written.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from regulation.announcement import some_notice
from regulation.cells import Service
from regulation.timetable import some_days, some_hours

HOTLINE = r"[0-9]{5,12}|0[0-9]{2,3}-[0-9]{7,8}"
PATIENCE = ("reading", "typing", "photo", "result", "warn")
RUNGS = ("take_back", "alarm", "call", "custody")
"""When a thing that still lies there is asked back more urgently: seconds, one after the other."""


@dataclass(frozen=True, slots=True)
class Key:
    """A setting's type, whether a value is possible, and what to write.

    `field` of the kiosk's Settings; "" is `section_key`, and none where there is only one value to
    have. `afar`: a signed configuration may set it while the kiosk runs.
    """

    type: type
    possible: Callable[[Any], bool]
    cure: str
    field: str = ""
    afar: bool = False


def one_of(*values: object) -> Callable[[Any], bool]:
    """Whether a value is one of these."""
    return lambda value: value in values


def some_text(value: str) -> bool:
    """Whether a text says something."""
    return bool(value.strip())


def fault(row: Key, value: object) -> str:
    """What is wrong with a value for a key, and what to write instead; "" when it may be."""
    number = row.type is float and isinstance(value, int) and not isinstance(value, bool)
    if type(value) is not row.type and not number:
        return f"{value!r} has the wrong type; write {row.cure}"
    return "" if row.possible(value) else f"{value!r} is not possible; write {row.cure}"


TEXT = Key(str, some_text, "a text that is not empty")
YES_OR_NO = Key(bool, one_of(True, False), "true or false")
_SECONDS = Key(float, lambda value: 5 <= value <= 3600, "seconds, 5 to 3600")
_RUNG = Key(float, lambda value: 1 <= value <= 3600, "seconds, 1 to 3600")


def _texts(values: list[object]) -> bool:
    return all(isinstance(each, str) and each.strip() for each in values)


def _hotlines(values: Mapping[str, object]) -> bool:
    return all(isinstance(each, str) and re.fullmatch(HOTLINE, each) for each in values.values())


_ROWS: dict[str, Key] = {
    "kiosk.site": replace(TEXT, field="site"),
    "screen.language": Key(str, one_of("zh_CN", "en"), '"zh_CN" or "en"', "language"),
    "social_card.card_left": Key(str, one_of("retain", "keep"), '"retain" or "keep"'),
    "social_card.profile": Key(str, some_text, "a table of profiles/social_card.toml"),
    "sound.volume": Key(int, lambda v: 10 <= v <= 100, "per cent, 10 to 100"),
    "service.window": replace(TEXT, field="window"),
    "service.hours": Key(
        list,
        lambda v: all(isinstance(each, str) and some_hours(each) for each in v),
        'a list of hours, such as "08:30-12:00" or "mo-fr 08:30-12:00", or [] for always',
        "hours",
    ),
    "service.days": Key(
        dict,
        some_days,
        'days such as "2026-10-01" or "2026-10-01/2026-10-07" = "closed", "as mo" or hours',
        "days",
    ),
    "service.notice": Key(
        dict,
        some_notice,
        "{} or zh (36 characters), en (72), and from and until (2026-12-01T08:00)",
        "notice",
    ),
    "service.off": Key(
        list,
        lambda v: all(each in tuple(Service) for each in v),
        f"a list of services, of {', '.join(Service)}",
        "off",
    ),
    "service.banks": Key(
        list, lambda v: bool(v) and _texts(v), "a list of names of banks, at least one", "banks"
    ),
    "service.hotlines": Key(
        dict,
        _hotlines,
        'each bank by its name and its telephone, such as "中国银行" = "95566"',
        "hotlines",
    ),
    "service.release_needs_card": replace(YES_OR_NO, field="release_needs_card"),
    **{f"patience.{name}": _SECONDS for name in PATIENCE},
    **{f"patience.{name}": _RUNG for name in RUNGS},
}

AFAR: Mapping[str, Key] = {name: replace(row, afar=True) for name, row in _ROWS.items()}
"""By `section.key`."""


def faults(settings: Mapping[str, object]) -> list[str]:
    """What is wrong with settings, each with its name and cure.

    A name that is not here says nothing: the kiosk's program may be a newer one, and judges it.
    """
    wrong = {name: fault(AFAR[name], value) for name, value in settings.items() if name in AFAR}
    return [f"settings.{name}: {why}" for name, why in wrong.items() if why]
