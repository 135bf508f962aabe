"""How a rollout goes on: a pure function of its plan, where it stands, and what was reported.

Groups come one after another and none is left out. A group whose failures are above the error
limit stops the rollout, paused or not, also after its turn; one that has reached the success limit
for the whole soak time lets the next one begin. A group nobody of whom is left to answer has
proven nothing: it pauses the rollout. Stopped and done are for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from central.fleet.records import RolloutState

ALL = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """How many groups; per cent of a group that must commit, and that may fail at most.

    `success + error <= 100`: so a group all of whose kiosks have answered is always decided.
    """

    groups: int
    success: int
    error: int
    soak: timedelta

    def __post_init__(self) -> None:
        if self.groups < 1 or self.soak < timedelta(0):
            raise ValueError("a rollout has a group, and its soak time is not negative")
        if not (0 <= self.error < ALL and 0 < self.success <= ALL - self.error):
            raise ValueError("success is 1 to 100 per cent, and at most 100 less the error limit")


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a rollout stands: `group` counts from 0, -1 before the first one began."""

    state: RolloutState
    group: int = -1
    soaking_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """A group's kiosks: how many there are, have committed, and have failed."""

    total: int
    committed: int
    failed: int


def advance(
    plan: Plan, stand: Stand, begun: Sequence[Tally], now: datetime, *, may_begin: bool = True
) -> Stand:
    """The next stand; the same one while there is nothing to do.

    `begun` are the tallies of the groups begun so far, the current one's last. At most one group
    begins; then its kiosks are given their documents, and its tally decides. `may_begin` is false
    outside the window.
    """
    if stand.state not in {RolloutState.RUNNING, RolloutState.PAUSED}:
        return stand
    if any(is_over_limit(plan, each) for each in begun):
        return replace(stand, state=RolloutState.STOPPED)
    if stand.group >= 0:
        stand = _soaked(plan, stand, begun[-1], now)
        if stand.soaking_since is None or now < stand.soaking_since + plan.soak:
            return stand
    if stand.state is RolloutState.PAUSED:
        return stand
    if stand.group + 1 == plan.groups:
        return replace(stand, state=RolloutState.DONE)
    return Stand(RolloutState.RUNNING, stand.group + 1) if may_begin else stand


def is_over_limit(plan: Plan, tally: Tally) -> bool:
    """Whether more of a group's kiosks failed than may."""
    return tally.failed * ALL > plan.error * tally.total


def _soaked(plan: Plan, stand: Stand, tally: Tally, now: datetime) -> Stand:
    """The stand with the time since which its group is good enough; none while it is not.

    With nobody left to answer it never will be: it is paused for whoever watches it.
    """
    if tally.total == 0:
        return replace(stand, state=RolloutState.PAUSED, soaking_since=None)
    enough = tally.committed * ALL >= plan.success * tally.total
    return replace(stand, soaking_since=(stand.soaking_since or now) if enough else None)
