"""Who calls: a device by its client certificate, or, in development, by what it says.

A device's identity is the URI in its certificate, `urn:kiosk:0017`, `urn:station:W301-1`; systems
of the other channels are `urn:app:…` (重庆人社 APP) and `urn:phone:…` (12333).
"""

import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request

from central.audit.records import Actor, Kind
from central.problems import Kind as Problem
from central.problems import ProblemError
from regulation.rules import Channel

HEADER = "X-Device"
STATE = "caller"
"""Where the gate leaves who calls: in the request's state."""

_DEVICE = re.compile(r"(kiosk|station|app|phone):([0-9A-Za-z-]{1,32})")

CHANNELS = {Kind.KIOSK: Channel.KIOSK, Kind.APP: Channel.ONLINE, Kind.PHONE: Channel.PHONE}
"""The channel a device's requests come by; stations have none, the window is the console's."""


def device(text: str) -> Actor | None:
    """`kiosk:0017` as an actor; None if it names no device. A kiosk has four digits."""
    found = _DEVICE.fullmatch(text)
    if found is None or (found[1] == Kind.KIOSK and not re.fullmatch("[0-9]{4}", found[2])):
        return None
    return Actor(Kind(found[1]), found[2])


def told(text: str | None) -> Actor | None:
    """What a device says of itself in `X-Device`: believed in development alone."""
    if text is None:
        return None
    found = device(text)
    if found is None:
        raise ProblemError(Problem.DEVICE_UNKNOWN, "Write it as kiosk:0017 or station:W301-1.")
    return found


async def _caller(request: Request) -> Actor | None:
    return getattr(request.state, STATE, None)


Caller = Annotated[Actor | None, Depends(_caller)]
"""The device that calls, as a route's parameter; None where nobody said who they are."""


def of(*kinds: Kind) -> Callable[[Actor | None], Coroutine[Any, Any, Actor]]:
    """A dependency that gives a device of these kinds, and refuses everybody else."""

    async def known(caller: Caller) -> Actor:
        if caller is None:
            raise ProblemError(
                Problem.DEVICE_UNKNOWN, f"Come with a client certificate; to try: {HEADER}."
            )
        if caller.kind not in kinds:
            raise ProblemError(Problem.DEVICE_FORBIDDEN)
        return caller

    return known


Device = Annotated[Actor, Depends(of(Kind.KIOSK, Kind.STATION, Kind.APP, Kind.PHONE))]
"""A device, whichever; as a route's parameter."""
Kiosk = Annotated[Actor, Depends(of(Kind.KIOSK))]
"""A kiosk, as a route's parameter."""
Station = Annotated[Actor, Depends(of(Kind.STATION))]
"""A card station, as a route's parameter."""


def act_as(caller: Actor | None, kiosk_id: str) -> None:
    """Refuse a kiosk that names another one as the kiosk it is (`KIOSK_IS_ANOTHER`).

    Where nobody said who they are, in development, the body is believed.
    """
    if caller is not None and caller.kind is Kind.KIOSK and caller.id != kiosk_id:
        raise ProblemError(Problem.KIOSK_IS_ANOTHER)
