"""How long whoever mistyped a PIN has to wait: five tries are free, then 15 s, doubling.

Pure: the clock is given, in seconds of the calendar, so that the wait goes on over a restart. An id
that nobody has is treated like one that somebody has. Source: VxSuite access control (15 s
doubling after five tries).
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace

FREE = 5
"""So many wrong PINs cost no wait; the last of them begins the first."""
FIRST_S = 15.0
LONGEST_S = 3600.0
"""Whoever types wrong PINs for an attendant keeps them out for an hour, not for ever."""
MOST_IDS = 200
"""Ids of which tries are kept; of more, the strange one that was tried longest ago is forgotten."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong PINs in a row for one id, and when the last was typed (seconds of the calendar)."""

    wrong: int = 0
    last: float = 0.0

    @property
    def wait_s(self) -> float:
        """The whole wait after the last of them."""
        over = self.wrong - FREE
        return min(FIRST_S * 2.0 ** min(over, 20), LONGEST_S) if over >= 0 else 0.0


Table = Mapping[str, Tries]
"""The tries of each id that has any."""


def left_s(table: Table, who: str, now: float) -> float:
    """Seconds until the next try, 0 when it may be now; never more than the whole wait."""
    tries = table.get(who, Tries())
    return max(0.0, min(tries.wait_s, tries.last + tries.wait_s - now))


def rebased(table: Table, now: float) -> Table:
    """The same where the clock went back: what lies in the future was just now.

    Else a clock that was years ahead for a moment would lock an attendant out for years.
    """
    return {who: replace(each, last=min(each.last, now)) for who, each in table.items()}


def wrong(table: Table, who: str, now: float, known: Container[str] = ()) -> Table:
    """After a wrong PIN. One during the wait does not count: nobody is asked for it then.

    `known` are the ids that somebody has: however many strange ones are typed, none of these is
    forgotten.
    """
    if left_s(table, who, now) > 0:
        return table
    after = {**table, who: Tries(table.get(who, Tries()).wrong + 1, now)}
    if len(after) > MOST_IDS:
        strange = [each for each in after if each != who and each not in known]
        for oldest in sorted(strange, key=lambda each: after[each].last)[:1]:
            del after[oldest]
    return after


def right(table: Table, who: str) -> Table:
    """After the right PIN: all tries are free again."""
    return {each: tries for each, tries in table.items() if each != who}
