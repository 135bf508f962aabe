"""Who calls: a device by its client certificate, or, in development, by what it says.

A device's identity is the URI in its certificate, `urn:kiosk:0017`, `urn:station:W3-1`; systems of
the other channels are `urn:app:…` (重庆人社 APP) and `urn:phone:…` (12333).
"""

import re
from typing import Annotated

from fastapi import Depends, Request

from central.audit.records import Actor, Kind
from central.problems import Kind as Problem
from central.problems import ProblemError
from regulation.rules import Channel

HEADER = "X-Device"
_DEVICE = re.compile(r"(kiosk|station|app|phone):([0-9A-Za-z-]{1,32})")

CHANNELS = {Kind.KIOSK: Channel.KIOSK, Kind.APP: Channel.ONLINE, Kind.PHONE: Channel.PHONE}
"""The channel a device's requests come by; stations have none, the window is the console's."""


def _caller(request: Request) -> Actor | None:
    told = request.headers.get(HEADER)
    if told is None:
        return None
    found = _DEVICE.fullmatch(told)
    if found is None:
        raise ProblemError(Problem.DEVICE_UNKNOWN, "Write it as kiosk:0017 or station:W3-1.")
    return Actor(Kind(found[1]), found[2])


Caller = Annotated[Actor | None, Depends(_caller)]
"""The device that calls, as a route's parameter; None where nobody said who they are."""
