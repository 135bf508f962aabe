"""How often a caller may ask: token buckets, one a caller and class of routes, in this process.

A device is counted by its identity, anybody else by the address: an IPv4 address, or the /64 of an
IPv6 one. Addresses stay in memory and are written nowhere. Several workers count apart, so at most
`workers` times as much passes. Header fields: draft-ietf-httpapi-ratelimit-headers-10.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv6Address, ip_address

from central.problems import Kind as Problem
from central.problems import ProblemError

MOST_CALLERS = 100_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """`burst` requests at once, then `per_s` a second."""

    per_s: float
    burst: int


class Rate(Enum):
    """The classes of routes. A busy kiosk needs less than one request a second."""

    DEVICE = Allowance(20, 200)
    ANONYMOUS = Allowance(10, 100)
    ENROLMENT = Allowance(10 / 60, 10)
    SIGN_IN = Allowance(0.5, 60)
    CONSOLE = Allowance(50, 500)


class Limits:
    """The buckets. For the event loop's thread; `clock` gives seconds that only rise."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[tuple[Rate, str], tuple[float, float]] = OrderedDict()

    def take(self, rate: Rate, caller: str) -> None:
        """Count one request; `TOO_OFTEN` with the seconds to wait when there is none left.

        Only the callers seen last are kept: who was forgotten begins with a full bucket.
        """
        allowed, now, key = rate.value, self._clock(), (rate, caller)
        tokens, then = self._buckets.pop(key, (float(allowed.burst), now))
        tokens = min(allowed.burst, tokens + (now - then) * allowed.per_s)
        if tokens < 1:
            self._keep(key, tokens, now)
            raise _too_often(rate, (1 - tokens) / allowed.per_s)
        self._keep(key, tokens - 1, now)

    def _keep(self, key: tuple[Rate, str], tokens: float, now: float) -> None:
        self._buckets[key] = (tokens, now)
        if len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)


def address(host: str) -> str:
    """What is counted of an address: all of IPv4, the /64 of IPv6, which one customer has whole."""
    try:
        found = ip_address(host)
    except ValueError:
        return "-"
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or found.exploded[:19])


def _too_often(rate: Rate, wait_s: float) -> ProblemError:
    name, allowed, wait = rate.name.lower(), rate.value, math.ceil(wait_s)
    window = math.ceil(allowed.burst / allowed.per_s)
    headers = {
        "Retry-After": str(wait),
        "RateLimit-Policy": f'"{name}";q={allowed.burst};w={window}',
        "RateLimit": f'"{name}";r=0;t={wait}',
    }
    return ProblemError(Problem.TOO_OFTEN, f"Wait {wait} s.", headers=headers)
